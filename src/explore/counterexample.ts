import type { RuleName } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import { runScenario, type ScenarioResult } from '../runner/run-scenario.ts';
import {
  type Draft,
  draftOf,
  type Ground,
  loadDraft,
  loadText,
  plainAnswers,
  runDraft,
  stepsOf,
} from './draft.ts';
import { PAST } from './normalise.ts';
import { answersFor } from './replay.ts';
import { type Reached, search } from './search.ts';
import { leaveOutParts, leaveOutSteps } from './shrink.ts';
import { type About, writeDraft } from './write-draft.ts';

/** A scenario file that shows one finding, and has been run. */
export interface Counterexample {
  readonly name: string;
  readonly text: string;
  /** Steps of its script. */
  readonly steps: number;
  readonly result: ScenarioResult;
}

/**
 * Writes a way to a finding as an ordinary scenario: as few steps as it takes, all bits spelled out,
 * with the finding as what it expects. It has been run, and comes out as it says. Throws where the
 * way can't be gone: a bug of this program.
 */
export function counterexample(
  ground: Ground,
  reached: Pick<Reached, 'finding' | 'prefix' | 'path'>,
  how: CounterexampleOptions,
): Counterexample {
  const { rule } = reached.finding;
  const first = draftOf(ground, reached, view => shows(view.findings, rule));
  if (!first) throw new Error(`the way to ${rule} can’t be run`);
  const fewer = leaveOutSteps(first, draft => again(draft, rule));
  const small = how.parts ? leaveOutParts(fewer, draft => again(draft, rule)) : fewer;
  const text = writeDraft(small, how.about, rule);
  const scenario = loadText(text);
  const result = scenario && runScenario(scenario);
  if (!result?.pass || !shows(result.violations, rule)) {
    const failed = result?.asserts.filter(({ pass }) => !pass) ?? [];
    const why = failed.map(({ text: what, found }) => `${what}: ${found}`).join('; ');
    throw new Error(`the way to ${rule} does not replay: ${why}\n${text}`);
  }
  return { name: how.about.name, text, steps: stepsOf(small.document).length, result };
}

export interface CounterexampleOptions {
  readonly about: About;
  /** Devices, guests and settings that do not matter are left out too. */
  readonly parts?: true;
}

const shows = (found: readonly Pick<Finding, 'rule' | 'also'>[], rule: RuleName): boolean =>
  found.some(one => one.rule === rule || one.also.includes(rule));

/** Most states looked through for another way to go wrong with a step less. */
const STATES_MAX = 20_000;

/** A changed draft that still goes wrong, with new answers where it needs any; null: it does not. */
function again(draft: Draft, rule: RuleName): Draft | null {
  const isRight = (one: Draft): boolean => shows(runDraft(one)?.findings ?? [], rule);
  if (draft.answers.length === 0) return isRight(draft) ? draft : null;
  const scenario = loadDraft({ ...draft, answers: [] });
  if (!scenario) return null;
  const { machine, program, seed } = scenario;
  const { reached } = search(machine, program, {
    seed,
    forget: PAST,
    select: (_env, _world, events) => events,
    swaps: [],
    depthMax: 0,
    statesMax: STATES_MAX,
    isGoal: finding => shows([finding], rule),
    stopsAtGoal: true,
    expired: () => false,
  });
  const [way] = reached.values();
  if (!way) return null;
  const answers =
    program.time.mode === 'timed'
      ? plainAnswers([...way.prefix, ...way.path])
      : answersFor(scenario, [...way.prefix, ...way.path]);
  const next = answers && { document: draft.document, answers };
  return next && isRight(next) ? next : null;
}
