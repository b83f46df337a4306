import type { Player } from '../time/player.ts';
import type { Actions } from './actions.ts';
import type { LoadedRun } from './loaded-run.ts';
import type { Runs } from './runs.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

/** What tests in a browser may ask of the page. */
export interface Hook {
  state(): State;
  run(): LoadedRun | null;
  seek(seq: number): void;
  /** Looks at a scenario of one’s own. */
  open(name: string, text: string): void;
  timeMs(): number;
  readonly actions: Actions;
}

declare global {
  interface Window {
    irqscope?: Hook;
  }
}

/** Whether the page is under test. */
export const isTest = (): boolean => new URLSearchParams(location.search).get('test') === '1';

/** Opens the hook where the address has `test=1`, and nowhere else. */
export function openHook(of: {
  readonly store: Store;
  readonly runs: Runs;
  readonly player: Player;
  readonly actions: Actions;
}): void {
  if (!isTest()) return;
  window.irqscope = {
    state: of.store.state,
    run: of.runs.current,
    seek: of.actions.goTo,
    open: (name, text) =>
      of.runs.open({
        scenario: name,
        cell: null,
        source: { file: `${name}.yaml`, text, others: {} },
      }),
    timeMs: of.player.timeMs,
    actions: of.actions,
  };
}
