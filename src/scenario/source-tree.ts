import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import { type Position, type Problem, problem } from './problem.ts';

/** A value of a scenario file together with where it was written. */
export type SourceNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly at: Position;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly keyAt: Position;
  readonly node: SourceNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: Position;
  readonly items: readonly SourceNode[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: string | number | boolean | null;
}

/** A file read into a tree; `tree` is null when nothing usable is in it. */
export interface SourceTree {
  readonly tree: SourceNode | null;
  readonly problems: readonly Problem[];
}

const LEADING_ZERO = /^0[0-9]+$/;
const BUS_ADDRESS = /^[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7]$/;
const LONG_HEX = /^0x[0-9a-fA-F]{9,}$/;

/** Reads YAML 1.2 into a tree with positions. All mistakes are found, not only the first. */
export function parseSource(file: string, text: string): SourceTree {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.2',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: false,
  });
  const reader: Reader = { file, lines, problems: [] };
  if (!Array.isArray(documents) || documents.length === 0) {
    const at = { file, line: 1, column: 1, length: 1 };
    return {
      tree: null,
      problems: [problem('yaml/empty', at, 'the file holds nothing', 'begin with: irqscope: 1')],
    };
  }
  for (const document of documents)
    for (const error of document.errors) {
      const code = `yaml/${error.code.toLowerCase().replaceAll('_', '-')}`;
      reader.problems.push(problem(code, span(reader, error.pos), error.message));
    }
  if (documents.length > 1) {
    const start = documents[1].range?.[0] ?? 0;
    const at = span(reader, [start, start + 1]);
    reader.problems.push(
      problem(
        'yaml/several-documents',
        at,
        'a file holds one scenario',
        'move what follows --- into a file of its own',
      ),
    );
  }
  const { contents } = documents[0];
  const tree = contents ? readNode(reader, contents as Node) : null;
  return { tree, problems: reader.problems };
}

interface Reader {
  readonly file: string;
  readonly lines: LineCounter;
  readonly problems: Problem[];
}

function span(reader: Reader, [start, end]: readonly [number, number]): Position {
  const { line, col } = reader.lines.linePos(start);
  return { file: reader.file, line, column: col, length: Math.max(1, end - start) };
}

function positionOf(reader: Reader, node: Node): Position {
  const [start, end] = node.range ?? [0, 1];
  const at = span(reader, [start, end]);
  return isScalar(node) ? at : { ...at, length: 1 };
}

function readNode(reader: Reader, node: Node): SourceNode {
  const at = positionOf(reader, node);
  if (isAlias(node) || ('anchor' in node && node.anchor))
    reader.problems.push(
      problem(
        'yaml/anchor',
        at,
        'anchors and aliases are not used here',
        'write the value out, or use extends',
      ),
    );
  if ('tag' in node && node.tag?.startsWith('!'))
    reader.problems.push(problem('yaml/tag', at, `tags such as ${node.tag} are not used here`));
  if (isMap(node)) return { kind: 'map', at, entries: readEntries(reader, node) };
  if (isSeq(node))
    return { kind: 'list', at, items: node.items.map(item => readNode(reader, item as Node)) };
  if (isScalar(node)) return readScalar(reader, node, at);
  return { kind: 'scalar', at, value: null };
}

function readEntries(reader: Reader, map: YAMLMap): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const pair of map.items) {
    const key = pair.key as Node;
    const keyAt = positionOf(reader, key);
    const name = isScalar(key) ? String(key.value) : '';
    if (name === '<<')
      reader.problems.push(
        problem('yaml/merge-key', keyAt, '<< is YAML 1.1 and is not used here', 'use extends'),
      );
    const node: SourceNode = pair.value
      ? readNode(reader, pair.value as Node)
      : { kind: 'scalar', at: keyAt, value: null };
    entries.set(name, { keyAt, node });
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
  return { kind: 'scalar', at, value: kept ? value : null };
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
