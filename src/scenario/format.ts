import { type Document, isPair, isScalar, parseDocument, type Scalar, visit } from 'yaml';
import { formatFlow } from './format-flow.ts';
import { orderSections, verbsFirst } from './format-order.ts';
import { BUS_ADDRESS } from './source-tree.ts';

/** Keys whose numbers are read in hexadecimal, and the least digits they have. */
const HEXADECIMAL: Readonly<Record<string, number>> = {
  vector: 2,
  address: 8,
  addressHigh: 8,
  data: 2,
  value: 2,
  words: 2,
};

/** Numbers below are the same in both bases. */
const DECIMAL_BASE = 10;

const read = (text: string): Document.Parsed => parseDocument(text, { version: '1.2' });

/**
 * A scenario in the one way all are written. Only text between values changes, and the form of
 * values, never their meaning: line ends, spaces at line ends and inside braces; vectors, addresses
 * and data in hexadecimal; bus addresses in quotes; sections in reading order; the verb of a step
 * first. Comments, blank lines, columns and line breaks stay. Not for texts that are not YAML.
 */
export function formatScenario(text: string): string {
  const formatted = [trimLines, formatFlow, formatValues, verbsFirst, orderSections].reduce(
    (done, step) => step(done),
    text.replaceAll('\r\n', '\n'),
  );
  if (meaningOf(text) !== meaningOf(formatted)) throw new Error('the format changed the meaning');
  return formatted;
}

/** What a text says, the order of keys aside. */
const meaningOf = (text: string): string => JSON.stringify(sorted(read(text).toJS()));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, part]) => [key, sorted(part)])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** No spaces at the end of a line, except in texts of several lines; one line end at the end. */
function trimLines(text: string): string {
  const kept = longTexts(text);
  let offset = 0;
  const lines = text.split('\n').map(line => {
    const at = offset;
    offset += line.length + 1;
    return kept.some(([from, to]) => from <= at + line.length && at < to) ? line : line.trimEnd();
  });
  const whole = lines.join('\n');
  const isEnd = kept.some(([, to]) => to > whole.trimEnd().length + 1);
  return isEnd ? whole : `${whole.trimEnd()}\n`;
}

/** Where texts of several lines begin and end. */
function longTexts(text: string): [number, number][] {
  const found: [number, number][] = [];
  visit(read(text), {
    Scalar(_, { range }) {
      const [from, to] = range ?? [0, 0];
      if (text.slice(from, to).includes('\n')) found.push([from, to]);
    },
  });
  return found;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Values in the form in which they are read best. */
function formatValues(text: string): string {
  const edits: Edit[] = [];
  visit(read(text), {
    Scalar(key, node, path) {
      const [from, to] = node.range ?? [0, 0];
      const owner = path.findLast(isPair);
      const name = key !== 'key' && isScalar(owner?.key) ? String(owner.key.value) : '';
      const form = formOf(node, name);
      if (form !== null && form !== text.slice(from, to)) edits.push({ from, to, text: form });
    },
  });
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((all, edit) => all.slice(0, edit.from) + edit.text + all.slice(edit.to), text);
}

/** How a plain value is written; null where it stays as it is. */
function formOf({ type, value, source = '' }: Scalar, name: string): string | null {
  if (type !== 'PLAIN') return null;
  if (typeof value === 'string') return BUS_ADDRESS.test(source) ? `"${source}"` : null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return null;
  if (/^0x/.test(source)) return source.toLowerCase();
  const digits = HEXADECIMAL[name];
  if (digits === undefined || value < DECIMAL_BASE || !/^\d+$/.test(source)) return null;
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
