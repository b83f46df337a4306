import { drawBelow, type RandomStreams } from '../engine/random.ts';
import type { RuleName } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import type { Scenario } from '../scenario/compile.ts';
import { withActors } from '../scenario/compile-explore.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import { counterexample } from './counterexample.ts';
import { loadText } from './draft.ts';
import { defaultGoal, goalOf } from './explore.ts';
import { isDeclared } from './judge.ts';
import { idOf, nameOf } from './names.ts';
import { drawConfiguration } from './swarm.ts';
import { randomWalk } from './walk.ts';

/** A variant to be fuzzed, and the document it comes to. */
export interface Fuzzed {
  readonly scenario: Scenario;
  readonly document: ScenarioDocument;
}

/** Something a walk found that the file does not say, small, and as a scenario. */
export interface FuzzFailure {
  readonly rule: RuleName;
  readonly id: string;
  readonly sentence: string;
  /** The walk that found it, and its length; settings that were drawn beside the file's own. */
  readonly walk: number;
  readonly moves: number;
  readonly settings: readonly string[];
  readonly name: string;
  readonly text: string;
  /** Steps of its script. */
  readonly steps: number;
}

/** One walk: its moves, and what it found. */
export interface FuzzWalk {
  readonly moves: number;
  readonly failure: FuzzFailure | null;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly stepsMax: number;
  /** Rule or pattern looked for; empty for what an exploration looks for. */
  readonly goal: string;
  /** Failures that need not be told again, by `failureKey`. */
  readonly known: ReadonlySet<string>;
}

export const failureKey = (rule: string, id: string): string => `${rule} ${id}`;

/**
 * Walk number `walk`: a variant, settings beside it and an order of everything, all drawn from the
 * seed. What it finds and the file does not say is made small and written as a scenario.
 */
export function fuzzOnce(
  variants: readonly Fuzzed[],
  walk: number,
  { seed, stepsMax, goal, known }: FuzzOptions,
): FuzzWalk {
  const streams: RandomStreams = {};
  const draw = (n: number): number => drawBelow(streams, seed, `fuzz/${walk}`, n);
  const variant = variants[draw(variants.length)];
  const { document, settings } = drawConfiguration(variant.document, draw);
  const scenario = loadText(JSON.stringify({ ...document, expect: {} })) ?? variant.scenario;
  const id = idOf(variant.scenario);
  const free = withActors(scenario);
  const isGoal = goalOf(goal || defaultGoal(free));
  const isNews = (finding: Finding): boolean =>
    isGoal(finding) &&
    !isDeclared(variant.scenario.expect, finding) &&
    !known.has(failureKey(finding.rule, id));
  const name = String(walk);
  const { moves, finding } = randomWalk(scenario.machine, free.program, {
    seed,
    name,
    stepsMax,
    isGoal: isNews,
  });
  if (!finding) return { moves: moves.length, failure: null };
  const { rule } = finding;
  const about = {
    name: `${nameOf(variant.scenario.name, variant.scenario.cell)}-${rule.replace('/', '-')}`,
    title: `Found by chance: ${rule}`,
    description: `Walk ${walk} of seed ${seed} through ${id}, made as small as it gets.`,
  };
  const small = counterexample(
    { scenario, free, document: { ...document, 'x-origin': { seed, walk, of: id } } },
    { finding, prefix: [], path: moves },
    { about, parts: true },
  );
  const shown = small.result.violations.find(one => one.rule === rule || one.also.includes(rule));
  return {
    moves: moves.length,
    failure: {
      rule,
      id,
      sentence: shown?.sentence ?? finding.sentence,
      walk,
      moves: moves.length,
      settings,
      name: about.name,
      text: small.text,
      steps: small.steps,
    },
  };
}
