import { nearest, type Problem, problem, suggest } from './problem.ts';
import { locate, locateKey, type Path, type SourceNode } from './source-tree.ts';

/** Kinds of names a scenario declares and refers to. */
export type NameKind = 'device' | 'slot' | 'guest' | 'realm' | 'CPU' | 'bridge' | 'label' | 'axis';

/** Collects what is wrong with references and combinations, at the places they were written. */
export interface Linker {
  readonly root: SourceNode;
  readonly problems: Problem[];
  /** Names of these kinds may be missing only because of other mistakes, told already. */
  readonly doubts: Set<NameKind>;
}

export const createLinker = (root: SourceNode, doubts: ReadonlySet<NameKind>): Linker => ({
  root,
  problems: [],
  doubts: new Set(doubts),
});

/** Reports a mistake at the value under `path`. */
export function fail(linker: Linker, path: Path, code: string, message: string, hint = ''): void {
  linker.problems.push(problem(code, locate(linker.root, path), message, hint));
}

/** Reports a mistake at the key at the end of `path`. */
export function failKey(
  linker: Linker,
  path: Path,
  code: string,
  message: string,
  hint = '',
): void {
  linker.problems.push(problem(code, locateKey(linker.root, path), message, hint));
}

/** Reports something legal but suspicious. */
export function warn(linker: Linker, path: Path, code: string, message: string): void {
  const at = locate(linker.root, path);
  linker.problems.push({ severity: 'warning', code, at, message, hint: '' });
}

/** A reference to something declared elsewhere. */
export interface Reference {
  readonly kind: NameKind;
  readonly name: string;
  readonly known: readonly string[];
}

/**
 * Index of a name in a list. An unknown one is reported, and the index of the name it is closest to
 * comes back, or 0, so that what depends on it can be checked as well.
 */
export function refer(linker: Linker, path: Path, what: Reference): number {
  const index = what.known.indexOf(what.name);
  if (index >= 0) return index;
  unknownName(linker, path, what);
  const [guess = ''] = nearest(what.name, what.known);
  return Math.max(0, what.known.indexOf(guess));
}

/** Reports a name nobody declared, unless other mistakes may be to blame. */
export function unknownName(linker: Linker, path: Path, what: Reference): void {
  if (linker.doubts.has(what.kind)) return;
  const hint = suggest(what.name, what.known);
  fail(linker, path, 'ref/unknown', `there is no ${what.kind} '${what.name}'`, hint);
}
