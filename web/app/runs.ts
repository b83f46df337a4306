import { castDraft } from 'immer';
import { type Cell, firstDifference, sameDigest } from '../../src/index.ts';
import { branchId, changeOf, withOff } from '../branches/change.ts';
import { sameMoment } from '../branches/moments.ts';
import { within } from '../embed/settings.ts';
import { NO_LESSON } from '../lessons/state.ts';
import { veiled } from '../lessons/veil.ts';
import { pack } from '../share/pack.ts';
import type { Client } from '../worker/client.ts';
import type { Attempt, Change, RunReply, Source } from '../worker/protocol.ts';
import { type LoadedRun, withReply } from './loaded-run.ts';
import type { Found, Sources } from './sources.ts';
import { type LinkTrouble, MAIN } from './state.ts';
import type { Store } from './store.ts';

export { type LoadedRun, loadedRun } from './loaded-run.ts';

/** A scenario to look at. */
export interface Wanted {
  readonly scenario: string;
  readonly cell: Cell | null;
  /** Its text, where it is not a shipped one. */
  readonly source?: Source;
  /** Stay at the place the link names, rather than going to the beginning. */
  readonly keep?: true;
}

/** Another run of the current scenario, and the branch it is. */
export interface BranchRun {
  readonly run: LoadedRun;
  readonly branch: string;
}

/** The runs of the current scenario: as written, and its branches. */
export interface Runs {
  /**
   * The run the page looks at, as far as it is shown; the last good one while another is loading.
   */
  current(): LoadedRun | null;
  /** The text it is a run of, also where that can’t be run. */
  source(): Source | null;
  /** The text before anybody changed it; null where nobody knows. */
  original(): string | null;
  open(what: Wanted): void;
  /** Counts the texts that did not come from the editor: it has to show them. */
  outside(): number;
  /**
   * The scenario has another text now: typed, taken back, or, since its file was changed, the one
   * it has when nobody edits it.
   */
  edit(text: string, from: 'editor' | 'outside' | 'file'): void;
  /** Looks at nothing. */
  close(): void;
  /** Looks at a branch, at the moment that is the same as the one looked at now. */
  setBranch(branch: string): void;
  /** A run of the current scenario by its branch; null while it is not there. */
  of(branch: string): LoadedRun | null;
  /** Runs the current scenario with other changes, as a branch; null if it failed. */
  fork(change: Change, hear: (other: BranchRun | null) => void): void;
  /** Runs a learner’s answer to a task, and shows it in place of the run as written. */
  tryOut(attempt: Attempt, hear: (reply: RunReply) => void): void;
  /** `fork`, with one more check switched off. */
  without(rule: string, hear: (other: BranchRun | null) => void): void;
}

/** Branch of what a learner tried: no link leads there. */
export const TRIED = 'tried';

type Answer = Extract<RunReply, { kind: 'run' | 'problems' | 'crash' }>;

/** A branch that is asked for, as one of the scenarios opened so far. */
interface Asked {
  readonly branch: string;
  readonly turn: number;
}

