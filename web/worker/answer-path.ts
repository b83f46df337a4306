import type { ReadFile } from '../../src/index.ts';
import type { Source } from './protocol.ts';

/** A path relative to the file that names it; both may lead out of the folder they begin in. */
export function resolvePath(path: string, from: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Finds what a text extends among the files that came with it. */
export const readOf =
  ({ others }: Source): ReadFile =>
  (path, from) => {
    const file = resolvePath(path, from);
    const text = others[file];
    return text === undefined ? null : { file, text };
  };
