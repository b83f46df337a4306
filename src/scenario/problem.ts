import leven from 'leven';

/** A place in a file. Lines and columns count from 1; `length` characters belong to it. */
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

/** The words nearest to a mistyped one, best first; none when all are too far off. */
export function nearest(word: string, known: readonly string[]): string[] {
  const limit = Math.max(2, Math.floor(word.length / 2));
  const scored = known
    .map(candidate => ({ candidate, distance: distanceOf(word, candidate) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0]?.distance;
  return scored.filter(({ distance }) => distance === best).map(({ candidate }) => candidate);
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ .]/g, '');

const distanceOf = (word: string, candidate: string): number =>
  plain(word) === plain(candidate) ? 0.5 : leven(word.toLowerCase(), candidate.toLowerCase());

/** `did you mean …?`, or the list of known words where it is short, or nothing. */
export function suggest(word: string, known: readonly string[]): string {
  const close = nearest(word, known);
  if (close.length > 0) return `did you mean ${close.map(w => `'${w}'`).join(' or ')}?`;
  return known.length > 0 && known.length <= 12 ? `known here: ${known.join(', ')}` : '';
}
