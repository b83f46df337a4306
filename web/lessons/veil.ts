import type { Draft, Film, Journey, TablesFilm } from '../../src/index.ts';
import type { LoadedRun } from '../app/loaded-run.ts';

/** Stands for a record that is not shown yet. */
const LATER = Number.MAX_SAFE_INTEGER;

let last: { readonly run: LoadedRun; readonly seq: number; readonly cut: LoadedRun } | null = null;

/**
 * A run as if it had ended with record `seq`: what comes later, and what is only known by what
 * comes later, is not in it.
 */
export function veiled(run: LoadedRun, seq: number): LoadedRun {
  if (last?.run === run && last.seq === seq) return last.cut;
  const cut = cutAfter(run, seq);
  last = { run, seq, cut };
  return cut;
}

function cutAfter(run: LoadedRun, seq: number): LoadedRun {
  const { data, clock, verdicts, stepStart, tables } = run;
  const start = clock.start.slice(0, seq + 1);
  const end = clock.end.slice(0, seq + 1);
  return {
    ...run,
    data: {
      ...data,
      trace: data.trace.slice(0, seq + 1),
      film: filmUpTo(data.film, seq),
      findings: [],
      isolated: true,
      works: true,
      end: 'done',
    },
    clock: { start, end, total: end[end.length - 1] ?? 0 },
    digest: '',
    tables: tables && tablesUpTo(tables, seq),
    verdict: null,
    verdicts: verdicts.filter(at => at <= seq),
    stepStart: stepStart.map(at => (at > seq ? -1 : at)),
  };
}

function filmUpTo(film: Film, seq: number): Film {
  const begun = <T extends { readonly id: number }>(list: readonly T[]): T[] =>
    list.filter(({ id }) => id <= seq);
  return {
    stepOf: film.stepOf.slice(0, seq + 1),
    journeyOf: film.journeyOf.slice(0, seq + 1),
    journeys: begun(film.journeys).map(journey => journeyUpTo(journey, seq)),
    drafts: begun(film.drafts).map(draft => draftUpTo(draft, seq)),
    refusals: film.refusals.filter(refusal => refusal.seq <= seq),
    violations: [],
  };
}

/** A message on its way has no fate yet. */
function journeyUpTo(journey: Journey, seq: number): Journey {
  const marks = journey.marks.filter(mark => mark.seq <= seq);
  const isSent = journey.emitSeq <= seq;
  const known = {
    ...journey,
    marks,
    rules: [],
    emitSeq: isSent ? journey.emitSeq : -1,
    message: isSent ? journey.message : null,
  };
  if (journey.fateSeq <= seq && journey.endSeq <= seq) return known;
  return { ...known, fate: 'nothing', fateSeq: LATER, endSeq: LATER };
}

const draftUpTo = (draft: Draft, seq: number): Draft => ({
  ...draft,
  stages: draft.stages.filter(stage => stage.seq <= seq),
  endSeq: draft.endSeq > seq ? -1 : draft.endSeq,
});

const tablesUpTo = (tables: TablesFilm, seq: number): TablesFilm => ({
  ...tables,
  changes: tables.changes.filter(change => change.seq <= seq),
});
