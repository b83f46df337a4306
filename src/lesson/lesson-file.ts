import { parseDocument } from 'yaml';
import type { Scenario } from '../scenario/compile.ts';
import { type Loaded, loadScenario, loadTree } from '../scenario/load.ts';
import type { Problem } from '../scenario/problem.ts';
import { applyCell, type Cell, type ReadFile, resolveFile } from '../scenario/resolve.ts';
import type { LessonYaml } from '../scenario/schema-lesson.ts';
import { nodeAt, parseSource, type SourceNode } from '../scenario/source-tree.ts';
import { attemptTree, foreignSections, type Task, taskOf } from '../scenario/task.ts';
import { ATTEMPT_FILE } from './attempt-file.ts';
import { createLessonRuns, type LessonRuns } from './lesson-runs.ts';

/** A lesson with the scenario it is about. */
export interface LessonFile {
  readonly name: string;
  readonly title: string;
  readonly lesson: LessonYaml;
  readonly scenarios: readonly Scenario[];
  readonly runs: LessonRuns;
  /** Loads the scenario as a learner changed it; `part` counts from 0. */
  attempt(part: number, cell: Cell, text: string): Loaded;
  /** What a task begins with, or its solution, as it stands in the file. */
  taskText(part: number, cell: Cell, which: 'start' | 'solution'): string;
}

/** What a file holds: a lesson, or what is wrong. Neither where it is a scenario without a lesson. */
export interface OpenedLesson {
  readonly file: LessonFile | null;
  readonly problems: readonly Problem[];
}

/** Opens a lesson file. */
export function openLesson(file: string, text: string, read: ReadFile): OpenedLesson {
  const { scenarios, problems } = loadScenario(file, text, read);
  const [first] = scenarios;
  const { tree } = resolveFile(file, text, read);
  if (!first?.lesson || !tree) return { file: null, problems };
  return {
    problems,
    file: {
      name: first.name,
      title: first.title,
      lesson: first.lesson,
      scenarios,
      runs: createLessonRuns(scenarios),
      attempt: (part, cell, own) => loadAttempt(tree, { part, cell, own }),
      taskText: (part, cell, which) => withValues(tree, cell, taskText(text, part, which)),
    },
  };
}

function loadAttempt(
  tree: SourceNode,
  { part, cell, own }: { readonly part: number; readonly cell: Cell; readonly own: string },
): Loaded {
  const variant = applyCell(tree, cell).tree;
  const task = taskOf(variant, part);
  if (!task) throw new Error(`part ${part + 1} has no task`);
  const source = parseSource(ATTEMPT_FILE, own);
  if (!source.tree || source.broken)
    return { scenarios: [], problems: source.problems.map(found => withoutHead(task, found)) };
  const foreign = foreignSections(task, source.tree);
  if (foreign.length > 0 || source.problems.length > 0)
    return { scenarios: [], problems: [...source.problems, ...foreign] };
  const { goal } = task;
  return loadTree(ATTEMPT_FILE, attemptTree(variant, { sections: source.tree, goal }));
}

/** An attempt has no head to begin with: it begins with what is changed. */
const withoutHead = ({ start }: Task, found: Problem): Problem =>
  found.code === 'yaml/empty'
    ? { ...found, hint: `begin with: ${[...start.entries.keys()].join(', ')}` }
    : found;

/** A part of the text as it is written, moved to the left margin. */
function taskText(text: string, part: number, which: 'start' | 'solution'): string {
  const path = ['lesson', 'parts', part, 'ask', 'repair', which];
  const node = parseDocument(text, { version: '1.2' }).getIn(path, true);
  const range = rangeOf(node);
  if (!range) return '';
  const lineStart = text.lastIndexOf('\n', range[0] - 1) + 1;
  const indent = range[0] - lineStart;
  const lines = text.slice(range[0], range[1]).trimEnd().split('\n');
  const [first, ...rest] = lines;
  const margin = ' '.repeat(indent);
  const moved = rest.map(line => (line.startsWith(margin) ? line.slice(indent) : line.trimStart()));
  return `${[first, ...moved].join('\n')}\n`;
}

const VARIABLE = /\$([A-Za-z][A-Za-z0-9_]*)/g;

/** A text with the values of a variant in the places of its axes, written as the file writes them. */
const withValues = (tree: SourceNode, cell: Cell, text: string): string =>
  text.replaceAll(VARIABLE, (name, axis: string) => {
    const values = nodeAt(tree, ['vary', axis]);
    if (values?.kind !== 'list') return name;
    const found = values.items.find(
      item => item.kind === 'scalar' && String(item.value) === cell[axis],
    );
    return found?.kind === 'scalar' ? (found.plain ?? JSON.stringify(found.value)) : name;
  });

function rangeOf(node: unknown): readonly [number, number] | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null;
  const { range } = node;
  if (!Array.isArray(range)) return null;
  const [from, to]: readonly unknown[] = range;
  return typeof from === 'number' && typeof to === 'number' ? [from, to] : null;
}
