/**
 * What was found out once, kept by the parts of a world it depended on. An event looks at parts in
 * an order that depends on nothing but what it has seen so far, so one tree of questions an event
 * tells whether two worlds are the same to it.
 */
export interface Memo<T> {
  /** What is known for a world; undefined where nothing is. */
  find(event: number, vector: Uint32Array): T | undefined;
  /** Keeps what was found out in a world by looking at these parts, in this order. */
  keep(event: number, vector: Uint32Array, looked: readonly number[], value: T): void;
}

interface Question<T> {
  readonly part: number;
  readonly answers: Map<number, Question<T> | Answer<T>>;
}

interface Answer<T> {
  readonly part: -1;
  readonly value: T;
}

/** A memo that knows nothing. */
export function createMemo<T>(): Memo<T> {
  const roots = new Map<number, Question<T> | Answer<T>>();
  return {
    find(event, vector) {
      let node = roots.get(event);
      while (node !== undefined && node.part >= 0)
        node = (node as Question<T>).answers.get(vector[node.part]);
      return node === undefined ? undefined : (node as Answer<T>).value;
    },
    keep(event, vector, looked, value) {
      const answer: Answer<T> = { part: -1, value };
      if (looked.length === 0) {
        roots.set(event, answer);
        return;
      }
      let node = (roots.get(event) ?? question(looked[0])) as Question<T>;
      roots.set(event, node);
      for (const [i, part] of looked.entries()) {
        if (node.part !== part) throw new Error(`an event looked at part ${part} out of turn`);
        const last = i === looked.length - 1;
        const next = node.answers.get(vector[part]) ?? (last ? answer : question(looked[i + 1]));
        node.answers.set(vector[part], next);
        node = next as Question<T>;
      }
    },
  };
}

const question = <T>(part: number): Question<T> => ({ part, answers: new Map() });
