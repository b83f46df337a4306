import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { testWithFile } from './tools.ts';

const SHARED = join(import.meta.dirname, '..', '..', 'shared');

/**
 * Path of a file of facts that lives beside the project, or null where it is not installed. Tests
 * that need it are declared with `testShared`.
 */
export const sharedFile = (path: string): string | null => {
  const file = join(SHARED, path);
  return existsSync(file) ? file : null;
};

/** `test` for what needs a file of facts; left out by name where it is not there. */
export const testShared = (path: string) => testWithFile(`../shared/${path}`, sharedFile(path));

/** The records of a gzipped file of facts, one JSON value a line; null as for `sharedFile`. */
export function sharedLines(path: string): unknown[] | null {
  const file = sharedFile(path);
  if (file === null) return null;
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  return text
    .split('\n')
    .filter(line => line !== '')
    .map((line): unknown => JSON.parse(line));
}
