import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareReductions } from '../../src/explore/compare.ts';
import { search } from '../../src/explore/search.ts';
import { withActors } from '../../src/scenario/compile-explore.ts';
import type { ScenarioYaml } from '../../src/scenario/schema.ts';
import { scenarios } from '../laws/generate.ts';
import { scenarioOf } from '../laws/subject.ts';
import { naiveSearch } from './naive.ts';

const BOUNDS = { levels: 5, states: 600 };

/** Guests that act of their own accord, with few kinds of forgeries. */
const ACTORS = {
  actors: {
    a: { may: ['use', 'free', 'raise', 'forge', 'replay'] },
    b: { may: ['use', 'raise'] },
  },
  forge: { formats: ['remappable'] },
} satisfies ScenarioYaml['explore'];

const withGuests = (document: ScenarioYaml): boolean => 'b' in (document.guests ?? {});

test('a search reaches what the plainest search reaches, on every level', {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(scenarios(6), fc.boolean(), (document, free) => {
      const explore = free && withGuests(document) ? ACTORS : undefined;
      const scenario = scenarioOf({ ...document, ...(explore && { explore }) });
      const { machine } = scenario;
      const program = explore ? withActors(scenario).program : scenario.program;
      const plain = naiveSearch(machine, program, BOUNDS);
      fc.pre(plain.whole && plain.levels.length > 1);
      const result = search(machine, program, {
        seed: 0,
        forget: [],
        select: (_env, _world, events) => events,
        swaps: [],
        fromStart: true,
        depthMax: BOUNDS.levels,
        statesMax: 1_000_000,
        isGoal: () => true,
        expired: () => false,
      });
      expect(result.states).toBe(plain.levels.reduce((sum, n) => sum + n, 0));
      expect(result.transitions).toBe(plain.transitions);
      expect(result.depth).toBe(plain.levels.length - 1);
      const found = [...result.reached.values()].map(({ finding, depth }) => [finding.rule, depth]);
      expect(Object.fromEntries(found)).toEqual(plain.found);
    }),
    { numRuns: 60 },
  );
});

test('reductions change no answer', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(scenarios(6), document => {
      fc.pre(withGuests(document));
      const scenario = scenarioOf({ ...document, explore: ACTORS });
      const bounds = { depthMax: 4, statesMax: 2000 };
      const { comparable, differences } = compareReductions(scenario, bounds);
      fc.pre(comparable);
      expect(differences).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
