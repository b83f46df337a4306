import type { Timing } from './measure.ts';

/** A goal of speed: what is compared, and the figures to reach. */
export interface Goal {
  readonly id: string;
  /** Goals that are measured together by the name of their suite. */
  readonly suite: 'engine' | 'runner' | 'explore';
  readonly title: string;
  readonly measure: () => Outcome;
}

/** What a goal's measurement gave. `left-out`: something it needs is not on this machine. */
export type Outcome = Measured | { readonly verdict: 'left-out'; readonly why: string };

export interface Measured {
  readonly verdict: 'met' | 'missed';
  readonly figures: readonly Figure[];
  readonly timings: readonly Timing[];
}

/** A number with its limit. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly limit: string;
  readonly met: boolean;
}

/** A number that must reach `limit`. */
export const atLeast = (name: string, value: number, limit: number): Figure => ({
  name,
  value,
  limit: `>= ${limit}`,
  met: value >= limit,
});

/** A number that must not pass `limit`. */
export const atMost = (name: string, value: number, limit: number): Figure => ({
  name,
  value,
  limit: `<= ${limit}`,
  met: value <= limit,
});

/** Figures and the timings they come from; met when every figure is. */
export const measured = (figures: readonly Figure[], timings: readonly Timing[]): Measured => ({
  verdict: figures.every(({ met }) => met) ? 'met' : 'missed',
  figures,
  timings,
});
