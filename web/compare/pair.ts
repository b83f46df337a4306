import type { TemplateResult } from 'lit-html';
import type { Actions } from '../app/actions.ts';
import type { Context } from '../app/context.ts';
import type { Runs } from '../app/runs.ts';
import type { Sources } from '../app/sources.ts';
import type { State } from '../app/state.ts';
import type { Store } from '../app/store.ts';
import { createPlayer } from '../time/player.ts';
import type { Client } from '../worker/client.ts';
import { isSilent, type Laid, lay, sentenceOf } from './laid.ts';
import { namesOf } from './names.ts';
import { createOther } from './other.ts';
import { momentsAt } from './pair-clock.ts';
import { pairsSheet } from './sheet.ts';
import { createStages } from './stages.ts';
import type { Compared, Face, OtherRun } from './state.ts';
import { compareView, type Steps } from './view.ts';

/** Two runs side by side: it asks for the other one, and moves both. */
export interface Pair extends Steps {
  /** Sees to it that what is shown is what the place names. */
  follow(state: State): void;
  view(context: Context): TemplateResult;
  /** Pairs worth a look. */
  sheet(): TemplateResult;
  /** Moves the keyboard’s place among the parts of the picture that has it. */
  rove(step: number): void;
}

export interface PairHost {
  readonly store: Store;
  readonly runs: Runs;
  readonly client: Client;
  readonly sources: Sources;
  readonly actions: Actions;
}

/** The next of ascending numbers in a direction; null at the end. */
const nextOf = (list: readonly number[], at: number, by: 1 | -1): number | null =>
  (by > 0 ? list.find(one => one > at) : list.findLast(one => one < at)) ?? null;

