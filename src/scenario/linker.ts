import { type Problem, problem, suggest } from './problem.ts';
import { locate, locateKey, type Path, type SourceNode } from './source-tree.ts';

/** Collects what is wrong with references and combinations, at the places they were written. */
export interface Linker {
  readonly root: SourceNode;
  readonly problems: Problem[];
}

export const createLinker = (root: SourceNode): Linker => ({ root, problems: [] });

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

/** Index of a name in a list; reports an unknown one and answers 0 then. */
export function refer(
  linker: Linker,
  path: Path,
  what: { readonly kind: string; readonly name: string; readonly known: readonly string[] },
): number {
  const index = what.known.indexOf(what.name);
  if (index >= 0) return index;
  const hint = suggest(what.name, what.known);
  fail(linker, path, 'ref/unknown', `there is no ${what.kind} '${what.name}'`, hint);
  return 0;
}
