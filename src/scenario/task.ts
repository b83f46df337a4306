import { type Problem, problem, suggest } from './problem.ts';
import { applyCell, type Cell, matchesCell, merge, without } from './resolve.ts';
import { type Entry, type MapNode, nodeAt, plainValue, type SourceNode } from './source-tree.ts';

/** Sections that say what the file is about as a whole; an attempt at a task goes without them. */
const WHOLE = ['lesson', 'vary', 'exclude', 'explore', 'expect'];

/** The task of a part: what is changed, what must come of it, and a way to get there. */
export interface Task {
  readonly start: MapNode;
  readonly goal: SourceNode;
  readonly solution: SourceNode;
}

/** The task of a part of a lesson, in one variant; null where the part has none. */
export function taskOf(variant: SourceNode, part: number): Task | null {
  const at = (key: string): SourceNode | null =>
    nodeAt(variant, ['lesson', 'parts', part, 'ask', 'repair', key]);
  const [start, goal, solution] = [at('start'), at('goal'), at('solution')];
  return start?.kind === 'map' && goal && solution ? { start, goal, solution } : null;
}

/** The document of an attempt: the variant as it is, the sections that were changed, and the goal. */
export function attemptTree(
  variant: SourceNode,
  attempt: { readonly sections: SourceNode; readonly goal: SourceNode | null },
): SourceNode {
  const rest = WHOLE.reduce(without, variant);
  const changed = merge(rest, attempt.sections);
  if (changed.kind !== 'map' || !attempt.goal) return changed;
  const expect: Entry = { keyAt: attempt.goal.at, node: attempt.goal };
  return { ...changed, entries: new Map([...changed.entries, ['expect', expect]]) };
}

/** Sections an attempt has no business with. */
export function foreignSections(task: Task, sections: SourceNode): Problem[] {
  if (sections.kind !== 'map')
    return [problem('lesson/sections', sections.at, 'expected sections, such as steps:')];
  const known = [...task.start.entries.keys()];
  return [...sections.entries].flatMap(([key, { keyAt }]) =>
    known.includes(key)
      ? []
      : [
          problem(
            'lesson/sections',
            keyAt,
            `this task does not change '${key}'`,
            suggest(key, known),
          ),
        ],
  );
}

/** What is wrong with the tasks of a lesson: with what they begin with, or with their solution. */
export function taskProblems(
  tree: SourceNode,
  cells: readonly Cell[],
  problemsOf: (document: SourceNode) => readonly Problem[],
): Problem[] {
  const parts = nodeAt(tree, ['lesson', 'parts']);
  if (parts?.kind !== 'list') return [];
  return parts.items.flatMap((part, index) => {
    if (!taskOf(tree, index)) return [];
    const about = nodeAt(part, ['cell']);
    const pattern = about ? plainValue(about) : {};
    const cell = cells.find(one => matchesCell(pattern, one)) ?? {};
    const variant = applyCell(tree, cell).tree;
    const task = taskOf(variant, index);
    if (!task) return [];
    const check = (sections: SourceNode, goal: SourceNode | null): readonly Problem[] => [
      ...foreignSections(task, sections),
      ...problemsOf(attemptTree(variant, { sections, goal })),
    ];
    const { start, goal, solution } = task;
    return [...check(start, null), ...check(solution, goal)].filter(
      ({ severity }) => severity === 'error',
    );
  });
}
