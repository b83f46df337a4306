import type { Fate } from '../report/film.ts';
import { LESSON_VERDICTS, type VerdictYaml } from '../scenario/schema-lesson.ts';
import { type Kind, wrongFor } from './kind.ts';
import { choicesOf, rightOptions } from './kind-choose.ts';
import type { LessonRun } from './lesson-runs.ts';
import { runIn } from './value.ts';

/** What can become of a message, as it is offered. */
const VERDICTS: readonly Fate[] = LESSON_VERDICTS;

/** The last message of a step. */
function journeyOf({ scenario, film }: LessonRun, label: string) {
  const { steps } = scenario.program;
  return film.journeys.findLast(({ id }) => steps[film.stepOf[id]]?.label === label);
}

/** What becomes of the message of a step, and why. */
export const verdict: Kind<VerdictYaml> = {
  question: (_, ask) => ({
    kind: 'verdict',
    choices: VERDICTS,
    reasons: choicesOf(ask.reasons),
  }),
  answer(library, ask) {
    const journey = journeyOf(runIn(library), ask.step);
    if (!journey || !VERDICTS.includes(journey.fate)) return { right: [], seq: -1 };
    return {
      right: rightOptions(library, ask.reasons).map(reason => [journey.fate, reason]),
      seq: journey.fateSeq,
    };
  },
  misconception(library, ask, [fate, reason]) {
    const journey = journeyOf(runIn(library), ask.step);
    if (journey?.fate !== fate) return wrongFor(ask.wrong, [fate]);
    return ask.reasons[Number(reason)]?.misconception ?? '';
  },
};
