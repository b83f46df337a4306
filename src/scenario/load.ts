import { compile, type Scenario } from './compile.ts';
import type { Doubt } from './linker.ts';
import { type Position, type Problem, problem } from './problem.ts';
import { repair } from './repair.ts';
import {
  applyCell,
  type Cell,
  cellsOf,
  cellText,
  productOf,
  type ReadFile,
  resolveFile,
} from './resolve.ts';
import { FORMAT_VERSION, type ScenarioYaml, scenarioSchema } from './schema.ts';
import { schemaMistakes } from './schema-problems.ts';
import { dataOf, nodeAt, type SourceNode } from './source-tree.ts';
import type { Stand } from './stand-in.ts';
import { checkVariants, PRODUCT_MAX } from './variants.ts';

/** What a file holds: its variants, or what is wrong with it. */
export interface Loaded {
  /** Empty when there are errors. */
  readonly scenarios: readonly Scenario[];
  /** Everything wrong or suspicious, in file order. */
  readonly problems: readonly Problem[];
}

/** Most variants a file may have. */
export const CELLS_MAX = 4096;
/** Times a document is mended, and variants of one file for which that is done. */
const ROUNDS_MAX = 6;
const MENDED_MAX = 16;

/**
 * Loads a scenario file: reads it and what it extends, and builds every variant. All mistakes are
 * found in one go; with any error no scenario comes back.
 */
export function loadScenario(file: string, text: string, read: ReadFile): Loaded {
  const resolved = resolveFile(file, text, read);
  const { tree } = resolved;
  if (!tree || resolved.stop) return { scenarios: [], problems: inOrder(file, resolved.problems) };
  const version = versionProblem(tree);
  if (version) return { scenarios: [], problems: inOrder(file, [...resolved.problems, version]) };
  const cells = productOf(tree) > PRODUCT_MAX ? [] : cellsOf(tree);
  const problems = [...resolved.problems, ...checkVariants(tree, cells, CELLS_MAX)];
  if (cells.length === 0 || cells.length > CELLS_MAX) return { scenarios: [], problems };
  const loading: Loading = { file, known: problems, found: new Map(), mended: 0 };
  const scenarios = cells.flatMap(cell => loadCell(loading, tree, cell));
  const all = inOrder(file, [...problems, ...foundProblems(loading, cells.length)]);
  const failed = all.some(found => found.severity === 'error');
  return { scenarios: failed ? [] : scenarios, problems: all };
}

/** A scenario for another version of the language can’t be judged by this one. */
function versionProblem(tree: SourceNode): Problem | null {
  const node = nodeAt(tree, ['irqscope']);
  if (node?.kind !== 'scalar' || typeof node.value !== 'number') return null;
  if (node.value === FORMAT_VERSION) return null;
  const message = `this is version ${node.value} of the language`;
  const hint = `this program reads irqscope: ${FORMAT_VERSION}`;
  return problem('schema/version', node.at, message, hint);
}

/** A problem, and the variants that have it. */
interface Found {
  readonly problem: Problem;
  readonly cells: Cell[];
}

interface Loading {
  readonly file: string;
  /** Problems of the file as a whole. */
  readonly known: readonly Problem[];
  readonly found: Map<string, Found>;
  /** Variants that had to be mended so far. */
  mended: number;
}

const placeOf = ({ file, line, column }: Position): string => `${file}:${line}:${column}`;
const keyOf = ({ at, code, message }: Problem): string => `${placeOf(at)} ${code} ${message}`;

function add(loading: Loading, cell: Cell, problems: readonly Problem[]): void {
  for (const problem of problems) {
    const key = keyOf(problem);
    const known = loading.found.get(key);
    if (known) known.cells.push(cell);
    else loading.found.set(key, { problem, cells: [cell] });
  }
}

/** One variant; null where the schema refuses it. */
function loadCell(loading: Loading, tree: SourceNode, cell: Cell): Scenario[] {
  const variant = applyCell(tree, cell);
  const told = new Set([...loading.known, ...variant.problems].map(({ at }) => placeOf(at)));
  for (const at of variant.silent) told.add(placeOf(at));
  add(loading, cell, variant.problems);
  const parsed = scenarioSchema.safeParse(dataOf(variant.tree));
  if (parsed.success) {
    const doubts = new Set<Doubt>();
    const built = compile(loading.file, variant.tree, { yaml: parsed.data, cell, doubts });
    add(loading, cell, untold(built.problems, told));
    return [built.scenario];
  }
  loading.mended++;
  const stands: readonly Stand[] = loading.mended <= MENDED_MAX ? ['first', 'last'] : ['first'];
  const mended = stands.map(stand => mend(variant.tree, told, stand));
  add(loading, cell, mended[0].problems);
  const linked = mended.map(one => untold(link(loading, one, cell), one.told));
  const keys = linked.map(problems => new Set(problems.map(keyOf)));
  add(
    loading,
    cell,
    linked[0].filter(found => keys.every(set => set.has(keyOf(found)))),
  );
  return [];
}

/** Problems at places that were written, and are not told about yet. */
const untold = (problems: readonly Problem[], told: ReadonlySet<string>): Problem[] =>
  problems.filter(({ at }) => at.length > 0 && !told.has(placeOf(at)));

/** A document the schema accepts in the end, what it said before, and where. */
interface MendedCell {
  readonly tree: SourceNode;
  readonly yaml: ScenarioYaml | null;
  readonly doubts: ReadonlySet<Doubt>;
  readonly problems: readonly Problem[];
  readonly told: ReadonlySet<string>;
}

function mend(root: SourceNode, before: ReadonlySet<string>, stand: Stand): MendedCell {
  const told = new Set(before);
  const doubts = new Set<Doubt>();
  const problems: Problem[] = [];
  let tree = root;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const parsed = scenarioSchema.safeParse(dataOf(tree));
    if (parsed.success) return { tree, yaml: parsed.data, doubts, problems, told };
    const mistakes = schemaMistakes(tree, parsed.error.issues);
    const fresh = untold(
      mistakes.map(mistake => mistake.problem),
      told,
    );
    problems.push(...fresh);
    for (const { at } of fresh) told.add(placeOf(at));
    const mended = repair(tree, mistakes, round === 0 ? stand : 'first');
    for (const kind of mended.doubts) doubts.add(kind);
    tree = mended.tree;
  }
  return { tree, yaml: null, doubts, problems, told };
}

function link(loading: Loading, mended: MendedCell, cell: Cell): readonly Problem[] {
  const { tree, yaml, doubts } = mended;
  return yaml ? compile(loading.file, tree, { yaml, cell, doubts }).problems : [];
}

/** Problems that only some variants have say which. */
const foundProblems = ({ found }: Loading, cells: number): Problem[] =>
  [...found.values()].map(({ problem, cells: having }) => {
    if (having.length === cells) return problem;
    const more = having.length > 1 ? ` and ${having.length - 1} more` : '';
    return { ...problem, message: `${problem.message} (in ${cellText(having[0])}${more})` };
  });

/** The file’s own problems first, each file’s from top to bottom. */
function inOrder(file: string, problems: readonly Problem[]): Problem[] {
  const files = [...new Set([file, ...problems.map(({ at }) => at.file)])];
  const seen = new Set<string>();
  return problems
    .filter(found => {
      const key = keyOf(found);
      return !seen.has(key) && seen.add(key);
    })
    .sort(
      ({ at: a }, { at: b }) =>
        files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
    );
}
