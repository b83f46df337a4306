import { type Position, type Problem, problem, suggest } from './problem.ts';
import {
  type Entry,
  type MapNode,
  nodeAt,
  parseSource,
  plainValue,
  type SourceNode,
} from './source-tree.ts';

/** Reads another file, by a path relative to the one that names it; null when there is none. */
export type ReadFile = (path: string, from: string) => { file: string; text: string } | null;

/** One variant of a scenario: the value of every axis. */
export type Cell = Readonly<Record<string, string>>;

/** A document with its `extends` carried out. */
export interface Resolved {
  readonly tree: SourceNode | null;
  readonly problems: readonly Problem[];
  /** What was read is not the whole, or not meant as it stands: it can’t be judged further. */
  readonly stop: boolean;
}

const EXTENDS_MAX = 8;

/** Reads a file and everything it extends: maps merge, lists and scalars replace. */
export function resolveFile(file: string, text: string, read: ReadFile): Resolved {
  return extend(file, text, { read, above: [file] });
}

interface Extending {
  readonly read: ReadFile;
  /** Files that extend one another down to this one. */
  readonly above: readonly string[];
}

function extend(file: string, text: string, how: Extending): Resolved {
  const { tree, problems, broken } = parseSource(file, text);
  if (!tree || broken) return { tree, problems, stop: true };
  if (tree.kind !== 'map') {
    const hint = 'begin with: irqscope: 1';
    const found = problem('schema/type', tree.at, 'a scenario is a map of sections', hint);
    return { tree, problems: [...problems, found], stop: true };
  }
  const base = tree.entries.get('extends');
  if (!base) return { tree, problems, stop: false };
  const { at } = base.node;
  const path = base.node.kind === 'scalar' ? base.node.value : null;
  const fail = (message: string, hint = ''): Resolved => {
    const code = typeof path === 'string' ? 'ref/extends' : 'schema/type';
    return { tree, problems: [...problems, problem(code, at, message, hint)], stop: true };
  };
  if (typeof path !== 'string') return fail('extends: expected the path of a file');
  const found = how.read(path, file);
  if (!found) return fail(`there is no file ${path}`, 'paths are relative to this file');
  if (how.above.includes(found.file))
    return fail(`${path} extends this file in turn`, 'a scenario can’t extend itself');
  if (how.above.length >= EXTENDS_MAX) return fail(`extends goes deeper than ${EXTENDS_MAX} files`);
  const parent = extend(found.file, found.text, { ...how, above: [...how.above, found.file] });
  const all = [...problems, ...parent.problems];
  if (!parent.tree || parent.stop) return { tree, problems: all, stop: true };
  return { tree: without(merge(parent.tree, tree), 'extends'), problems: all, stop: false };
}

/** A map without one of its keys. */
export function without(node: SourceNode, key: string): SourceNode {
  if (node.kind !== 'map') return node;
  return { ...node, entries: new Map([...node.entries].filter(([name]) => name !== key)) };
}

/** `over` on top of `base`: maps merge key by key, anything else replaces. */
export function merge(base: SourceNode, over: SourceNode): SourceNode {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const kind = over.entries.get('kind');
  if (kind && differs(base.entries.get('kind'), kind)) return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const old = base.entries.get(key);
    entries.set(key, old ? { ...entry, node: merge(old.node, entry.node) } : entry);
  }
  return { ...over, entries };
}

const differs = (a: Entry | undefined, b: Entry): boolean =>
  a?.node.kind !== 'scalar' || b.node.kind !== 'scalar' || a.node.value !== b.node.value;

/** The variants of a document in the order of its axes, those under `exclude` left out. */
export function cellsOf(tree: SourceNode): Cell[] {
  let cells: Cell[] = [{}];
  for (const [axis, names] of axesOf(tree))
    if (names.length > 0)
      cells = cells.flatMap(cell => names.map(name => ({ ...cell, [axis]: name })));
  const excluded = nodeAt(tree, ['exclude']);
  const patterns = excluded?.kind === 'list' ? excluded.items.map(plainValue) : [];
  return cells.filter(cell => !patterns.some(pattern => matchesCell(pattern, cell)));
}

/** Number of variants before `exclude` takes some away. */
export const productOf = (tree: SourceNode): number =>
  axesOf(tree).reduce((product, [, names]) => product * Math.max(1, names.length), 1);

