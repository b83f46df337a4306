import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { didYouMean, nearest } from '../scenario/problem.ts';
import type { ReadFile } from '../scenario/resolve.ts';
import { usageError } from './exit.ts';

const SCENARIO = /\.ya?ml$/;

/** Folders whose files are not scenarios to run: explorations and examples for other programs. */
const NOT_RUN = new Set(['matrix', 'explore', 'ci', 'node_modules']);

/** The path of a file as reports name it: relative to where the program was started. */
export const shown = (path: string): string => relative(process.cwd(), resolve(path)) || path;

/** Folders that hold no scenarios at all. */
const NO_SCENARIOS = new Set(['ci', 'node_modules']);

/**
 * Scenario files under the given files and folders, in a fixed order: those that are run as they
 * are, or all, files for exploration included.
 */
export function findScenarios(paths: readonly string[], which: 'run' | 'all' = 'run'): string[] {
  const skipped = which === 'run' ? NOT_RUN : NO_SCENARIOS;
  return [...new Set(paths.flatMap(path => expand(path, skipped)))];
}

function expand(path: string, skipped: ReadonlySet<string>): string[] {
  if (!existsSync(path)) throw usageError(missingText(path));
  if (!statSync(path).isDirectory()) return [shown(path)];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const child = join(path, entry.name);
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : expand(child, skipped);
      return SCENARIO.test(entry.name) ? [shown(child)] : [];
    });
}

function missingText(path: string): string {
  const folder = dirname(path);
  const near = existsSync(folder) ? readdirSync(folder).map(name => join(folder, name)) : [];
  const close = nearest(path, near);
  return `there is no file ${path}${close.length > 0 ? `; ${didYouMean(close)}` : ''}`;
}

/** Reads a text file; a missing one is the caller's mistake. */
export function readText(path: string): string {
  if (!existsSync(path)) throw usageError(missingText(path));
  return readFileSync(path, 'utf8');
}

/** Finds files that scenarios extend, relative to the file that names them. */
export const readRelative: ReadFile = (path, from) => {
  const file = join(dirname(from), path);
  return existsSync(file) && statSync(file).isFile()
    ? { file: shown(file), text: readFileSync(file, 'utf8') }
    : null;
};
