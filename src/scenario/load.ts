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
  type Resolved,
  resolveFile,
} from './resolve.ts';
import { FORMAT_VERSION, type ScenarioYaml, scenarioSchema } from './schema.ts';
import { schemaMistakes, sectionMistakes } from './schema-problems.ts';
import { dataOf, nodeAt, type SourceNode } from './source-tree.ts';
import type { Stand } from './stand-in.ts';
import { taskProblems } from './task.ts';
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
/** Times a document is mended, and variants of one file whose references are checked all the same. */
const ROUNDS_MAX = 6;
const MENDED_MAX = 16;

/**
 * Loads a scenario file: reads it and what it extends, and builds every variant. All mistakes are
 * found in one go; with any error no scenario comes back.
 */
export function loadScenario(file: string, text: string, read: ReadFile): Loaded {
  const resolved = resolveFile(file, text, read);
  const loaded = loadResolved(file, resolved);
  if (!resolved.tree || loaded.scenarios.length === 0) return loaded;
  const cells = loaded.scenarios.map(({ cell }) => cell);
  const tasks = taskProblems(resolved.tree, cells, tree => loadTree(file, tree).problems);
  if (tasks.length === 0) return loaded;
  return { scenarios: [], problems: inOrder(file, [...loaded.problems, ...tasks]) };
}

/** Loads a document that is put together already. */
export const loadTree = (file: string, tree: SourceNode): Loaded =>
  loadResolved(file, { tree, problems: [], stop: false });

function loadResolved(file: string, resolved: Resolved): Loaded {
  if (!resolved.tree || resolved.stop)
    return { scenarios: [], problems: inOrder(file, resolved.problems) };
  const version = versionProblem(resolved.tree);
  if (version) return { scenarios: [], problems: inOrder(file, [...resolved.problems, version]) };
  const sections = sectionMistakes(resolved.tree);
  const known = [...resolved.problems, ...sections.map(mistake => mistake.problem)];
  if (sections.some(({ meant }) => meant.includes('extends')))
    return { scenarios: [], problems: inOrder(file, known) };
  const { tree, doubts } = repair(resolved.tree, sections, 'first');
  const cells = productOf(tree) > PRODUCT_MAX ? [] : cellsOf(tree);
  const loading: Loading = { file, tree, known, doubts, cells: tally(), links: tally(), mended: 0 };
  const wanted = cells.length <= CELLS_MAX ? cells : [];
  const scenarios = wanted.flatMap(cell => loadCell(loading, cell));
  const found = [...known, ...problemsOf(loading.cells), ...problemsOf(loading.links)];
  if (!doubts.has('axis'))
    found.push(...checkVariants(tree, cells, { most: CELLS_MAX, others: found }));
  const problems = inOrder(file, found);
  const failed = problems.some(({ severity }) => severity === 'error');
  return { scenarios: failed ? [] : scenarios, problems };
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

/** Problems of variants, each with the variants that have it, of those that were asked. */
interface Tally {
  readonly found: Map<string, { readonly problem: Problem; readonly cells: Set<Cell> }>;
  readonly asked: Set<Cell>;
}

const tally = (): Tally => ({ found: new Map(), asked: new Set() });

interface Loading {
  readonly file: string;
  readonly tree: SourceNode;
  /** Problems of the file as a whole, and what they leave open. */
  readonly known: readonly Problem[];
  readonly doubts: ReadonlySet<Doubt>;
  /** What the schema and the axes say, and what references and combinations bring. */
  readonly cells: Tally;
  readonly links: Tally;
  /** Variants that had to be mended so far. */
  mended: number;
}

const placeOf = ({ file, line, column }: Position): string => `${file}:${line}:${column}`;
const keyOf = ({ at, code, message }: Problem): string => `${placeOf(at)} ${code} ${message}`;

function add({ found, asked }: Tally, cell: Cell, problems: readonly Problem[]): void {
  asked.add(cell);
  for (const problem of problems) {
    const known = found.get(keyOf(problem));
    if (known) known.cells.add(cell);
    else found.set(keyOf(problem), { problem, cells: new Set([cell]) });
  }
}

/** Problems that only some of the variants have say which. */
const problemsOf = ({ found, asked }: Tally): Problem[] =>
  [...found.values()].map(({ problem, cells }) => {
    if (cells.size === asked.size) return problem;
    const [first] = cells;
    const more = cells.size > 1 ? ` and ${cells.size - 1} more` : '';
    return { ...problem, message: `${problem.message} (in ${cellText(first)}${more})` };
  });

/** One variant; none where the schema refuses it. */
function loadCell(loading: Loading, cell: Cell): Scenario[] {
  const variant = applyCell(loading.tree, cell);
  const told = new Set([...loading.known, ...variant.problems].map(({ at }) => placeOf(at)));
  for (const at of variant.silent) told.add(placeOf(at));
  add(loading.cells, cell, loading.doubts.has('axis') ? [] : variant.problems);
  const start: Mending = { tree: variant.tree, told, doubts: loading.doubts };
  const parsed = scenarioSchema.safeParse(dataOf(variant.tree));
  if (parsed.success) {
    const { scenario, problems } = link(loading, start, { yaml: parsed.data, cell });
    add(loading.links, cell, problems);
    return [scenario];
  }
  const first = mend(start, 'first');
  add(loading.cells, cell, first.problems);
  if (++loading.mended > MENDED_MAX) return [];
  const mended = [first, mend(start, 'last')];
  const linked = mended.map(one =>
    one.yaml ? link(loading, one, { yaml: one.yaml, cell }).problems : [],
  );
  const keys = linked.map(problems => new Set(problems.map(keyOf)));
  add(
    loading.links,
    cell,
    linked[0].filter(found => keys.every(set => set.has(keyOf(found)))),
  );
  return [];
}

/** Problems at places that were written, and are not told about yet. */
const untold = (problems: readonly Problem[], told: ReadonlySet<string>): Problem[] =>
  problems.filter(({ at }) => at.length > 0 && !told.has(placeOf(at)));

/** A document, the places that were told about, and the names that are in doubt. */
interface Mending {
  readonly tree: SourceNode;
  readonly told: ReadonlySet<string>;
  readonly doubts: ReadonlySet<Doubt>;
}

/** A document the schema accepts in the end, unless `yaml` is null, and what it said before. */
interface Mended extends Mending {
  readonly yaml: ScenarioYaml | null;
  readonly problems: readonly Problem[];
}

function mend(start: Mending, stand: Stand): Mended {
  const told = new Set(start.told);
  const doubts = new Set(start.doubts);
  const problems: Problem[] = [];
  let { tree } = start;
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
    for (const at of mended.open) told.add(placeOf(at));
    for (const doubt of mended.doubts) doubts.add(doubt);
    tree = mended.tree;
  }
  return { tree, yaml: null, doubts, problems, told };
}

/** Builds a variant, and keeps what is not told about yet. */
function link(
  loading: Loading,
  { tree, doubts, told }: Mending,
  { yaml, cell }: { readonly yaml: ScenarioYaml; readonly cell: Cell },
): { scenario: Scenario; problems: Problem[] } {
  const built = compile(loading.file, tree, { yaml, cell, doubts });
  return { scenario: built.scenario, problems: untold(built.problems, told) };
}

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
