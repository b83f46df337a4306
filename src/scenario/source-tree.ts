import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import { type Position, type Problem, problem } from './problem.ts';
import { isFatal, syntaxProblems } from './yaml-problems.ts';

/** A value of a scenario file together with where it was written. */
export type SourceNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly at: Position;
  /** Written in braces. */
  readonly flow?: boolean;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly keyAt: Position;
  readonly node: SourceNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: Position;
  /** Written in brackets. */
  readonly flow?: boolean;
  readonly items: readonly SourceNode[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: string | number | boolean | null;
  /** As written, where it was written without quotes: numbers keep their base. */
  readonly plain: string | null;
}

/** A file read into a tree; `tree` is null when nothing usable is in it. */
export interface SourceTree {
  readonly tree: SourceNode | null;
  readonly problems: readonly Problem[];
  /** The file is not YAML as it was meant: what the tree holds can’t be judged. */
  readonly broken: boolean;
}

const LEADING_ZERO = /^0[0-9]+$/;
/** A bus address that is not in quotes. */
export const BUS_ADDRESS = /^[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7]$/;
const LONG_HEX = /^0x[0-9a-fA-F]{9,}$/;

/** Reads YAML 1.2 into a tree with positions. All mistakes are found, not only the first. */
export function parseSource(file: string, written: string): SourceTree {
  const text = written.replace(/^\ufeff/, '');
  const documents = parseAllDocuments(text, {
    version: '1.2',
    prettyErrors: false,
    uniqueKeys: true,
    merge: false,
    logLevel: 'silent',
  });
  const reader: Reader = { file, text, starts: lineStarts(text), problems: [] };
  const list = Array.isArray(documents) ? documents : [];
  for (const document of list)
    for (const { code, span: place, message, hint } of syntaxProblems(document, text))
      reader.problems.push(problem(code, span(reader, place), message, hint));
  const [first] = list;
  const broken = list.some(document => document.errors.some(isFatal));
  if (!first?.contents && !broken) return emptyFile(file);
  checkDocuments(reader, list);
  const tree = first?.contents ? readNode(reader, first.contents) : null;
  return { tree, problems: reader.problems, broken };
}

function emptyFile(file: string): SourceTree {
  const at = { file, line: 1, column: 1, length: 1 };
  const hint = 'begin with: irqscope: 1';
  return {
    tree: null,
    problems: [problem('yaml/empty', at, 'the file holds nothing', hint)],
    broken: true,
  };
}

/** One document of YAML 1.2 is all a file holds. */
function checkDocuments(reader: Reader, documents: readonly Document.Parsed[]): void {
  const version = documents[0].directives.yaml;
  if (version.explicit && version.version !== '1.2') {
    const at = { file: reader.file, line: 1, column: 1, length: 1 };
    const message = `this is YAML 1.2, not ${version.version}`;
    reader.problems.push(problem('yaml/version', at, message, 'leave the %YAML line out'));
  }
  if (documents.length < 2) return;
  const start = documents[1].range[0];
  const at = span(reader, [start, start + 1]);
  const hint = 'move what follows --- into a file of its own';
  reader.problems.push(problem('yaml/several-documents', at, 'a file holds one scenario', hint));
}

interface Reader {
  readonly file: string;
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly starts: readonly number[];
  readonly problems: Problem[];
}

const lineStarts = (text: string): number[] => [
  0,
  ...[...text.matchAll(/\n/g)].map(match => match.index + 1),
];

function span(reader: Reader, [start, end]: readonly [number, number]): Position {
  let low = 0;
  let high = reader.starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (reader.starts[middle] <= start) low = middle;
    else high = middle;
  }
  const column = start - reader.starts[low] + 1;
  return { file: reader.file, line: low + 1, column, length: Math.max(1, end - start) };
}

function positionOf(reader: Reader, node: Node): Position {
  const [start, end] = node.range ?? [0, 1];
  const at = span(reader, [start, end]);
  return isScalar(node) ? at : { ...at, length: 1 };
}

function readNode(reader: Reader, node: Node): SourceNode {
  const at = positionOf(reader, node);
  checkProperties(reader, node);
  if (isMap(node))
    return { kind: 'map', at, flow: node.flow === true, entries: readEntries(reader, node) };
  if (isSeq(node)) {
    const items = node.items.map(item => readItem(reader, item, at));
    return { kind: 'list', at, flow: node.flow === true, items };
  }
  if (isScalar(node)) return readScalar(reader, node, at);
  return { kind: 'scalar', at, value: null, plain: null };
}

const readItem = (reader: Reader, item: unknown, at: Position): SourceNode =>
  isNode(item) ? readNode(reader, item) : { kind: 'scalar', at, value: null, plain: null };

