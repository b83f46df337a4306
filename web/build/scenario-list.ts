import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plugin } from 'vite';
import { parse } from 'yaml';

/** A shipped scenario as the page's menu shows it. */
export interface ListedScenario {
  /** Path under `scenarios/` without its ending: the name links use. */
  readonly id: string;
  readonly title: string;
  /** Words to find it by. */
  readonly tags: readonly string[];
}

const MODULE = 'virtual:scenario-list';
const SCENARIO = /\.ya?ml$/;

/** Folders whose files are no scenarios to look at. */
const LEFT_OUT = new Set(['matrix', 'explore', 'ci']);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : filesIn(path);
      return SCENARIO.test(entry.name) ? [path] : [];
    });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function listed(root: string, path: string): ListedScenario[] {
  const data: unknown = parse(readFileSync(path, 'utf8'));
  if (typeof data !== 'object' || data === null || !('steps' in data || 'extends' in data))
    return [];
  const fields: Record<string, unknown> = { ...data };
  const id = relative(root, path).replace(SCENARIO, '').replaceAll('\\', '/');
  const tags = Array.isArray(fields.tags) ? fields.tags.map(String) : [];
  return [{ id, title: textOf(fields.title), tags }];
}

/** Titles of all shipped scenarios, read once when the page is built. */
export function scenarioList(root: string): Plugin {
  return {
    name: 'scenario-list',
    resolveId: id => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      const list = filesIn(root).flatMap(path => listed(root, path));
      return `export const SCENARIOS = ${JSON.stringify(list)};`;
    },
  };
}
