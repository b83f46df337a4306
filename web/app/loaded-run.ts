import type { ScenarioResult, TablesFilm } from '../../src/index.ts';
import { type Clock, clockOf } from '../time/clock.ts';
import type { RunData, RunReply } from '../worker/protocol.ts';

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

/** A run with what has just come of it; undefined while there is none. */
export function withReply(known: LoadedRun | undefined, reply: RunReply): LoadedRun | undefined {
  if (reply.kind === 'run') return loadedRun(reply.run);
  if (!known) return undefined;
  switch (reply.kind) {
    case 'digest':
      return { ...known, digest: reply.digest };
    case 'tables':
      return { ...known, tables: reply.tables };
    case 'verdict':
      return { ...known, verdict: reply.verdict, complete: true };
    default:
      return known;
  }
}
