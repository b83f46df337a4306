import type { Actions } from './actions.ts';
import type { LoadedRun } from './runs.ts';
import type { State } from './state.ts';

/** What every panel gets: the state, the run it looks at, and what the user may do. */
export interface Context {
  readonly state: State;
  readonly run: LoadedRun;
  readonly actions: Actions;
  /** What was found out by switching single checks off, by rule. */
  readonly whatIfs: ReadonlyMap<string, WhatIf>;
}

/** The outcome of switching one check off. */
export type WhatIf =
  | { readonly kind: 'running' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'done'; readonly text: string; readonly branch: string };
