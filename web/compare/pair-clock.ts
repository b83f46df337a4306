import type { Alignment } from '../../src/index.ts';
import { type Clock, restAt, shareAt } from '../time/clock.ts';

/** Presentation times of two runs laid side by side: a row takes as long as the slower of its two. */
export function pairClock(
  { rows }: Alignment,
  clocks: { readonly a: Clock; readonly b: Clock },
): Clock {
  const lengthOf = (clock: Clock, seq: number): number =>
    seq < 0 ? 0 : clock.end[seq] - clock.start[seq];
  const start: number[] = [];
  const end: number[] = [];
  let now = 0;
  for (const { a, b } of rows) {
    start.push(now);
    now += Math.max(lengthOf(clocks.a, a), lengthOf(clocks.b, b));
    end.push(now);
  }
  return { start, end, total: now };
}

/** Where one of two runs is, while both go on together. */
export interface SideMoment {
  readonly seq: number;
  readonly timeMs: number;
}

/**
 * Where the runs are at a moment of their common clock, `row` being shown: a run that has nothing
 * in the row rests where it was.
 */
export function momentsAt(
  { rows, upTo }: Alignment,
  clocks: { readonly pair: Clock; readonly a: Clock; readonly b: Clock },
  at: { readonly row: number; readonly timeMs: number },
): { readonly a: SideMoment; readonly b: SideMoment } {
  const share = at.row < 0 ? 1 : shareAt(clocks.pair, at.row, at.timeMs);
  const moment = (clock: Clock, side: 'a' | 'b'): SideMoment => {
    const seq = upTo[at.row]?.[side] ?? -1;
    const moves = at.row >= 0 && rows[at.row][side] >= 0;
    const rest = restAt(clock, seq);
    if (!moves) return { seq, timeMs: rest };
    return { seq, timeMs: clock.start[seq] + share * (rest - clock.start[seq]) };
  };
  return { a: moment(clocks.a, 'a'), b: moment(clocks.b, 'b') };
}
