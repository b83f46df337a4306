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

/** A shipped lesson as the list of lessons shows it. */
export interface ListedLesson {
  /** As that of a scenario. */
  readonly id: string;
  /** What answers are kept under. */
  readonly name: string;
  readonly order: number;
  readonly title: string;
  readonly goal: string;
  readonly parts: number;
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

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

interface Read {
  readonly id: string;
  readonly fields: Fields;
}

function read(root: string, path: string): Read[] {
  const fields: unknown = parse(readFileSync(path, 'utf8'));
  const id = relative(root, path).replace(SCENARIO, '').replaceAll('\\', '/');
  return isFields(fields) && ('steps' in fields || 'extends' in fields) ? [{ id, fields }] : [];
}

const listed = ({ id, fields }: Read): ListedScenario => ({
  id,
  title: textOf(fields.title),
  tags: Array.isArray(fields.tags) ? fields.tags.map(String) : [],
});

function listedLesson({ id, fields }: Read): ListedLesson[] {
  const { lesson, name, title } = fields;
  if (!isFields(lesson)) return [];
  const { order, goal, parts } = lesson;
  return [
    {
      id,
      name: textOf(name),
      order: Number(order),
      title: textOf(title),
      goal: textOf(goal),
      parts: Array.isArray(parts) ? parts.length : 0,
    },
  ];
}

/** Titles of all shipped scenarios and lessons, read once when the page is built. */
export function scenarioList(root: string): Plugin {
  return {
    name: 'scenario-list',
    resolveId: id => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      const all = filesIn(root).flatMap(path => read(root, path));
      const scenarios = all.filter(({ fields }) => !isFields(fields.lesson)).map(listed);
      const lessons = all.flatMap(listedLesson).sort((a, b) => a.order - b.order);
      return [
        `export const SCENARIOS = ${JSON.stringify(scenarios)};`,
        `export const LESSONS = ${JSON.stringify(lessons)};`,
      ].join('\n');
    },
  };
}
