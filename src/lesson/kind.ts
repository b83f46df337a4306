import type { Answer, Given, Question } from './question.ts';
import type { Library } from './value.ts';

/** How one kind of question is shown, answered and judged; `Q` is what the file says of it. */
export interface Kind<Q> {
  readonly question: (library: Library, ask: Q) => Question;
  readonly answer: (library: Library, ask: Q) => Answer;
  /** Name of the misconception a wrong answer shows; empty where the file names none. */
  readonly misconception: (library: Library, ask: Q, given: Given) => string;
}

/** Word under `wrong` for all answers that are not named there. */
const OTHER = 'other';

/** The misconception of the first of some names a file knows, else that of all others. */
export function wrongFor(
  wrong: Readonly<Record<string, string>> | undefined,
  names: readonly string[],
): string {
  const named = names.find(name => wrong?.[name] !== undefined);
  return wrong?.[named ?? OTHER] ?? '';
}

/** The same order every time, and not that of the file: there the right answer often comes first. */
export function shuffled<T>(list: readonly T[], textOf: (item: T) => string): T[] {
  return list
    .map(item => ({ item, rank: hash(textOf(item)) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a: spreads texts over numbers. */
function hash(text: string): number {
  let value = FNV_OFFSET;
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), FNV_PRIME) >>> 0;
  return value;
}
