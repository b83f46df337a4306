import { sameChoices } from '../runner/choose-run.ts';
import { type RunView, runOnce } from '../runner/run-view.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { FreeProgram } from '../scenario/compile-explore.ts';
import { loadScenario } from '../scenario/load.ts';
import type { StepYaml } from '../scenario/schema-steps.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import { asRace, type Directions, inARow } from './directions.ts';
import type { Move } from './driver.ts';
import { type Answered, answersFor } from './replay.ts';

/** A scenario in the making: its document, and the answers that make it go one way. */
export interface Draft {
  readonly document: ScenarioDocument;
  readonly answers: readonly Answered[];
}

/** Moves of a search, those of the script’s linear beginning apart. */
export interface Way {
  readonly prefix: readonly Move[];
  readonly path: readonly Move[];
}

const FILE = 'draft.yaml';

export const stepsOf = (document: ScenarioDocument): readonly StepYaml[] =>
  (document.steps ?? []) as readonly StepYaml[];

/** The scenario of a text; null where it has mistakes. */
export const loadText = (text: string): Scenario | null =>
  loadScenario(FILE, text, () => null).scenarios[0] ?? null;

/** The scenario of a draft; null where it has mistakes. */
export function loadDraft({ document, answers }: Draft): Scenario | null {
  const choices = answers.length > 0 ? { choices: answers.map(({ answer }) => answer) } : {};
  return loadText(JSON.stringify({ ...document, ...choices, expect: {} }));
}

/** The one run a draft is about; null where it has mistakes. */
export function runDraft(draft: Draft): RunView | null {
  const scenario = loadDraft(draft);
  if (!scenario) return null;
  const { machine, program, seed } = scenario;
  return runOnce(machine, program, sameChoices(program.choices, seed));
}

/** Answers at the door without a meaning of their own. */
export const plainAnswers = (moves: readonly Move[]): Answered[] =>
  moves.flatMap(({ picks }) => picks.map(answer => ({ answer, meaning: '' })));

/** What drafts are made from. */
export interface Ground {
  readonly scenario: Scenario;
  readonly free: FreeProgram;
  /** The variant as plain data. */
  readonly document: ScenarioDocument;
}

/**
 * A way as a script: in time order where `accepts` takes what comes of that, else with answers that
 * fix the order. Null where it can't be gone.
 */
export function draftOf(
  ground: Ground,
  way: Way,
  accepts: (view: RunView) => boolean,
): Draft | null {
  const isRight = (draft: Draft): boolean => {
    const view = runDraft(draft);
    return view !== null && accepts(view);
  };
  const { scenario, free } = ground;
  const went = { scenario, free, moves: [...way.prefix, ...way.path] };
  const row = inARow(went);
  if (scenario.program.time.mode === 'timed') {
    const document = grown(ground.document, row.steps);
    const timed = { document, answers: plainAnswers(way.path) };
    if (isRight(timed)) return timed;
  }
  return pinned(ground, row, isRight) ?? pinned(ground, asRace(went), isRight);
}

/** The variant with more steps, and without what is about searching it. */
function grown(document: ScenarioDocument, steps: readonly StepYaml[]): ScenarioDocument {
  const { explore: _, choices: __, expect: ___, ...kept } = document;
  return { ...kept, steps: [...stepsOf(document), ...steps] };
}

/** A script whose order is fixed by answers; null where it does not go that way. */
function pinned(
  { scenario, document }: Ground,
  { steps, moves }: Directions,
  isRight: (draft: Draft) => boolean,
): Draft | null {
  const { flight, writes } = scenario.program.time;
  const whole = grown(document, steps);
  const untimed = {
    ...whole,
    steps: stepsOf(whole).map(withoutTimes),
    time: { mode: 'interleave', flight, writes },
  };
  const compiled = loadDraft({ document: untimed, answers: [] });
  const answers = compiled && answersFor(compiled, moves);
  const draft = answers && { document: untimed, answers };
  return draft && isRight(draft) ? draft : null;
}

const withoutTimes = ({ at: _, after: __, ...step }: StepYaml): StepYaml => step;