/** The axes of a document and the names of their values. */
export function axesOf(tree: SourceNode): [string, string[]][] {
  const vary = nodeAt(tree, ['vary']);
  if (vary?.kind !== 'map') return [];
  return [...vary.entries].map(([axis, { node }]) => {
    if (node.kind === 'map') return [axis, [...node.entries.keys()]];
    if (node.kind === 'list') return [axis, node.items.map(item => String(plainValue(item)))];
    return [axis, []];
  });
}

/** Whether every axis a pattern names has one of the values it names. */
export function matchesCell(pattern: unknown, cell: Cell): boolean {
  if (typeof pattern !== 'object' || pattern === null) return false;
  return Object.entries(pattern).every(([axis, wanted]) => {
    const options = Array.isArray(wanted) ? wanted : [wanted];
    return options.map(String).includes(cell[axis]);
  });
}

/** The document of one variant. */
export interface Variant {
  readonly tree: SourceNode;
  readonly problems: readonly Problem[];
  /** Places that could not be filled in because of mistakes told elsewhere. */
  readonly silent: readonly Position[];
}

/** The document one variant stands for: patches merged in, `$name` filled in. */
export function applyCell(tree: SourceNode, cell: Cell): Variant {
  let result: SourceNode = tree;
  for (const [axis, value] of Object.entries(cell)) {
    const patch = nodeAt(tree, ['vary', axis, value]);
    if (patch?.kind === 'map') result = merge(result, patch);
  }
  const problems: Problem[] = [];
  const silent: Position[] = [];
  const given = nodeAt(result, ['values']);
  const values = given?.kind === 'map' ? given.entries : new Map<string, Entry>();
  const how = { tree, cell, values, problems, silent };
  return { tree: fillSections(result, how), problems, silent };
}

interface Filling {
  readonly tree: SourceNode;
  readonly cell: Cell;
  /** What `$name` stands for where no axis says. */
  readonly values: ReadonlyMap<string, Entry>;
  readonly problems: Problem[];
  readonly silent: Position[];
}

/** Sections that say what names stand for. */
const MEANINGS = ['vary', 'values'];

function fillSections(root: SourceNode, how: Filling): SourceNode {
  if (root.kind !== 'map') return fill(root, how);
  const entries = [...root.entries].map(([key, entry]): [string, Entry] => [
    key,
    MEANINGS.includes(key) ? entry : { ...entry, node: fill(entry.node, how) },
  ]);
  return { ...root, entries: new Map(entries) };
}

const VARIABLE = /^\$([A-Za-z][A-Za-z0-9_-]*)$/;

function fill(node: SourceNode, how: Filling): SourceNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(item => fill(item, how)) };
  if (node.kind === 'map') return fillMap(node, how);
  const axis = typeof node.value === 'string' ? VARIABLE.exec(node.value)?.[1] : undefined;
  if (!axis) return node;
  const value = how.values.get(axis)?.node;
  if (value?.kind === 'scalar') return value;
  const values = nodeAt(how.tree, ['vary', axis]);
  const items = values?.kind === 'list' ? values.items : [];
  const chosen = items.find(item => String(plainValue(item)) === how.cell[axis]);
  if (chosen?.kind !== 'scalar') {
    noValues(node.at, axis, how);
    return node;
  }
  return chosen;
}

function noValues(at: Position, axis: string, how: Filling): void {
  if (how.values.has(axis)) {
    how.silent.push(at);
    return;
  }
  const vary = nodeAt(how.tree, ['vary']);
  const values = nodeAt(how.tree, ['vary', axis]);
  if ((vary && vary.kind !== 'map') || values?.kind === 'scalar' || values?.kind === 'list') {
    how.silent.push(at);
    return;
  }
  if (values) {
    const hint = `write vary: { ${axis}: [first, second] }, or leave the $ out`;
    how.problems.push(problem('ref/axis', at, `axis ${axis} has patches, not values`, hint));
    return;
  }
  const known = [...(vary ? vary.entries.keys() : []), ...how.values.keys()];
  const hint = suggest(axis, known) || `write vary: { ${axis}: [first, second] }`;
  how.problems.push(problem('ref/axis', at, `there is no axis '${axis}' under vary`, hint));
}

function fillMap(node: MapNode, how: Filling): MapNode {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries)
    entries.set(key, { ...entry, node: fill(entry.node, how) });
  return { ...node, entries };
}

/** A variant as `axis=value,axis=value`; empty where there is one variant only. */
export const cellText = (cell: Cell): string =>
  Object.entries(cell)
    .map(([axis, value]) => `${axis}=${value}`)
    .join(',');
