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

/**
 * A question, or the answer where `part` is negative. Most questions have had one answer only:
 * that one is beside the question, and the others in a map.
 */
interface Node<T> {
  readonly part: number;
  readonly value: T | undefined;
  firstAnswer: number;
  first: Node<T> | undefined;
  others: Map<number, Node<T>> | undefined;
}

const ANSWERED = -1;
const NO_ANSWER = -1;

const node = <T>(part: number, value: T | undefined): Node<T> => ({
  part,
  value,
  firstAnswer: NO_ANSWER,
  first: undefined,
  others: undefined,
});

function next<T>(question: Node<T>, answer: number): Node<T> | undefined {
  return answer === question.firstAnswer ? question.first : question.others?.get(answer);
}

function add<T>(question: Node<T>, answer: number, to: Node<T>): void {
  if (question.firstAnswer === NO_ANSWER) {
    question.firstAnswer = answer;
    question.first = to;
    return;
  }
  question.others ??= new Map();
  question.others.set(answer, to);
}

export function createMemo<T>(): Memo<T> {
  const roots: (Node<T> | undefined)[] = [];
  return {
    find(event, vector) {
      let at = roots[event];
      while (at !== undefined && at.part !== ANSWERED) at = next(at, vector[at.part]);
      return at?.value;
    },
    keep(event, vector, looked, value) {
      if (looked.length === 0) {
        roots[event] = node(ANSWERED, value);
        return;
      }
      let at = roots[event] ?? node<T>(looked[0], undefined);
      roots[event] = at;
      for (const [i, part] of looked.entries()) {
        if (at.part !== part) throw new Error(`an event looked at part ${part} out of turn`);
        const known = next(at, vector[part]);
        const last = i === looked.length - 1;
        const to = known ?? (last ? node(ANSWERED, value) : node<T>(looked[i + 1], undefined));
        if (!known) add(at, vector[part], to);
        at = to;
      }
    },
  };
}
