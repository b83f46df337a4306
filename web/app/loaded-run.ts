import type { ScenarioResult, TablesFilm } from '../../src/index.ts';
import { type Clock, clockOf } from '../time/clock.ts';
import type { RunData } from '../worker/protocol.ts';

/** A run as the page keeps it, with what came later. */
export interface LoadedRun {
  readonly data: RunData;
  readonly clock: Clock;
  /** In a few letters, for links; empty until it has come. */
  readonly digest: string;
  readonly tables: TablesFilm | null;
  readonly verdict: ScenarioResult | null;
  /** Everything has come; a run in which bits were turned over has no verdict. */
  readonly complete: boolean;
  /** Records with a verdict: fates of messages and refusals, ascending. */
  readonly verdicts: readonly number[];
  /** First record of every step, by step; -1 for one that was not reached. */
  readonly stepStart: readonly number[];
}

/** A run that has just come. */
export function loadedRun(data: RunData): LoadedRun {
  const { film, trace, steps } = data;
  const stepStart: number[] = new Array(steps.length).fill(-1);
  for (const record of trace)
    if (record.act === 'step' && stepStart[record.step] < 0) stepStart[record.step] = record.seq;
  const verdicts = [
    ...film.journeys.map(({ fateSeq }) => fateSeq),
    ...film.refusals.map(({ seq }) => seq),
  ];
  return {
    data,
    clock: clockOf(trace),
    digest: '',
    tables: null,
    verdict: null,
    complete: false,
    verdicts: [...new Set(verdicts)].sort((a, b) => a - b),
    stepStart,
  };
}
