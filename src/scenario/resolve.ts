import { type Problem, problem, suggest } from './problem.ts';
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

/** A document with its `extends` carried out, and the variants it has. */
export interface Resolved {
  readonly tree: SourceNode | null;
  readonly problems: readonly Problem[];
}

const EXTENDS_MAX = 8;

/** Reads a file and everything it extends: maps merge, lists and scalars replace. */
export function resolveFile(file: string, text: string, read: ReadFile): Resolved {
  return extend(file, text, { read, above: [file] });
}

function extend(
  file: string,
  text: string,
  how: { readonly read: ReadFile; readonly above: readonly string[] },
): Resolved {
  const own = parseSource(file, text);
  if (own.tree?.kind !== 'map') return own;
  const base = own.tree.entries.get('extends');
  if (base?.node.kind !== 'scalar' || typeof base.node.value !== 'string') return own;
  const fail = (message: string, hint = ''): Resolved => ({
    tree: own.tree,
    problems: [...own.problems, problem('ref/extends', base.node.at, message, hint)],
  });
  const found = how.read(base.node.value, file);
  if (!found) return fail(`there is no file ${base.node.value}`, 'paths are relative to this file');
  if (how.above.includes(found.file))
    return fail(`${base.node.value} extends this file in turn`, 'a scenario can’t extend itself');
  if (how.above.length >= EXTENDS_MAX) return fail(`extends goes deeper than ${EXTENDS_MAX} files`);
  const parent = extend(found.file, found.text, { ...how, above: [...how.above, found.file] });
  const problems = [...own.problems, ...parent.problems];
  if (!parent.tree) return { tree: own.tree, problems };
  return { tree: without(merge(parent.tree, own.tree), 'extends'), problems };
}

function without(node: SourceNode, key: string): SourceNode {
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
  return { kind: 'map', at: over.at, entries };
}

const differs = (a: Entry | undefined, b: Entry): boolean =>
  a?.node.kind !== 'scalar' || b.node.kind !== 'scalar' || a.node.value !== b.node.value;

/** The variants of a document in the order of its axes, those under `exclude` left out. */
export function cellsOf(tree: SourceNode): Cell[] {
  const axes = axesOf(tree);
  let cells: Cell[] = [{}];
  for (const [axis, names] of axes)
    cells = cells.flatMap(cell => names.map(name => ({ ...cell, [axis]: name })));
  const excluded = nodeAt(tree, ['exclude']);
  const patterns = excluded?.kind === 'list' ? excluded.items.map(plainValue) : [];
  return cells.filter(cell => !patterns.some(pattern => matchesCell(pattern, cell)));
}

function axesOf(tree: SourceNode): [string, string[]][] {
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

/** The document one variant stands for: patches merged in, `$axis` values filled in. */
export function applyCell(tree: SourceNode, cell: Cell): Resolved {
  let result: SourceNode = tree;
  for (const [axis, value] of Object.entries(cell)) {
    const patch = nodeAt(tree, ['vary', axis, value]);
    if (patch?.kind === 'map') result = merge(result, patch);
  }
  const problems: Problem[] = [];
  return { tree: fill(result, { tree, cell, problems }), problems };
}

interface Filling {
  readonly tree: SourceNode;
  readonly cell: Cell;
  readonly problems: Problem[];
}

const VARIABLE = /^\$([A-Za-z][A-Za-z0-9_]*)$/;

function fill(node: SourceNode, how: Filling): SourceNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(item => fill(item, how)) };
  if (node.kind === 'map') return fillMap(node, how);
  const axis = typeof node.value === 'string' ? VARIABLE.exec(node.value)?.[1] : undefined;
  if (!axis) return node;
  const values = nodeAt(how.tree, ['vary', axis]);
  if (values?.kind !== 'list') {
    const known = axesOf(how.tree).map(([name]) => name);
    how.problems.push(
      problem('ref/axis', node.at, `$${axis} is not a list under vary`, suggest(axis, known)),
    );
    return node;
  }
  const chosen = values.items.find(item => String(plainValue(item)) === how.cell[axis]);
  return chosen?.kind === 'scalar' ? { ...node, value: chosen.value } : node;
}

function fillMap(node: MapNode, how: Filling): MapNode {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries)
    entries.set(key, key === 'vary' ? entry : { ...entry, node: fill(entry.node, how) });
  return { ...node, entries };
}

/** A variant as `axis=value,axis=value`; empty where there is one variant only. */
export const cellText = (cell: Cell): string =>
  Object.entries(cell)
    .map(([axis, value]) => `${axis}=${value}`)
    .join(',');
