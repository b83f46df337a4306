import { explore } from '../../src/explore/explore.ts';
import { modelScenario } from './explore-search.ts';
import { atLeast, type Figure, type Goal, measured } from './goal.ts';

/**
 * Least factors, by entries of the table: a table of three there is not. A search without
 * reductions is stopped when it is that many times as large, so that the factor is at least that.
 */
const FACTORS = [
  { entries: 2, factor: 50 },
  { entries: 4, factor: 200 },
] as const;

function figure({ entries, factor }: (typeof FACTORS)[number]): Figure {
  const scenario = modelScenario({ victims: 1, entries });
  const reduced = explore(scenario);
  if (!reduced.complete) throw new Error('the reduced search is not complete');
  const whole = explore(scenario, { reduce: [], statesMax: factor * reduced.states });
  const name = `times the states without reductions, ${entries} entries, at least`;
  return atLeast(name, whole.states / reduced.states, factor);
}

/** What symmetry, partial order and slicing save. That they change no answer is a test. */
export const P7: Goal = {
  id: 'P7',
  suite: 'explore',
  title: 'reductions: states left out',
  measure: () => measured(FACTORS.map(figure), []),
};
