import type { Cell, ScenarioResult, TablesFilm } from '../../src/index.ts';
import { type Clock, clockOf } from '../time/clock.ts';
import type { Client } from '../worker/client.ts';
import type { Reply, RunData, Source } from '../worker/protocol.ts';
import { sourceOf } from './scenarios.ts';
import { type Branch, MAIN } from './state.ts';
import type { Store } from './store.ts';

/** A run as the page keeps it, with what came later. */
export interface LoadedRun {
  readonly data: RunData;
  readonly clock: Clock;
  readonly tables: TablesFilm | null;
  readonly verdict: ScenarioResult | null;
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
    tables: null,
    verdict: null,
    verdicts: [...new Set(verdicts)].sort((a, b) => a - b),
    stepStart,
  };
}

/** A scenario to look at. */
export interface Wanted {
  readonly scenario: string;
  readonly cell: Cell | null;
  /** Its text, where it is not a shipped one. */
  readonly source?: Source;
  /** Stay at the place the link names, rather than going to the beginning. */
  readonly keep?: true;
}

/** The runs of the current scenario: as written, and its branches. */
export interface Runs {
  /** The run the page looks at; the last good one while another is loading. */
  current(): LoadedRun | null;
  open(what: Wanted): void;
  /** Looks at nothing. */
  close(): void;
  setBranch(branch: string): void;
  /** Runs the current scenario with one more check switched off, as a branch; null if it failed. */
  without(
    rule: string,
    hear: (other: { readonly run: LoadedRun; readonly branch: string } | null) => void,
  ): void;
}

/** Branch of a list of checks that are off. */
const branchId = (off: readonly string[]): string =>
  off.length === 0 ? MAIN : `off:${off.join('+')}`;

/** The checks a branch has switched off, by its name in a link. */
const offOf = (branch: string): string[] =>
  branch.startsWith('off:') ? branch.slice('off:'.length).split('+') : [];

export function createRuns(
  store: Store,
  client: Client,
  /** Told when another run is to be shown. */
  shown: () => void,
): Runs {
  const runs = new Map<string, LoadedRun>();
  let last: LoadedRun | null = null;
  let source: Source | null = null;
  let opened = 0;

  const arrived = (): void =>
    store.change(draft => {
      draft.arrivals++;
    });
  const current = (): LoadedRun | null => {
    last = runs.get(store.state().place.branch) ?? last;
    return last;
  };

  /** Keeps what comes for a branch; tells of the run itself. */
  const ask = (
    at: { readonly cell: Cell | null; readonly branch: string; readonly turn: number },
    hear: (reply: Extract<Reply, { kind: 'run' | 'problems' | 'crash' }>) => void,
  ): void => {
    if (!source) return;
    client.ask({ source, cell: at.cell, change: { off: offOf(at.branch) } }, reply => {
      if (at.turn !== opened) return;
      const known = runs.get(at.branch);
      if (reply.kind === 'run') runs.set(at.branch, loadedRun(reply.run));
      if (reply.kind === 'tables' && known) runs.set(at.branch, { ...known, tables: reply.tables });
      if (reply.kind === 'verdict' && known)
        runs.set(at.branch, { ...known, verdict: reply.verdict });
      if (reply.kind === 'tables' || reply.kind === 'verdict') arrived();
      else hear(reply);
    });
  };

  const addBranch = (id: string): void => {
    const { branches, place } = store.state();
    if (branches.some(branch => branch.id === id)) return;
    const branch: Branch = { id, parent: place.branch, seq: place.seq, off: offOf(id) };
    store.change(draft => {
      draft.branches.push({ ...branch, off: [...branch.off] });
    });
  };

  const take = (reply: Extract<Reply, { kind: 'run' | 'problems' | 'crash' }>): void => {
    store.change(draft => {
      if (reply.kind === 'problems')
        draft.load = { kind: 'problems', problems: [...reply.problems] };
      if (reply.kind === 'crash') draft.load = { kind: 'crash', message: reply.message };
      if (reply.kind !== 'run') return;
      draft.load = { kind: 'ready' };
      draft.place.cell = reply.run.cell;
      draft.place.seq = Math.max(-1, Math.min(draft.place.seq, reply.run.trace.length - 1));
      draft.arrivals++;
    });
    if (reply.kind === 'run') shown();
  };

  const open: Runs['open'] = ({ scenario, cell, source: given, keep }) => {
    const turn = ++opened;
    const { branch } = store.state().place;
    const wanted = keep ? branch : MAIN;
    store.change(draft => {
      draft.load = { kind: 'loading' };
      draft.place.scenario = scenario;
      draft.place.cell = cell;
      draft.place.branch = wanted;
      draft.playing = false;
      draft.cellPath = null;
      draft.branches.length = 1;
      if (keep) return;
      draft.place.seq = -1;
      draft.place.pin = null;
      draft.bookmarks = [];
    });
    runs.clear();
    (given ? Promise.resolve(given) : sourceOf(scenario)).then(
      found => {
        if (turn !== opened) return;
        source = found;
        if (wanted !== MAIN) addBranch(wanted);
        ask({ cell, branch: wanted, turn }, take);
      },
      (error: unknown) => {
        if (turn === opened) take({ id: 0, kind: 'crash', message: String(error) });
      },
    );
  };

  return {
    current,
    open,
    close() {
      opened++;
      runs.clear();
      last = null;
      store.change(draft => {
        draft.load = { kind: 'none' };
      });
    },
    setBranch(branch) {
      const { cell } = store.state().place;
      store.change(draft => {
        draft.place.branch = branch;
        draft.place.pin = null;
        const length = runs.get(branch)?.data.trace.length;
        if (length !== undefined) draft.place.seq = Math.min(draft.place.seq, length - 1);
      });
      if (!runs.has(branch)) ask({ cell, branch, turn: opened }, take);
      else shown();
    },
    without(rule, hear) {
      const { place } = store.state();
      const branch = branchId([...new Set([...offOf(place.branch), rule])]);
      ask({ cell: place.cell, branch, turn: opened }, reply => {
        const run = runs.get(branch);
        if (reply.kind !== 'run' || !run) return hear(null);
        addBranch(branch);
        hear({ run, branch });
      });
    },
  };
}
