import type { Pair } from '../compare/pair.ts';
import type { Desk } from '../lessons/desk.ts';
import type { Actions } from './actions.ts';
import type { LateParts } from './parts.ts';
import type { LoadedRun, Runs } from './runs.ts';
import type { State } from './state.ts';

/** What every panel gets: the state, the run it looks at, and what the user may do. */
export interface Context {
  readonly state: State;
  readonly run: LoadedRun;
  readonly actions: Actions;
  /** What was found out by switching single checks off, by rule. */
  readonly whatIfs: ReadonlyMap<string, WhatIf>;
  /** The text of the scenario. */
  readonly text: Pick<Runs, 'source' | 'original' | 'current' | 'of'>;
  /** Parts of the page that are loaded when they are wanted. */
  readonly late: LateParts;
  /** Where lessons are done; null until one is wanted, and it has been loaded. */
  readonly desk: Desk | null;
  /** Where two runs are compared; null until that is wanted, and it has been loaded. */
  readonly pair: Pair | null;
}

/** The outcome of switching one check off. */
export type WhatIf =
  | { readonly kind: 'running' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'done'; readonly text: string; readonly branch: string };