export function createPair(host: PairHost): Pair {
  const { store, runs } = host;
  const fetched = createOther(host);
  let laid: Laid | null = null;
  let said = '';

  const stages = createStages(face => ({
    chooseSpot: spot => {
      alone(face);
      host.actions.chooseSpot(spot);
    },
    chooseMover: mover => {
      alone(face);
      host.actions.chooseMover(mover);
    },
  }));
  const rowNow = (): number => store.state().place.compared?.row ?? -1;
  const length = (): number => laid?.alignment.rows.length ?? 0;

  const drawStages = (): void => {
    const { compared } = store.state().place;
    if (!laid || !compared) return;
    const { still } = store.state();
    const row = rowNow();
    const clocks = { pair: laid.clock, a: laid.a.clock, b: laid.b.clock };
    const timeMs = still ? Number.POSITIVE_INFINITY : player.timeMs();
    stages.show(laid, momentsAt(laid.alignment, clocks, { row, timeMs }), store.state());
  };

  const change = (recipe: (compared: Mutable<Compared>) => void, row?: number): void =>
    store.change(draft => {
      if (!draft.place.compared) return;
      recipe(draft.place.compared);
      draft.place.pin = null;
      if (row !== undefined) draft.place.seq = laid?.alignment.upTo[row]?.a ?? -1;
    });
  const reach = (row: number): void =>
    change(compared => {
      compared.row = row;
    }, row);

  const player = createPlayer(store, {
    reel: () =>
      laid && store.state().place.compared ? { clock: laid.clock, last: length() - 1 } : null,
    now: rowNow,
    reach(row, isOver) {
      reach(row);
      if (isOver)
        store.change(draft => {
          draft.playing = false;
        });
    },
    draw: drawStages,
  });

  const show = (row: number | null, motion: 'jump' | 'move'): void => {
    if (row === null || !laid) return;
    const wanted = Math.max(-1, Math.min(row, length() - 1));
    store.change(draft => {
      draft.playing = false;
    });
    reach(wanted);
    player.goTo(wanted, motion);
  };

  const neighbour = (by: 1 | -1): number => {
    let next = rowNow() + by;
    while (laid?.alignment.rows[next] && isSilent(laid, next)) next += by;
    return next;
  };

  /** Shows one of the two runs, at its moment. */
  const alone = (face: Face): void => {
    const { compared } = store.state().place;
    if (!compared) return;
    if (face === 'b') {
      const seq = laid?.alignment.upTo[rowNow()]?.b ?? -1;
      become(compared.other, null);
      store.change(draft => {
        draft.place.seq = seq;
      });
    } else
      store.change(draft => {
        draft.place.compared = null;
        draft.playing = false;
      });
  };

  /** Another run takes the first place. */
  const become = (run: OtherRun, compared: Compared | null): void => {
    const { place } = store.state();
    const isHere = run.scenario === '';
    const sameCell = isHere && JSON.stringify(run.cell) === JSON.stringify(place.cell);
    store.change(draft => {
      draft.place.compared = compared as typeof draft.place.compared;
      draft.playing = false;
      if (sameCell) return;
      Object.assign(draft.place, { branch: run.branch, digest: '', pin: null });
      if (!isHere) Object.assign(draft.place, { scenario: run.scenario, packed: '', title: '' });
    });
    if (sameCell) runs.setBranch(run.branch);
    else runs.open({ scenario: store.state().place.scenario, cell: run.cell, keep: true });
  };

  const lie = (state: State): Laid | null => {
    const { compared, branch } = state.place;
    const a = runs.current();
    const other = fetched.load();
    if (!compared || !a || other.kind !== 'run') return null;
    const b = other.run;
    if (laid?.a.data === a.data && laid.b.data === b.data && laid.like === compared.like)
      return { ...laid, a, b };
    const names = namesOf({ a, b }, { a: branch, b: compared.other.branch });
    return lay({ a, b }, { like: compared.like, names });
  };

  store.listen((state, before) => {
    if (!state.place.compared) return;
    if (state.playing !== before.playing || state.speed !== before.speed) player.wake();
  });

  const steps: Steps = {
    goTo: row => show(row, 'jump'),
    step: by => show(neighbour(by), by > 0 ? 'move' : 'jump'),
    hop: by => show(nextOf(laid?.alignment.differences ?? [], rowNow(), by), 'jump'),
    verdict: by => show(nextOf(laid?.verdicts ?? [], rowNow(), by), 'jump'),
    violation: by => show(nextOf(laid?.violations ?? [], rowNow(), by), 'jump'),
    first: () => show(-1, 'jump'),
    last: () => show(length() - 1, 'jump'),
    togglePlay() {
      if (!store.state().playing && rowNow() >= length() - 1) show(-1, 'jump');
      store.change(draft => {
        draft.playing = !draft.playing;
      });
    },
    setLike: like =>
      change(compared => {
        compared.like = like;
        compared.row = null;
      }),
    setOther: other =>
      change(compared => {
        compared.other = { ...other };
        compared.row = null;
      }),
    setFirst(run) {
      const { compared } = store.state().place;
      if (compared) become(run, { ...compared, row: null });
    },
    swap() {
      const { compared, cell, branch } = store.state().place;
      if (compared)
        become(compared.other, { ...compared, row: null, other: { scenario: '', cell, branch } });
    },
    alone,
  };

  return {
    ...steps,
    follow(state) {
      fetched.follow(state);
      const { compared } = state.place;
      if (!compared) {
        laid = null;
        return;
      }
      // What was drawn before another run was sent for lies beside the wrong one.
      if (fetched.load().kind !== 'run') laid = null;
      if (!laid || state.load.kind !== 'ready') return;
      if (compared.row === null) {
        const { parting, rows } = laid.alignment;
        const here = rows.findIndex(({ a }) => a === state.place.seq);
        return show(parting >= 0 ? parting : here, 'jump');
      }
      drawStages();
      const text = sentenceOf(laid, compared.row);
      const status = document.querySelector('#status');
      if (text !== said && !state.playing && status) status.textContent = text;
      said = text;
    },
    view(context) {
      laid = lie(context.state);
      return compareView(context, { laid, other: fetched.load(), steps });
    },
    sheet: pairsSheet,
    rove: stages.rove,
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
