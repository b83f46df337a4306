import type { RuleName } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import { runScenario, type ScenarioResult } from '../runner/run-scenario.ts';
import type { RunView } from '../runner/run-view.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import {
  type Draft,
  draftOf,
  loadDraft,
  loadText,
  plainAnswers,
  runDraft,
  stepsOf,
} from './draft.ts';
import type { Exploration } from './explore.ts';
import { PAST } from './normalise.ts';
import { answersFor } from './replay.ts';
import { type Reached, search } from './search.ts';
import { leaveOut } from './shrink.ts';
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
 * with the finding as what it expects. It has been run, and comes out as it says. `document` is the
 * variant that was explored, as plain data. Throws where the way can't be gone: a bug of this program.
 */
export function counterexample(
  exploration: Exploration,
  reached: Reached,
  how: { readonly document: ScenarioDocument; readonly about: About },
): Counterexample {
  const { rule } = reached.finding;
  const accepts = (view: RunView): boolean => shows(view.findings, rule);
  const first = draftOf(exploration, reached, { document: how.document, accepts });
  if (!first) throw new Error(`the way to ${rule} can’t be run`);
  const small = leaveOut(first, draft => again(draft, rule));
  const text = writeDraft(small, how.about, rule);
  const scenario = loadText(text);
  const result = scenario && runScenario(scenario);
  if (!result?.pass || !shows(result.violations, rule))
    throw new Error(`the way to ${rule} does not replay`);
  return { name: how.about.name, text, steps: stepsOf(small.document).length, result };
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
    symmetry: null,
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
      : answersFor(scenario, { moves: [...way.prefix, ...way.path], eventOf: event => event });
  const next = answers && { document: draft.document, answers };
  return next && isRight(next) ? next : null;
}
