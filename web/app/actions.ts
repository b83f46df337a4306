import type { Fate, Film, Spot, TableName } from '../../src/index.ts';
import { parentOf } from '../branches/tree.ts';
import { type Comparing, createComparing } from '../compare/comparing.ts';
import { within } from '../embed/settings.ts';
import { EN } from '../i18n/en.ts';
import type { Desk } from '../lessons/desk.ts';
import { createLearning, type Learning } from '../lessons/learning.ts';
import type { Mover } from '../stage/movers.ts';
import type { WhatIf } from './context.ts';
import { createMaking, type Making } from './making.ts';
import type { Runs } from './runs.ts';
import {
  type CellPath,
  type Dialog,
  type KeyUse,
  MAIN,
  SPEEDS,
  TABS,
  type Tab,
  type Theme,
  VIEWS,
  type View,
} from './state.ts';
import type { Store } from './store.ts';

/** Everything a user can do, by hand or by key. */
export interface Actions extends Making, Learning, Comparing {
  openScenario(id: string): void;
  setAxis(axis: string, value: string): void;
  goTo(seq: number): void;
  step(by: 1 | -1): void;
  hop(by: 1 | -1): void;
  verdict(by: 1 | -1): void;
  violation(by: 1 | -1): void;
  lastWrite(): void;
  first(): void;
  last(): void;
  togglePlay(): void;
  faster(by: 1 | -1): void;
  setSpeed(speed: number): void;
  setView(view: View): void;
  nextView(): void;
  setTab(tab: Tab): void;
  setTable(table: TableName): void;
  chooseCell(path: CellPath): void;
  chooseSpot(spot: Spot): void;
  chooseMover(mover: Mover): void;
  unpin(): void;
  whatIf(rule: string): void;
  setBranch(branch: string): void;
  closeBranch(branch: string): void;
  bookmark(): void;
  nextBookmark(): void;
  setDialog(dialog: Dialog): void;
  /** Closes the dialog, or lets the inspector follow again. */
  closeTop(): void;
  setTheme(theme: Theme): void;
  setSearch(words: string): void;
  setKeys(keys: KeyUse): void;
}

/** The table that shows what a part of the picture holds. */
const TABLE_OF: Partial<Record<Spot['part'], TableName>> = {
  cpu: 'vectors',
  unit: 'entries',
  device: 'stores',
  hypervisor: 'bindings',
};

/** The next of ascending numbers in a direction; null at the end. */
function nextOf(list: readonly number[], seq: number, by: 1 | -1): number | null {
  return (by > 0 ? list.find(one => one > seq) : list.findLast(one => one < seq)) ?? null;
}

/** The message of another run that stands where one of this run does: same step, same turn. */
function twin(film: Film, other: Film, seq: number): Fate | null {
  const journey = film.journeys[film.journeyOf[seq]];
  if (!journey) return null;
  const step = film.stepOf[journey.id];
  const turn = (one: Film) => one.journeys.filter(({ id }) => one.stepOf[id] === step);
  return turn(other)[turn(film).indexOf(journey)]?.fate ?? null;
}

