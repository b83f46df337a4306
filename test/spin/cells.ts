import type { Cell } from '../../src/scenario/resolve.ts';
import type { SpinSearch } from './spin.ts';

/** What both model checkers say of a cell, in the same terms. */
export interface Answer {
  readonly isolated: boolean;
  readonly works: boolean;
  /** Different projections of the reachable states, the initial one included. */
  readonly states: number;
  /** Actions to the nearest violation, the violating one included; null where there is none. */
  readonly steps: number | null;
}

const REMAP: Readonly<Record<string, readonly string[]>> = {
  none: ['NO_UNIT'],
  vtd: ['SOURCE_VALIDATION'],
  'vtd-nosid': [],
  'vtd-compat': ['SOURCE_VALIDATION', 'COMPATIBILITY_PASSES'],
  amdvi: ['AMDVI'],
  'amdvi-shared': ['AMDVI', 'TABLE_SHARED'],
};

/** The model's names for a cell, but for who may do what. */
function systemDefines({ remap, storage, compose, rid }: Cell): string[] {
  const unit = REMAP[remap];
  if (!unit) throw new Error(`the model has no remap unit ${remap}`);
  return [
    ...unit,
    ...(storage === 'trapped' ? ['TRAPPED'] : []),
    ...(compose === 'hcall' ? [] : [compose.toUpperCase()]),
    ...(rid === 'shared' ? ['RID_SHARED'] : []),
  ];
}

/** What is defined to ask whether a cell is isolated, and how many projections it has. */
export const attackDefines = (cell: Cell): string[] => [
  ...systemDefines(cell),
  ...(cell.reach === 'dma' ? ['DMA'] : []),
];

/** What is defined to ask whether a cell works. */
export const honestDefines = (cell: Cell): string[] => [...systemDefines(cell), 'HONEST'];

/** SPIN gives the depth of the state before the violating step; we count that step as well. */
export const answerOf = (attack: SpinSearch, honest: SpinSearch): Answer => ({
  isolated: attack.errors === 0,
  works: honest.errors === 0,
  states: attack.states,
  steps: attack.firstErrorDepth === null ? null : attack.firstErrorDepth + 1,
});

export const cellName = (cell: Cell): string => Object.values(cell).join(' ');
