import type { Scenario } from '../scenario/compile.ts';
import { suggest } from '../scenario/problem.ts';
import { type Cell, matchesCell } from '../scenario/resolve.ts';
import { usageError } from './exit.ts';

/** Collects an option that may be repeated. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** What `--cell` asks for: by axis, the values that will do. */
export type CellFilter = Readonly<Record<string, readonly string[]>>;

/** Reads `--cell axis=value`; values may be joined by commas, and several of an axis are all wanted. */
export function cellFilter(values: readonly string[]): CellFilter {
  const filter: Record<string, string[]> = {};
  for (const part of values.flatMap(value => value.split(','))) {
    const at = part.indexOf('=');
    const axis = part.slice(0, at);
    if (at < 1) throw usageError(`--cell takes axis=value, not '${part}'`);
    filter[axis] = [...(filter[axis] ?? []), part.slice(at + 1)];
  }
  return filter;
}

/** The variants that `--cell` asks for; an axis or value that none of them has is told. */
export function chooseCells<T extends Pick<Scenario, 'cell'>>(
  variants: readonly T[],
  values: readonly string[],
): T[] {
  const filter = cellFilter(values);
  const cells = variants.map(({ cell }) => cell);
  for (const [axis, wanted] of Object.entries(filter))
    for (const text of unknownIn(axis, wanted, cells)) process.stderr.write(`--cell: ${text}\n`);
  return variants.filter(({ cell }) => matchesCell(filter, cell));
}

function unknownIn(axis: string, wanted: readonly string[], cells: readonly Cell[]): string[] {
  const axes = [...new Set(cells.flatMap(cell => Object.keys(cell)))];
  if (!axes.includes(axis)) return [hinted(`there is no axis '${axis}'`, axis, axes)];
  const known = [...new Set(cells.flatMap(cell => cell[axis] ?? []))];
  return wanted
    .filter(value => !known.includes(value))
    .map(value => hinted(`axis ${axis} has no value '${value}'`, value, known));
}

function hinted(what: string, word: string, known: readonly string[]): string {
  const hint = suggest(word, known);
  return hint ? `${what}; ${hint}` : what;
}
