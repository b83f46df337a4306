import { isMap, isScalar, isSeq, type Pair, parseDocument, visit, type YAMLMap } from 'yaml';
import { VERB_NAMES } from './schema-steps.ts';

/** Sections in the order in which they are read; the version and the head come before. */
const SECTIONS = [
  'platform',
  'guests',
  'devices',
  'domains',
  'hypervisor',
  'policy',
  'time',
  'steps',
  'explore',
  'choices',
  'values',
  'vary',
  'exclude',
  'expect',
  'lesson',
];

const nameOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');
const startOf = ({ key }: Pair): number => (isScalar(key) ? (key.range?.[0] ?? 0) : 0);

/**
 * A text with its sections in the order in which they are read. The head (name, title, …) comes
 * first, as it stands; a comment moves with the section it stands above.
 */
export function orderSections(text: string): string {
  const { contents } = parseDocument(text, { version: '1.2' });
  if (!isMap(contents) || contents.flow) return text;
  const lines = text.split('\n');
  const chunks = chunksOf(text, lines, contents.items);
  const ranked = chunks.map((chunk, i) => ({ ...chunk, rank: rankOf(chunks, i) }));
  const sorted = ranked.toSorted((a, b) => a.rank - b.rank);
  if (sorted.every((chunk, i) => chunk === ranked[i])) return text;
  const head = lines.slice(0, chunks[0].from);
  const blocks = sorted.map((chunk, i) => {
    const block = lines.slice(chunk.from, chunk.to);
    while (i === 0 && block[0].trim() === '') block.shift();
    const moved = i > 0 && ranked.indexOf(chunk) !== ranked.indexOf(sorted[i - 1]) + 1;
    return moved && chunk.rank >= 0 && block[0].trim() !== '' ? ['', ...block] : block;
  });
  return [...head, ...blocks.flat(), ...lines.slice(chunks[chunks.length - 1].to)].join('\n');
}

interface Chunk {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Lines of each section, with the comments and blank lines above it. */
function chunksOf(text: string, lines: readonly string[], items: readonly Pair[]): Chunk[] {
  const keyLines = items.map(item => text.slice(0, startOf(item)).split('\n').length - 1);
  const starts = keyLines.map((line, i) => {
    let from = line;
    while (i > 0 && from - 1 > keyLines[i - 1] && /^(\s*|#.*)$/.test(lines[from - 1])) from--;
    return from;
  });
  const end = lines.findLastIndex(line => line.trim() !== '') + 1;
  return items.map((item, i) => ({
    name: nameOf(item),
    from: starts[i],
    to: starts[i + 1] ?? end,
  }));
}

const FIRST = -2;
const HEAD = -1;

/** The head stays first; keys nobody knows stay behind the section they follow. */
function rankOf(chunks: readonly Chunk[], index: number): number {
  for (let i = index; i >= 0; i--) {
    const rank = SECTIONS.indexOf(chunks[i].name);
    if (rank >= 0) return rank;
    if (!chunks[i].name.startsWith('x-')) return chunks[i].name === 'irqscope' ? FIRST : HEAD;
  }
  return HEAD;
}

/** A text whose steps begin with their verb. Steps with comments inside stay as they are. */
export function verbsFirst(text: string): string {
  const document = parseDocument(text, { version: '1.2' });
  const steps = document.get('steps', true);
  if (!isSeq(steps)) return text;
  let edit: Edit | null = null;
  visit(document, {
    Map(_, node, path) {
      if (!path.includes(steps) || node.flow) return undefined;
      edit = verbFirst(text, node);
      return edit ? visit.BREAK : undefined;
    },
  });
  return edit ? verbsFirst(replaced(text, edit)) : text;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const replaced = (text: string, edit: Edit): string =>
  text.slice(0, edit.from) + edit.text + text.slice(edit.to);

function verbFirst(text: string, node: YAMLMap): Edit | null {
  const { items } = node;
  const at = items.findIndex(item => VERB_NAMES.some(verb => verb === nameOf(item)));
  if (at < 1) return null;
  const from = startOf(items[0]);
  const indent = ' '.repeat(from - text.lastIndexOf('\n', from - 1) - 1);
  const ends = items.map((_, i) => (i + 1 < items.length ? startOf(items[i + 1]) : lastEnd(node)));
  const parts = items.map((item, i) => text.slice(startOf(item), ends[i]).trimEnd());
  if (parts.some(part => part.includes('#'))) return null;
  const order = [parts[at], ...parts.filter((_, i) => i !== at)];
  const to = from + text.slice(from, ends[ends.length - 1]).trimEnd().length;
  return { from, to, text: order.join(`\n${indent}`) };
}

const lastEnd = ({ range }: YAMLMap): number => range?.[1] ?? 0;
