import { type Draft, produce } from 'immer';
import type { State } from './state.ts';

/** The page's one store: a state that changes only through recipes, and listeners that hear. */
export interface Store {
  state(): State;
  change(recipe: (draft: Draft<State>) => void): void;
  /** Called after every change, with the state before it. */
  listen(listener: (state: State, before: State) => void): void;
}

/** A store that begins with a state. */
export function createStore(first: State): Store {
  let state = first;
  const listeners: ((state: State, before: State) => void)[] = [];
  return {
    state: () => state,
    change(recipe) {
      const before = state;
      state = produce(before, draft => {
        recipe(draft);
      });
      if (state !== before) for (const listener of listeners) listener(state, before);
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}
