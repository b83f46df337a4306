import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const SHARED = join(import.meta.dirname, '..', '..', 'shared');

/**
 * Path of a file of facts that lives beside the project, or null where it is not installed; then a
 * warning says so, and the tests that need it must be skipped by name (`test.skipIf`).
 */
export const sharedFile = (path: string): string | null => {
  const file = join(SHARED, path);
  if (existsSync(file)) return file;
  console.warn(`LEFT OUT: tests that need ../shared/${path}, which is not there`);
  return null;
};

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