/** What users can do to the store. `move` shows a record through its movement. */
export function createActions(
  store: Store,
  how: {
    readonly runs: Runs;
    readonly whatIfs: Map<string, WhatIf>;
    readonly goToLine: (line: number, column: number) => void;
    readonly desk: () => Desk | null;
    readonly moved: (seq: number, how: 'jump' | 'move') => void;
  },
): Actions {
  const { runs, whatIfs } = how;
  const state = store.state;
  const length = (): number => runs.current()?.data.trace.length ?? 0;
  const show = (seq: number, motion: 'jump' | 'move'): void => {
    const wanted = within(state().range, length(), seq);
    store.change(draft => {
      draft.place.seq = wanted;
      draft.place.pin = null;
      draft.playing = false;
    });
    how.moved(wanted, motion);
  };
  const jump = (seq: number | null): void => {
    if (seq !== null) show(seq, 'jump');
  };
  const seqNow = (): number => state().place.seq;
  const place = (change: Partial<ReturnType<Store['state']>['place']>): void =>
    store.change(draft => {
      Object.assign(draft.place, change);
    });

  /** The next record worth a stop: that a step is done says nothing new, unless it failed. */
  const neighbour = (seq: number, by: 1 | -1): number => {
    const trace = runs.current()?.data.trace ?? [];
    let next = seq + by;
    for (let one = trace[next]; one?.act === 'result' && !one.error; one = trace[next]) next += by;
    return next;
  };

  const hops = (): number[] => {
    const run = runs.current();
    const journey = run?.data.film.journeyOf ?? [];
    return (run?.data.trace ?? []).flatMap(({ seq, act }) =>
      journey[seq] >= 0 || act === 'put' || act === 'compose' ? [seq] : [],
    );
  };

  return {
    ...createMaking(store, how),
    ...createLearning(store, how.desk),
    ...createComparing(store, runs),
    openScenario: id => runs.open({ scenario: id, cell: null }),
    setAxis(axis, value) {
      const run = runs.current();
      if (run)
        runs.open({ scenario: state().place.scenario, cell: { ...run.data.cell, [axis]: value } });
    },
    goTo: seq => show(seq, 'jump'),
    step: by => show(neighbour(seqNow(), by), by > 0 ? 'move' : 'jump'),
    hop: by => jump(nextOf(hops(), seqNow(), by)),
    verdict: by => jump(nextOf(runs.current()?.verdicts ?? [], seqNow(), by)),
    violation: by => jump(nextOf(runs.current()?.data.film.violations ?? [], seqNow(), by)),
    lastWrite() {
      const trace = runs.current()?.data.trace ?? [];
      const here = trace[seqNow()];
      const writes = trace.filter(
        ({ act, where, seq }) => act === 'write' && seq < seqNow() && related(where, here?.where),
      );
      jump(writes.at(-1)?.seq ?? null);
    },
    first: () => show(-1, 'jump'),
    last: () => show(length() - 1, 'jump'),
    togglePlay() {
      const atEnd = seqNow() >= within(state().range, length(), length() - 1);
      const start = within(state().range, length(), -1);
      if (!state().playing && atEnd) how.moved(start, 'jump');
      store.change(draft => {
        draft.playing = !draft.playing;
        if (draft.playing && atEnd) draft.place.seq = start;
        draft.place.pin = null;
      });
    },
    faster(by) {
      const at = SPEEDS.indexOf(state().speed) + by;
      if (SPEEDS[at] !== undefined)
        store.change(draft => {
          draft.speed = SPEEDS[at];
        });
    },
    setSpeed: speed =>
      store.change(draft => {
        draft.speed = speed;
      }),
    setView: view => place({ view }),
    nextView: () => place({ view: VIEWS[(VIEWS.indexOf(state().place.view) + 1) % VIEWS.length] }),
    setTab: tab => place({ tab }),
    setTable: table => place({ table, tab: 'tables' }),
    chooseCell: path =>
      store.change(draft => {
        draft.cellPath = path;
      }),
    chooseSpot(spot) {
      if (how.desk()?.takeSpot(spot)) return;
      const table = TABLE_OF[spot.part];
      if (table) place({ table, tab: 'tables' });
      else place({ tab: 'why' });
    },
    chooseMover: mover => place({ pin: mover.seq, tab: TABS[1] }),
    unpin: () => place({ pin: null }),
    whatIf(rule) {
      whatIfs.set(rule, { kind: 'running' });
      const seq = state().place.pin ?? seqNow();
      const mine = runs.current();
      runs.without(rule, other => {
        if (!other || !mine) whatIfs.set(rule, { kind: 'failed' });
        else {
          const was = mine.data.film.journeys[mine.data.film.journeyOf[seq]]?.fate;
          const is = twin(mine.data.film, other.run.data.film, seq);
          const differs = was && is && was !== is;
          const text = differs ? EN.why.other(EN.fates[was], EN.fates[is]) : EN.why.same;
          whatIfs.set(rule, { kind: 'done', text, branch: other.branch });
        }
        store.change(draft => {
          draft.arrivals++;
        });
      });
      store.change(draft => {
        draft.arrivals++;
      });
    },
    setBranch(branch) {
      runs.setBranch(branch);
      how.moved(state().place.seq, 'jump');
    },
    closeBranch(branch) {
      const { place: here, branches } = state();
      const closed = branches.find(({ id }) => id === branch);
      if (closed && here.branch === branch) runs.setBranch(parentOf(closed, branches)?.id ?? MAIN);
      store.change(draft => {
        draft.branches = draft.branches.filter(({ id }) => id !== branch);
      });
      how.moved(state().place.seq, 'jump');
    },
    bookmark() {
      const seq = seqNow();
      store.change(draft => {
        const at = draft.bookmarks.indexOf(seq);
        if (at >= 0) draft.bookmarks.splice(at, 1);
        else draft.bookmarks = [...draft.bookmarks, seq].sort((a, b) => a - b);
      });
    },
    nextBookmark() {
      const { bookmarks } = state();
      jump(nextOf(bookmarks, seqNow(), 1) ?? bookmarks[0] ?? null);
    },
    closeTop() {
      const { dialog, place: here } = state();
      if (dialog !== 'none')
        store.change(draft => {
          draft.dialog = 'none';
        });
      else if (here.sheet === 'run' && here.compared) place({ compared: null });
      else place({ pin: null, sheet: 'run' });
    },
    setDialog: dialog =>
      store.change(draft => {
        draft.dialog = dialog;
      }),
    setSearch: words =>
      store.change(draft => {
        draft.search = words;
      }),
    setTheme: theme =>
      store.change(draft => {
        draft.theme = theme;
      }),
    setKeys: keys =>
      store.change(draft => {
        draft.keys = keys;
      }),
  };
}

/** Whether two places are one, or one is a part of the other. */
const related = (a: string, b: string | undefined): boolean =>
  b !== undefined && (a.startsWith(b) || b.startsWith(a));
