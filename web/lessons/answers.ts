import type { Given } from '../../src/index.ts';

/** The first answer to a question, and what became of it since. */
export interface KeptAnswer {
  readonly given: Given;
  readonly right: boolean;
  readonly tries: number;
  /** It was answered right at some time. */
  readonly done: boolean;
}

/** Answers by lesson and part, from 1. They stay in this browser. */
export type KeptAnswers = Readonly<Record<string, Readonly<Record<string, KeptAnswer>>>>;

const PLACE = 'irqscope.answers';
const FORMAT = 'irqscope-answers/1';

let known: KeptAnswers | null = null;

/** All answers that were given in this browser; none where it keeps nothing. */
export function answers(): KeptAnswers {
  known ??= read();
  return known;
}

function read(): KeptAnswers {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? 'null');
    return isKept(kept) ? kept.lessons : {};
  } catch {
    return {};
  }
}

const isKept = (kept: unknown): kept is { lessons: KeptAnswers } =>
  typeof kept === 'object' &&
  kept !== null &&
  'format' in kept &&
  kept.format === FORMAT &&
  'lessons' in kept &&
  typeof kept.lessons === 'object' &&
  kept.lessons !== null;

/** Answers as a file for a teacher. */
export const answersText = (): string =>
  `${JSON.stringify({ format: FORMAT, lessons: answers() }, null, 2)}\n`;

function write(lessons: KeptAnswers): void {
  known = lessons;
  try {
    localStorage.setItem(PLACE, JSON.stringify({ format: FORMAT, lessons }));
  } catch {
    // A browser that keeps nothing: they hold for this visit.
  }
}

/** Keeps an answer: the first one as it is, of later ones only that they were given. */
export function keepAnswer(
  lesson: string,
  part: number,
  now: { readonly given: Given; readonly right: boolean },
): void {
  const all = answers();
  const before = all[lesson]?.[part];
  const kept: KeptAnswer = {
    ...(before ?? now),
    tries: (before?.tries ?? 0) + 1,
    done: now.right || before?.done === true,
  };
  write({ ...all, [lesson]: { ...all[lesson], [part]: kept } });
}

/** How many parts of a lesson were answered. */
export const answeredIn = (lesson: string): number => Object.keys(answers()[lesson] ?? {}).length;

/** Forgets every answer kept in this browser. */
export function forgetAnswers(): void {
  write({});
}
