import { nearest, type Problem, problem, suggest } from './problem.ts';
import { locate, locateKey, type Path, type SourceNode } from './source-tree.ts';

/**
 * Kinds of names a scenario declares and refers to, what else a device declares, and where virtual
 * CPUs are pinned.
 */
export type NameKind =
  | 'device'
  | 'slot'
  | 'store'
  | 'owner'
  | 'guest'
  | 'realm'
  | 'CPU'
  | 'pin'
  | 'unit'
  | 'bridge'
  | 'label'
  | 'axis';

/**
 * Names of a kind that may be missing, or of a device (`slot:nic0`) that may be other than they
 * seem, only because of other mistakes, told already.
 */
export type Doubt = NameKind | `${NameKind}:${string}`;

/** Collects what is wrong with references and combinations, at the places they were written. */
export interface Linker {
  readonly root: SourceNode;
  readonly problems: Problem[];
  readonly doubts: Set<Doubt>;
}

export const createLinker = (root: SourceNode, doubts: ReadonlySet<Doubt>): Linker => ({
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
export function warn(linker: Linker, path: Path, code: string, message: string, hint = ''): void {
  const at = locate(linker.root, path);
  linker.problems.push({ severity: 'warning', code, at, message, hint });
}

/** A reference to something declared elsewhere. */
export interface Reference {
  readonly kind: NameKind;
  readonly name: string;
  readonly known: readonly string[];
  /** The name is the key at the end of the path, not the value there. */
  readonly isKey?: true;
  /** What to write instead, where that is not the nearest known name. */
  readonly hint?: string;
}

/** Whether complaints about a kind of name, or about that of one device, would be guesswork. */
export const doubtful = ({ doubts }: Linker, kind: NameKind, device = ''): boolean =>
  doubts.has(kind) || doubts.has(`${kind}:${device}`);

/**
 * Index of a name in a list. An unknown one is reported, and the index of the name it is closest to
 * comes back, or 0, so that what depends on it can be checked as well.
 */
export function refer(linker: Linker, path: Path, what: Reference): number {
  const index = what.known.indexOf(what.name);
  if (index >= 0) return index;
  unknownName(linker, path, what);
  const [guess] = nearest(what.name, what.known);
  if (guess === undefined && what.kind === 'guest') linker.doubts.add('owner');
  return Math.max(0, what.known.indexOf(guess ?? ''));
}

/** Reports a name nobody declared, unless other mistakes may be to blame. */
export function unknownName(linker: Linker, path: Path, what: Reference): void {
  if (doubtful(linker, what.kind)) return;
  const hint = what.hint ?? suggest(what.name, what.known);
  const report = what.isKey ? failKey : fail;
  report(linker, path, 'ref/unknown', `there is no ${what.kind} '${what.name}'`, hint);
}
