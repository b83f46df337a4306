import type { Cell, Likeness } from '../../src/index.ts';

/** The run that is laid beside the one of the place. */
export interface OtherRun {
  /** Name of a shipped scenario; empty for the text that is open. */
  readonly scenario: string;
  /** Null: the first variant. */
  readonly cell: Cell | null;
  readonly branch: string;
}

/** Two runs side by side, and where they stand. */
export interface Compared {
  readonly other: OtherRun;
  /** The row of both runs that is shown, -1 before the first; null: where they part. */
  readonly row: number | null;
  readonly like: Likeness;
}

/** Which of two runs. */
export type Face = 'a' | 'b';

export const LIKENESSES: readonly Likeness[] = ['bits', 'outcome', 'kind'];
export const FIRST_LIKENESS: Likeness = 'bits';

/** A comparison that has just been opened. */
export const comparedWith = (other: OtherRun): Compared => ({
  other,
  row: null,
  like: FIRST_LIKENESS,
});
