import type { Position } from './problem.ts';
import type { Entry, MapNode, ScalarNode, SourceNode } from './source-tree.ts';

/** One line of a printed document, and where what stands on it was written. */
interface Line {
  readonly text: string;
  readonly at: Position;
}

const COMMENT_COLUMN_MAX = 88;

/**
 * A document as YAML, after each line the file and line it comes from. Read again it means the
 * same.
 */
export function resolvedText(tree: SourceNode): string {
  const lines = linesOf(tree, '');
  const widths = lines.map(({ text }) => text.length).filter(width => width <= COMMENT_COLUMN_MAX);
  const column = Math.max(0, ...widths);
  return lines.map(({ text, at }) => `${text.padEnd(column)}  # ${at.file}:${at.line}\n`).join('');
}

function linesOf(node: SourceNode, indent: string): Line[] {
  if (fitsLine(node)) return [{ text: indent + inline(node), at: node.at }];
  if (node.kind === 'map')
    return [...node.entries].flatMap(([key, entry]) => entryLines(key, entry, indent));
  if (node.kind === 'list') return node.items.flatMap(item => itemLines(item, indent));
  return [];
}

function entryLines(key: string, { keyAt, node }: Entry, indent: string): Line[] {
  const head = `${indent}${keyText(key)}:`;
  if (fitsLine(node)) return [{ text: `${head} ${inline(node)}`, at: node.at }];
  return [{ text: head, at: keyAt }, ...linesOf(node, `${indent}  `)];
}

/** An item of a list: its first line follows the dash. */
function itemLines(item: SourceNode, indent: string): Line[] {
  const [first, ...rest] = linesOf(item, `${indent}  `);
  return [{ ...first, text: `${indent}- ${first.text.trimStart()}` }, ...rest];
}

/** Scalars, empty collections, and what was written in braces on one line and still is of one piece. */
function fitsLine(node: SourceNode): boolean {
  if (node.kind === 'scalar') return true;
  const parts = childrenOf(node);
  if (parts.length === 0) return true;
  return node.flow === true && parts.every(part => isBeside(part, node.at));
}

const childrenOf = (node: SourceNode): SourceNode[] => {
  if (node.kind === 'list') return [...node.items];
  return node.kind === 'map' ? [...node.entries.values()].map(entry => entry.node) : [];
};

const isBeside = (node: SourceNode, at: Position): boolean =>
  node.at.file === at.file &&
  node.at.line === at.line &&
  childrenOf(node).every(part => isBeside(part, at));

function inline(node: SourceNode, inFlow = false): string {
  switch (node.kind) {
    case 'scalar':
      return scalarText(node, inFlow);
    case 'list':
      return `[${node.items.map(item => inline(item, true)).join(', ')}]`;
    case 'map':
      return mapText(node);
  }
}

function mapText({ entries }: MapNode): string {
  if (entries.size === 0) return '{}';
  const pairs = [...entries].map(([key, { node }]) => `${keyText(key)}: ${inline(node, true)}`);
  return `{ ${pairs.join(', ')} }`;
}

const FLOW_SIGN = /[,[\]{}]/;

/** A plain scalar as it was written; any other in quotes. */
function scalarText({ plain, value }: ScalarNode, inFlow: boolean): string {
  if (plain !== null && plain !== '' && !plain.includes('\n') && !(inFlow && FLOW_SIGN.test(plain)))
    return plain;
  return JSON.stringify(value);
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_./-]*$/;
const WORD = /^(true|false|null|~)$/i;

const keyText = (key: string): string =>
  PLAIN_KEY.test(key) && !WORD.test(key) ? key : JSON.stringify(key);