/** Anchors, aliases and tags make a file mean other things than it shows. */
function checkProperties(reader: Reader, node: Node): void {
  const before = (sign: RegExp): Position => {
    const end = node.range?.[0] ?? 0;
    const from = reader.text.slice(0, end).search(sign);
    return span(reader, from < 0 ? [end, end + 1] : [from, end]);
  };
  const anchor = isAlias(node) ? '' : (node.anchor ?? '');
  if (isAlias(node) || anchor) {
    const at = anchor ? before(/&\S+\s*(!\S*\s*)?$/) : positionOf(reader, node);
    const hint = 'write the value out, or use extends';
    reader.problems.push(problem('yaml/anchor', at, 'anchors and aliases are not used here', hint));
  }
  if (!isAlias(node) && node.tag)
    reader.problems.push(
      problem(
        'yaml/tag',
        before(/!\S*\s*(&\S+\s*)?$/),
        'tags are not used here',
        'leave the tag out',
      ),
    );
}

function readEntries(reader: Reader, map: YAMLMap): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { key, value } of map.items) {
    const keyAt = isNode(key) ? positionOf(reader, key) : span(reader, [0, 1]);
    if (!isScalar(key)) {
      reader.problems.push(problem('yaml/key', keyAt, 'a key is a name, not a collection'));
      continue;
    }
    const name = key.type === 'PLAIN' ? (key.source ?? '') : String(key.value);
    if (name === '<<')
      reader.problems.push(
        problem('yaml/merge-key', keyAt, '<< is YAML 1.1 and is not used here', 'use extends'),
      );
    entries.set(name, { keyAt, node: readItem(reader, value, keyAt) });
  }
  return entries;
}

function readScalar(
  reader: Reader,
  node: { value: unknown; source?: string; type?: string },
  at: Position,
): ScalarNode {
  const source = node.source ?? '';
  if (node.type === 'PLAIN') {
    const wrong = plainMistake(source);
    if (wrong) reader.problems.push(problem(wrong.code, at, wrong.message, wrong.hint));
  }
  const { value } = node;
  const kept = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const plain = node.type === 'PLAIN' ? source : null;
  return { kind: 'scalar', at, value: kept ? value : null, plain };
}

/** Plain scalars that mean something else than they look like. */
function plainMistake(source: string): { code: string; message: string; hint: string } | null {
  if (LEADING_ZERO.test(source))
    return {
      code: 'yaml/leading-zero',
      message: `${source} without quotes is the decimal number ${Number(source)}`,
      hint: `write 0x${source} or "${source}" for hexadecimal, ${Number(source)} for decimal`,
    };
  if (BUS_ADDRESS.test(source))
    return {
      code: 'yaml/plain-bus-address',
      message: `${source} without quotes may be read as a number`,
      hint: `write "${source}"`,
    };
  if (LONG_HEX.test(source))
    return {
      code: 'yaml/long-number',
      message: `${source} has more than 32 bits`,
      hint: `write "${source.slice(2)}": longer words are quoted strings`,
    };
  return null;
}

/** The value of a tree as plain data. */
export function plainValue(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map':
      return Object.fromEntries(
        [...node.entries].map(([key, entry]) => [key, plainValue(entry.node)]),
      );
  }
}

/** The value of a tree without the keys that begin with `x-`: those are the writer’s own. */
export function dataOf(node: SourceNode): unknown {
  if (node.kind === 'list') return node.items.map(dataOf);
  if (node.kind === 'scalar') return node.value;
  const own = [...node.entries].filter(([key]) => !key.startsWith('x-'));
  return Object.fromEntries(own.map(([key, entry]) => [key, dataOf(entry.node)]));
}

export type Path = readonly (string | number)[];

/** Where the value at `path` was written: its own place, or that of the nearest part above it. */
export function locate(root: SourceNode, path: Path): Position {
  let node = root;
  for (const part of path) {
    const next = childOf(node, part);
    if (!next) return node.at;
    node = next;
  }
  return node.at;
}

/** Where the key at the end of `path` was written. */
export function locateKey(root: SourceNode, path: Path): Position {
  const parent = nodeAt(root, path.slice(0, -1));
  const key = path[path.length - 1];
  if (parent?.kind === 'map') return parent.entries.get(String(key))?.keyAt ?? parent.at;
  return locate(root, path);
}

/** The node at `path`; null when there is none. */
export function nodeAt(root: SourceNode, path: Path): SourceNode | null {
  let node: SourceNode | null = root;
  for (const part of path) {
    if (!node) return null;
    node = childOf(node, part);
  }
  return node;
}

function childOf(node: SourceNode, part: string | number): SourceNode | null {
  if (node.kind === 'map') return node.entries.get(String(part))?.node ?? null;
  if (node.kind === 'list') return node.items[Number(part)] ?? null;
  return null;
}
