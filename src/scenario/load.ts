import { compile, type Scenario } from './compile.ts';
import { type Problem, problem } from './problem.ts';
import { applyCell, type Cell, cellsOf, type ReadFile, resolveFile } from './resolve.ts';
import { scenarioSchema } from './schema.ts';
import { schemaProblems } from './schema-problems.ts';
import type { SourceNode } from './source-tree.ts';

/** What a file holds: its variants, or what is wrong with it. */
export interface Loaded {
  /** Empty when there are errors. */
  readonly scenarios: readonly Scenario[];
  /** Everything wrong or suspicious, in file order. */
  readonly problems: readonly Problem[];
}

/** Most problems shown for a file, and most variants a file may have. */
export const CELLS_MAX = 4096;

/**
 * Loads a scenario file: reads it and what it extends, and builds every variant. All mistakes are
 * found in one go; with any error no scenario comes back.
 */
export function loadScenario(file: string, text: string, read: ReadFile): Loaded {
  const resolved = resolveFile(file, text, read);
  const problems: Problem[] = [...resolved.problems];
  const { tree } = resolved;
  if (!tree) return { scenarios: [], problems };
  if (tree.kind !== 'map') {
    problems.push(
      problem('schema/type', tree.at, 'a scenario is a map of sections', 'begin with: irqscope: 1'),
    );
    return { scenarios: [], problems };
  }
  const cells = cellsOf(tree);
  if (cells.length === 0 || cells.length > CELLS_MAX) {
    const what = cells.length === 0 ? 'no variant is left' : `more than ${CELLS_MAX} variants`;
    problems.push(problem('vary/cells', tree.at, what, 'look at vary and exclude'));
    return { scenarios: [], problems };
  }
  const scenarios = cells.flatMap(cell => loadCell(file, tree, { cell, problems }));
  const unique = distinct(problems);
  const failed = unique.some(found => found.severity === 'error');
  return { scenarios: failed ? [] : scenarios, problems: unique };
}

function loadCell(
  file: string,
  tree: SourceNode,
  at: { readonly cell: Cell; readonly problems: Problem[] },
): Scenario[] {
  const variant = applyCell(tree, at.cell);
  at.problems.push(...variant.problems);
  if (!variant.tree) return [];
  const parsed = scenarioSchema.safeParse(plainOf(variant.tree));
  if (!parsed.success) {
    at.problems.push(...schemaProblems(variant.tree, parsed.error.issues));
    return [];
  }
  const built = compile(file, variant.tree, { yaml: parsed.data, cell: at.cell });
  at.problems.push(...built.problems);
  return [built.scenario];
}

/** The tree as plain data, keys that begin with `x-` left out: they are the writer's own. */
function plainOf(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainOf);
    case 'map':
      return Object.fromEntries(
        [...node.entries]
          .filter(([key]) => !key.startsWith('x-'))
          .map(([key, entry]) => [key, plainOf(entry.node)]),
      );
  }
}

/** Each problem once, in the order of the file. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const found of problems) {
    const { file, line, column } = found.at;
    seen.set(`${file}:${line}:${column}:${found.code}:${found.message}`, found);
  }
  return [...seen.values()].sort(
    (a, b) =>
      a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column,
  );
}
