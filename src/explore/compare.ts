import { breaksIsolation } from '../runner/run-view.ts';
import type { Scenario } from '../scenario/compile.ts';
import { type Exploration, type ExploreOptions, explore } from './explore.ts';

/** A search with all reductions beside one with none. */
export interface Comparison {
  readonly reduced: Exploration;
  readonly whole: Exploration;
  /** What differs, in words; empty where both agree. */
  readonly differences: readonly string[];
  /** Both went as far as they were to go: then their answers can be compared, where both have one. */
  readonly comparable: boolean;
}

/** Whether reductions change an answer: they must not. */
export function compareReductions(scenario: Scenario, options: ExploreOptions): Comparison {
  const reduced = explore(scenario, options);
  const whole = explore(scenario, { ...options, reduce: [] });
  const comparable = [reduced, whole].every(({ end }) => end === 'fixpoint' || end === 'depth');
  const differences = comparable
    ? Object.entries(answersOf(reduced)).flatMap(([name, answer]) => {
        const other = answersOf(whole)[name];
        return other === answer || isOpen(answer) || isOpen(other)
          ? []
          : [`${name}: ${answer} with reductions, ${other} without`];
      })
    : [];
  return { reduced, whole, differences, comparable };
}

/** A search that a bound ended leaves open what the other, which had less to see, could say. */
const isOpen = (answer: string): boolean => answer === 'null';

/** What must not depend on reductions. A slice may change by which rule a finding is named. */
function answersOf({ isolated, works, refused, reached }: Exploration): Record<string, string> {
  const broken = reached.filter(({ finding }) => breaksIsolation(finding));
  const others = reached.filter(({ finding }) => !breaksIsolation(finding));
  const shortest = Math.min(...broken.map(({ depth }) => depth));
  return {
    isolated: String(isolated),
    works: String(works),
    refused: String(refused),
    'shortest way to break isolation': broken.length > 0 ? String(shortest) : 'none',
    'other errors': others
      .map(({ finding, depth }) => `${finding.rule} in ${depth}`)
      .sort()
      .join(', '),
  };
}
