import type { Runs } from '../app/runs.ts';
import type { State } from '../app/state.ts';
import type { Store } from '../app/store.ts';
import { MAIN } from '../branches/change.ts';
import { parentOf } from '../branches/tree.ts';
import { comparedWith, type Face, type OtherRun } from './state.ts';

/** What users can do about two runs at once, by hand or by key. */
export interface Comparing {
  /** Lays another run beside the one that is looked at, where the two part. */
  compareWith(other: OtherRun): void;
  /** The same with a branch of the current run. */
  compareBranch(branch: string): void;
  /** Compares with what lies nearest; with itself, where there is nothing else. */
  compareAnything(): void;
  /** Compares, or goes back to one run. */
  toggleCompare(): void;
  setFace(face: Face): void;
}

/** What a run is compared with where nobody says: what it was forked from, or its next variant. */
function nearest({ place, branches }: State, runs: Runs): OtherRun | null {
  const run = runs.current();
  if (!run) return null;
  const same = { scenario: '', cell: run.data.cell };
  if (place.branch !== MAIN) {
    const branch = branches.find(({ id }) => id === place.branch);
    return { ...same, branch: (branch && parentOf(branch, branches)?.id) ?? MAIN };
  }
  const { cell, cells } = run.data;
  const near = cells.filter(
    other => Object.keys(cell).filter(axis => cell[axis] !== other[axis]).length === 1,
  );
  const last = branches[branches.length - 1].id;
  if (last !== MAIN) return { ...same, branch: last };
  return near.length > 0 ? { ...same, cell: near[near.length - 1], branch: MAIN } : null;
}

/** What lays something beside the run, and takes it away again. */
export function createComparing(store: Store, runs: Runs): Comparing {
  const compareWith: Comparing['compareWith'] = other =>
    store.change(draft => {
      if (draft.veil !== null) return;
      draft.place.compared = { ...comparedWith(other), other: { ...other } };
      Object.assign(draft.place, { sheet: 'run', pin: null });
      draft.playing = false;
      draft.editor = false;
      draft.face = 'a';
    });
  const compareAnything = (): void => {
    const state = store.state();
    const other = nearest(state, runs);
    const itself = { scenario: '', cell: state.place.cell, branch: state.place.branch };
    compareWith(other ?? itself);
  };
  return {
    compareWith,
    compareBranch: branch => compareWith({ scenario: '', cell: store.state().place.cell, branch }),
    compareAnything,
    toggleCompare() {
      const { compared, sheet } = store.state().place;
      if (!compared && runs.current()) return compareAnything();
      store.change(draft => {
        draft.playing = false;
        draft.place.compared = null;
        if (!compared) draft.place.sheet = sheet === 'compare' ? 'run' : 'compare';
      });
    },
    setFace: face =>
      store.change(draft => {
        draft.face = face;
      }),
  };
}
