import { explore } from '../../src/explore/explore.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { projections } from '../spin/projection.ts';
import { exploreModel, type ModelSize } from './explore-model.ts';
import { processorMs, type Round } from './measure.ts';

/** The model of a size, loaded. */
export function modelScenario(size: ModelSize): Scenario {
  const { scenarios, problems } = loadScenario('model.yaml', exploreModel(size), () => null);
  if (problems.length > 0) throw new Error(problems[0].message);
  return scenarios[0];
}

/**
 * Searches the model to its end. Symmetry and partial order are off: they leave out states that
 * SPIN counts. An event is a projected state, and so is the checksum.
 */
export function searchModel(victims: number, entries: number): Round {
  const scenario = modelScenario({ victims, entries } as ModelSize);
  const begin = processorMs();
  const found = explore(scenario, { reduce: ['slice'] });
  const ms = processorMs() - begin;
  const states = projections(found).size;
  return { ms, events: states, check: states };
}
