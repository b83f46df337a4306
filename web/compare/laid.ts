import {
  type Alignment,
  alignRuns,
  type Likeness,
  partingSentence,
  rowSentence,
  type SideNames,
  type Summary,
  summaryOf,
} from '../../src/index.ts';
import type { LoadedRun } from '../app/loaded-run.ts';
import { COMPARE } from '../i18n/en-compare.ts';
import type { Clock } from '../time/clock.ts';
import { pairClock } from './pair-clock.ts';
import type { Face } from './state.ts';

/** Two runs laid side by side, with everything that is said about them. */
export interface Laid {
  readonly a: LoadedRun;
  readonly b: LoadedRun;
  readonly alignment: Alignment;
  readonly clock: Clock;
  readonly like: Likeness;
  /** What distinguishes the two; empty where nothing does. */
  readonly names: Readonly<Record<Face, string>>;
  readonly summary: Summary;
  /** Rows in which something is decided, and those in which something goes wrong; ascending. */
  readonly verdicts: readonly number[];
  readonly violations: readonly number[];
  /** Where they part, in a sentence; null where they never do. */
  readonly parting: string | null;
}

const saidOf = (names: Laid['names']): SideNames => ({
  a: COMPARE.named('a', names.a),
  b: COMPARE.named('b', names.b),
});

export const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Lays two runs side by side. */
export function lay(
  runs: { readonly a: LoadedRun; readonly b: LoadedRun },
  how: { readonly like: Likeness; readonly names: Laid['names'] },
): Laid {
  const { a, b } = runs;
  const alignment = alignRuns(a.data, b.data, how.like);
  const rowsWith = (ofA: readonly number[], ofB: readonly number[]): number[] => {
    const [inA, inB] = [new Set(ofA), new Set(ofB)];
    return alignment.rows.flatMap((row, i) => (inA.has(row.a) || inB.has(row.b) ? [i] : []));
  };
  const parting = partingSentence(a.data, b.data, { alignment, names: saidOf(how.names) });
  return {
    a,
    b,
    alignment,
    clock: pairClock(alignment, { a: a.clock, b: b.clock }),
    like: how.like,
    names: how.names,
    summary: summaryOf(a.data, b.data),
    verdicts: rowsWith(a.verdicts, b.verdicts),
    violations: rowsWith(a.data.film.violations, b.data.film.violations),
    parting: parting === null ? null : capitalised(parting),
  };
}

/** What happens in a row; at the beginning, what to do. */
export function sentenceOf({ a, b, alignment, names }: Laid, at: number): string {
  const row = alignment.rows[at];
  if (!row) return COMPARE.beginning;
  return capitalised(rowSentence(a.data, b.data, { row, names: saidOf(names) }));
}

/** Whether a row shows nothing new: that a step is done is worth no stop. */
export function isSilent({ a, b, alignment }: Laid, at: number): boolean {
  const { kind, ...row } = alignment.rows[at];
  const records = [a.data.trace[row.a], b.data.trace[row.b]];
  return (
    kind === 'alike' &&
    records.every(record => record === undefined || (record.act === 'result' && !record.error))
  );
}
