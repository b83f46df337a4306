import leven from 'leven';

/**
 * A place in a file. Lines and columns count from 1; `length` characters belong to it, none to what
 * stands in for something that was not written.
 */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Something wrong with a scenario file, and a way out where there is one. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Such as `schema/unknown-key`, `ref/unknown`, `yaml/duplicate-key`. */
  readonly code: string;
  readonly at: Position;
  readonly message: string;
  /** What to write instead; empty when we do not know. */
  readonly hint: string;
}

/** A problem of severity error. */
export const problem = (code: string, at: Position, message: string, hint = ''): Problem => ({
  severity: 'error',
  code,
  at,
  message,
  hint,
});

/** Most words offered where none is near to a mistyped one. */
const OFFERED_MAX = 30;
/** Distance of a word written with other capitals or dashes, and of one that is a part of another. */
const SPELLING = 0.5;
const PART = 1.5;
const PART_LENGTH = 3;

/** The words nearest to a mistyped one; none when all are too far off. */
export function nearest(word: string, known: readonly string[]): string[] {
  const limit = Math.max(word.length > 1 ? 1 : 0, Math.floor(word.length / 2));
  const scored = known
    .map(candidate => ({ candidate, distance: distanceOf(word, candidate) }))
    .filter(({ distance }) => distance <= Math.max(limit, PART))
    .filter(({ candidate, distance }) => distance <= PART || distance <= candidate.length / 2)
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0]?.distance;
  return scored.filter(({ distance }) => distance === best).map(({ candidate }) => candidate);
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ .]/g, '');

function distanceOf(word: string, candidate: string): number {
  const [a, b] = [plain(word), plain(candidate)];
  if (a === b) return SPELLING;
  const distance = isSwapped(a, b) ? 1 : leven(word.toLowerCase(), candidate.toLowerCase());
  return isPart(a, b) ? Math.min(PART, distance) : distance;
}

/** Two neighbouring letters changed places: the commonest slip, and two edits by the plain count. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

function isPart(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= PART_LENGTH && short.length * 2 >= long.length && long.includes(short);
}

/** `did you mean …?`, or the list of known words where it is short, or nothing. */
export function suggest(word: string, known: readonly string[]): string {
  const close = nearest(word, known);
  if (close.length > 0) return didYouMean(close);
  return known.length > 0 && known.length <= OFFERED_MAX ? `known here: ${known.join(', ')}` : '';
}

/** Words in quotes as a question. */
export const didYouMean = (words: readonly string[]): string =>
  `did you mean ${words.map(word => `'${word}'`).join(' or ')}?`;
