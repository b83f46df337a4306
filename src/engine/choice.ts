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

/** All sequences of answers in lexicographic order, beginning with `start` and zeros after it. */
export function createChoices(start: readonly number[] = []): Choices {
  const answers: number[] = [...start];
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
      while (answers.length > 0 && answers[answers.length - 1] + 1 >= limits[answers.length - 1])
        answers.pop();
      position = 0;
      if (answers.length === 0) return false;
      answers[answers.length - 1]++;
      return true;
    },
  };
}
