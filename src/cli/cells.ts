import type { Cell } from '../scenario/resolve.ts';
import { usageError } from './exit.ts';

/** Collects an option that may be repeated. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** What `--cell axis=value` asks for; values may be joined by commas. */
export function cellFilter(values: readonly string[]): Cell {
  const filter: Record<string, string> = {};
  for (const part of values.flatMap(value => value.split(','))) {
    const [axis, value] = part.split('=');
    if (!axis || value === undefined) throw usageError(`--cell takes axis=value, not '${part}'`);
    filter[axis] = value;
  }
  return filter;
}