export function createRuns(
  store: Store,
  from: { readonly client: Client; readonly sources: Sources },
  /** Told when another run is to be shown. */
  shown: () => void,
): Runs {
  const { client, sources } = from;
  const runs = new Map<string, LoadedRun>();
  let last: LoadedRun | null = null;
  let found: Found | null = null;
  let opened = 0;
  let outside = 0;

  const whole = (): LoadedRun | null => {
    last = runs.get(store.state().place.branch) ?? last;
    return last;
  };
  const current = (): LoadedRun | null => {
    const run = whole();
    const { veil } = store.state();
    return run && veil !== null ? veiled(run, veil) : run;
  };

  /** The run as it is now, compared with what a link says of it. */
  const takeDigest = (branch: string, digest: string): void =>
    store.change(draft => {
      const { place } = draft;
      if (place.branch !== branch) return;
      if (place.digest !== '' && !sameDigest(place.digest, digest))
        draft.drift = { step: firstDifference(place.digest, digest) };
      else place.digest = digest;
    });

  const keep = (branch: string, reply: RunReply): void => {
    const run = withReply(runs.get(branch), reply);
    if (run) runs.set(branch, run);
  };

  const arrived = (): void =>
    store.change(draft => {
      draft.arrivals++;
    });

  /** Keeps what comes for a branch; tells of the run itself. */
  const ask = ({ branch, turn }: Asked, hear: (reply: Answer) => void): void => {
    if (!found) return;
    const { source, seed } = found;
    const { cell } = store.state().place;
    client.ask({ source, cell, seed, change: changeOf(branch) }, reply => {
      if (turn !== opened) return;
      keep(branch, reply);
      if (reply.kind === 'digest') takeDigest(branch, reply.digest);
      else if (reply.kind === 'tables' || reply.kind === 'verdict') arrived();
      else hear(reply);
    });
  };

  const addBranch = (id: string): void => {
    const { off, flips } = changeOf(id);
    if (store.state().branches.some(branch => branch.id === id)) return;
    store.change(draft => {
      draft.branches.push({ id, off: [...off], flips: [...flips] });
    });
  };

  const take = (reply: Answer): void => {
    store.change(draft => {
      if (reply.kind === 'problems')
        draft.load = { kind: 'problems', problems: [...reply.problems] };
      if (reply.kind === 'crash') draft.load = { kind: 'crash', message: reply.message };
      if (reply.kind !== 'run') return;
      draft.load = { kind: 'ready' };
      draft.place.cell = reply.run.cell;
      draft.place.seq = within(draft.range, reply.run.trace.length, draft.place.seq);
      draft.arrivals++;
    });
    if (reply.kind === 'run') shown();
  };

  /** Runs what was found, in place of all before it. */
  const start = (what: Found, turn: number): void => {
    found = what;
    runs.clear();
    const { branch } = store.state().place;
    ask({ branch, turn }, take);
    if (branch === MAIN) return;
    addBranch(branch);
    // What it was forked from, for the tree.
    ask({ branch: MAIN, turn }, arrived);
  };

  const openPlace = async (turn: number, given: Source | undefined): Promise<void> => {
    const { scenario, packed } = store.state().place;
    const what: Found | LinkTrouble = given
      ? { source: given, original: null, seed: null }
      : await sources.find(scenario, packed);
    const inLink = given ? await pack(given.text) : packed;
    if (turn !== opened) return;
    store.change(draft => {
      draft.place.packed = inLink;
    });
    if (typeof what !== 'string') {
      outside++;
      start(what, turn);
    } else
      store.change(draft => {
        draft.load = { kind: 'link', why: what };
      });
  };

  const fork: Runs['fork'] = (change, hear) => {
    const branch = branchId(change);
    ask({ branch, turn: opened }, reply => {
      const run = runs.get(branch);
      if (reply.kind !== 'run' || !run) return hear(null);
      addBranch(branch);
      hear({ run, branch });
    });
  };

  return {
    current,
    fork,
    source: () => found?.source ?? null,
    original: () => found?.original ?? null,
    outside: () => outside,
    open({ scenario, cell, source, keep: stay }) {
      const turn = ++opened;
      client.forget();
      store.change(draft => {
        const { place } = draft;
        draft.load = { kind: 'loading' };
        draft.playing = false;
        draft.cellPath = null;
        draft.drift = null;
        draft.branches.length = 1;
        place.cell = cell;
        if (stay) return;
        draft.veil = null;
        draft.lesson = castDraft(NO_LESSON);
        Object.assign(place, { sheet: 'run', part: 0, compared: null });
        Object.assign(place, { branch: MAIN, digest: '', seq: -1, pin: null });
        if (place.scenario !== scenario) Object.assign(place, { packed: '', title: '' });
        place.scenario = scenario;
        draft.bookmarks = [];
      });
      openPlace(turn, source).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (turn === opened) take({ id: 0, kind: 'crash', message });
      });
    },
    edit(text, by) {
      const before = found;
      if (!before || before.source.text === text) return;
      const turn = ++opened;
      client.forget();
      store.change(draft => {
        draft.load = { kind: 'loading' };
        draft.playing = false;
        draft.drift = null;
        draft.branches.length = 1;
        draft.place.branch = MAIN;
        draft.place.digest = '';
      });
      const original = by === 'file' ? text : before.original;
      void Promise.all([
        sources.of(before.source.file, text),
        text === original ? '' : pack(text),
      ]).then(([source, packed]) => {
        if (turn !== opened) return;
        store.change(draft => {
          draft.place.packed = packed;
        });
        if (by !== 'editor') outside++;
        start({ ...before, source, original }, turn);
      });
    },
    close() {
      opened++;
      runs.clear();
      last = null;
      found = null;
      store.change(draft => {
        draft.load = { kind: 'none' };
        draft.drift = null;
      });
    },
    of: branch => runs.get(branch) ?? null,
    setBranch(branch) {
      const from = whole();
      const { seq } = store.state().place;
      const keepMoment = (): void => {
        const to = runs.get(branch);
        store.change(draft => {
          if (from && to) draft.place.seq = sameMoment(from, to, seq);
        });
      };
      addBranch(branch);
      store.change(draft => {
        draft.place.branch = branch;
        draft.place.pin = null;
        draft.place.digest = runs.get(branch)?.digest ?? '';
      });
      if (runs.has(branch)) {
        keepMoment();
        shown();
      } else
        ask({ branch, turn: opened }, reply => {
          keepMoment();
          take(reply);
        });
    },
    tryOut(attempt, hear) {
      if (!found) return;
      const { source, seed } = found;
      const { cell } = store.state().place;
      const turn = opened;
      const change = { off: [], flips: [] };
      client.ask({ source, cell, seed, change, attempt }, reply => {
        if (turn !== opened) return;
        keep(TRIED, reply);
        if (reply.kind === 'run') {
          store.change(draft => {
            const seq = reply.run.trace.length - 1;
            Object.assign(draft.place, { branch: TRIED, pin: null, seq });
          });
          shown();
        }
        hear(reply);
      });
    },
    without: (rule, hear) => fork(withOff(changeOf(store.state().place.branch), rule), hear),
  };
}
