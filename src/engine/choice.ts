/**
 * The one door of choice. Asked again and again for a number below `n`, it walks through every
 * sequence of answers, one sequence a run.
 */
export interface Choices {
  readonly pick: (n: number, label: string) => number;
  /** Answers given in this run so far. */
  readonly taken: () => number[];
  /** Moves on to the next sequence of answers; false when all have been given. */
  readonly advance: () => boolean;
}

/** All sequences of answers that begin with `pinned`, in lexicographic order. */
export function createChoices(pinned: readonly number[] = []): Choices {
  const answers: number[] = [...pinned];
  const limits: number[] = [];
  let position = 0;
  return {
    pick(n, label) {
      if (n < 1) throw new RangeError(`nothing to choose from: ${label}`);
      if (position === answers.length) answers.push(0);
      const answer = answers[position];
      if (answer >= n) throw new RangeError(`choice ${position} (${label}) is below ${n}`);
      limits[position] = n;
      position++;
      return answer;
    },
    taken: () => answers.slice(0, position),
    advance() {
      answers.length = position;
      const isLast = (at: number): boolean => answers[at] + 1 >= limits[at];
      while (answers.length > pinned.length && isLast(answers.length - 1)) answers.pop();
      position = 0;
      if (answers.length <= pinned.length) return false;
      answers[answers.length - 1]++;
      return true;
    },
  };
}

/** The same answers as before, as far as as many are asked for; then the first one, always. */
export function sameAnswers(answers: readonly number[]): (n: number, label: string) => number {
  let position = 0;
  return n => Math.min(answers[position++] ?? 0, n - 1);
}
