import type { Timing } from './measure.ts';

/** A goal of speed: what is compared, and the ratio to reach. */
export interface Goal {
  readonly id: string;
  readonly title: string;
  readonly measure: () => Outcome;
}

/** What a goal's measurement gave. `left-out`: something it needs is not on this machine. */
export type Outcome = Measured | { readonly verdict: 'left-out'; readonly why: string };

export interface Measured {
  readonly verdict: 'met' | 'missed';
  readonly ratio: number;
  readonly limit: string;
  readonly timings: readonly Timing[];
}

/** A ratio that must reach `limit`. */
export const atLeast = (limit: number, ratio: number, timings: readonly Timing[]): Measured => ({
  verdict: ratio >= limit ? 'met' : 'missed',
  ratio,
  limit: `>= ${limit}`,
  timings,
});

/** A ratio that must not pass `limit`. */
export const atMost = (limit: number, ratio: number, timings: readonly Timing[]): Measured => ({
  verdict: ratio <= limit ? 'met' : 'missed',
  ratio,
  limit: `<= ${limit}`,
  timings,
});
