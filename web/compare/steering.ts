import type { Actions } from '../app/actions.ts';
import type { Pair } from './pair.ts';

/** What moves through a run moves through both of them while two are compared. */
export function steered(actions: Actions, pair: () => Pair | null): Actions {
  const { step, hop, verdict, violation, first, last, togglePlay } = actions;
  return {
    ...actions,
    step: by => (pair() ?? { step }).step(by),
    hop: by => (pair() ?? { hop }).hop(by),
    verdict: by => (pair() ?? { verdict }).verdict(by),
    violation: by => (pair() ?? { violation }).violation(by),
    first: () => (pair() ?? { first }).first(),
    last: () => (pair() ?? { last }).last(),
    togglePlay: () => (pair() ?? { togglePlay }).togglePlay(),
  };
}
