import type { Event } from '../engine/env.ts';
import { sameChoices } from '../runner/choose-run.ts';
import { type RunView, runOnce } from '../runner/run-view.ts';
import type { Scenario } from '../scenario/compile.ts';
import { loadScenario } from '../scenario/load.ts';
import type { StepYaml } from '../scenario/schema-steps.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import type { Move } from './driver.ts';
import type { Exploration } from './explore.ts';
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

/**
 * A way as a script: in time order where `accepts` takes what comes of that, else with answers that
 * fix the order. Null where it can't be gone.
 */
export function draftOf(
  { scenario, free }: Exploration,
  way: Way,
  how: { readonly document: ScenarioDocument; readonly accepts: (view: RunView) => boolean },
): Draft | null {
  const actions = way.path.flatMap(({ event }) =>
    event.kind === 'action' ? free.written[event.of] : [],
  );
  const { explore: _, choices: __, expect: ___, ...kept } = how.document;
  const steps = [...stepsOf(how.document), ...actions];
  const isRight = (draft: Draft): boolean => {
    const view = runDraft(draft);
    return view !== null && how.accepts(view);
  };
  const timed = { document: { ...kept, steps }, answers: plainAnswers(way.path) };
  const { time } = scenario.program;
  if (time.mode === 'timed' && isRight(timed)) return timed;
  const { flight, writes } = time;
  const order = { mode: 'interleave', flight, writes };
  const untimed = { ...kept, steps: steps.map(withoutTimes), time: order };
  const compiled = loadDraft({ document: untimed, answers: [] });
  if (!compiled) return null;
  const moves = [...way.prefix, ...way.path];
  const answers = answersFor(compiled, { moves, eventOf: inScript });
  const draft = answers && { document: untimed, answers };
  return draft && isRight(draft) ? draft : null;
}

const withoutTimes = ({ at: _, after: __, ...step }: StepYaml): StepYaml => step;

/** Actions are steps of the script here, one after another. */
const SCRIPT: Event = { kind: 'thread', of: 0 };
const inScript = (event: Event): Event => (event.kind === 'action' ? SCRIPT : event);
