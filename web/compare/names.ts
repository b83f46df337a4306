import type { Cell } from '../../src/index.ts';
import type { LoadedRun } from '../app/loaded-run.ts';
import type { State } from '../app/state.ts';
import { changeOf, MAIN } from '../branches/change.ts';
import { branchName } from '../branches/name.ts';
import { COMPARE } from '../i18n/en-compare.ts';
import type { Face, OtherRun } from './state.ts';

/** What distinguishes two runs, as short names of each; empty where nothing does. */
export function namesOf(
  runs: { readonly a: LoadedRun; readonly b: LoadedRun },
  branches: Readonly<Record<Face, string>>,
): Record<Face, string> {
  const { a, b } = runs;
  const axes = Object.keys(a.data.cell).filter(axis => a.data.cell[axis] !== b.data.cell[axis]);
  const name = (face: Face): string => {
    const { data } = runs[face];
    const parts = [
      ...(a.data.name === b.data.name ? [] : [data.name]),
      ...axes.map(axis => `${axis} ${data.cell[axis] ?? ''}`),
      ...(branches.a === branches.b ? [] : [branchName(changeOf(branches[face]))]),
    ];
    return parts.join(', ');
  };
  return { a: name('a'), b: name('b') };
}

/** A run one can choose. */
export interface Choice {
  readonly key: string;
  readonly text: string;
  readonly other: OtherRun;
}

export const keyOf = (other: OtherRun): string =>
  JSON.stringify([other.scenario, Object.values(other.cell ?? {}), other.branch]);

/** Values of the axes along which a file varies at all. */
function cellName(cell: Cell, cells: readonly Cell[]): string {
  const varying = Object.keys(cell).filter(axis => new Set(cells.map(one => one[axis])).size > 1);
  return varying.map(axis => `${axis} ${cell[axis]}`).join(', ');
}

/** The variants of the open file, and the branches of the current one. */
export function choicesOf(state: State, run: LoadedRun): Choice[] {
  const { cell, cells } = run.data;
  const choice = (text: string, other: OtherRun): Choice => ({ key: keyOf(other), text, other });
  return cells.flatMap(one => {
    const name = cellName(one, cells);
    const isCurrent = Object.keys(cell).every(axis => one[axis] === cell[axis]);
    const forks = isCurrent ? state.branches.filter(({ id }) => id !== MAIN) : [];
    return [
      choice(name || COMPARE.asWritten, { scenario: '', cell: one, branch: MAIN }),
      ...forks.map(fork =>
        choice([name, branchName(fork)].filter(Boolean).join(', '), {
          scenario: '',
          cell: one,
          branch: fork.id,
        }),
      ),
    ];
  });
}
