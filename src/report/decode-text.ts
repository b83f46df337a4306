import { type Field, type Layout, readBits } from '../bits/layout.ts';
import { hex } from '../bits/word.ts';
import type {
  DecodeDocument,
  DecodedField,
  DecodeProblem,
  Decoding,
  Entry,
  OtherReading,
  Part,
} from './decode.ts';
import { faultText } from './decode-terms.ts';

/** Longest line of a report for people. */
export const COLUMNS = 100;
const INDENT = '  ';
const WORD_BITS = 32;

/** Breaks a text between words into lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text after a label, its further lines under the first. */
function labelled(label: string, text: string): string[] {
  const [first, ...rest] = wrap(text, COLUMNS - label.length);
  const blank = ' '.repeat(label.length);
  return [label + first, ...rest.map(line => blank + line)];
}

const widest = (cells: readonly string[]): number => Math.max(0, ...cells.map(cell => cell.length));

/** A row per field: bits, name, value in hexadecimal and decimal, meaning. */
function fieldRows(fields: readonly DecodedField[]): string[] {
  const rows = fields.map(({ part, bits, name, hex: hexText, value, meaning, text }) => ({
    cells: [part ? `${part} ${bits}` : bits, name, hexText, String(value)],
    meaning: meaning ? `${meaning} (${text})` : text,
  }));
  const heads = ['bits', 'field', 'hex', 'value'];
  const widths = heads.map((head, i) => widest([head, ...rows.map(({ cells }) => cells[i])]));
  const line = (cells: readonly string[]): string =>
    INDENT + cells.map((cell, i) => `${cell.padEnd(widths[i])}  `).join('');
  const body = rows.flatMap(({ cells, meaning }) => labelled(line(cells), meaning));
  return [`${line(heads)}meaning`, ...body].map(row => row.trimEnd());
}

interface Piece {
  readonly name: string;
  readonly bit: number;
  readonly width: number;
}

/** What lies in one word, highest bit first: fields, or the parts of fields that reach into it. */
function piecesIn(form: Layout, first: number): Piece[] {
  const end = first + WORD_BITS;
  const pieces = Object.entries<Field>(form.fields).flatMap(([name, f]) =>
    (f.more ? [f, f.more] : [f]).map(({ bit, width }) => {
      const from = Math.max(bit, first);
      return { name, bit: from, width: Math.min(bit + width, end) - from };
    }),
  );
  return pieces.filter(({ width }) => width > 0).sort((a, b) => b.bit - a.bit);
}

const bitsText = (bit: number, width: number): string =>
  width === 1 ? `${bit}` : `${bit + width - 1}:${bit}`;

/** Rows of a bit picture: bit numbers, values, and the fields' names where there is room. */
type Rows = readonly ('bits' | 'value' | 'name')[];

/** The boxes of one word; none where one field fills the word. */
function wordPicture({ layout, words }: Entry, first: number, part: Part, rows: Rows): string[] {
  const pieces = piecesIn(layout, first);
  if (pieces.length < 2) return [];
  const boxes = pieces.map(({ name, bit, width }) => ({
    bits: bitsText(bit - part.origin, width),
    value: hex(readBits(words, bit, width), Math.ceil(width / 4)),
    name,
  }));
  const widths = boxes.map(box => widest(rows.map(row => box[row])));
  const lines = rows.map(row => boxes.map((box, i) => box[row].padEnd(widths[i])).join(' | '));
  const label = `${part.name} ${bitsText(first - part.origin, WORD_BITS)}`.trim();
  const whole = hex(readBits(words, first, WORD_BITS));
  return [
    `${INDENT}${label} = ${whole}`,
    ...lines.map(line => `${INDENT}${INDENT}${line}`.trimEnd()),
  ];
}

/** The bits of an entry as boxes: part after part, the highest word of each first. */
function bitPicture(entry: Entry): string[] {
  const words = entry.parts.flatMap(part => {
    const starts: number[] = [];
    const end = part.bit + part.width;
    for (let first = part.bit; first < end; first += WORD_BITS) starts.unshift(first);
    return starts.map(first => ({ first, part }));
  });
  const drawn = (rows: Rows): string[] =>
    words.flatMap(({ first, part }) => wordPicture(entry, first, part, rows));
  const named = drawn(['bits', 'value', 'name']);
  return named.every(line => line.length <= COLUMNS) ? named : drawn(['bits', 'value']);
}

function problemLines({ severity, field, text, fault }: DecodeProblem): string[] {
  const said = `${field ? `${field}: ` : ''}${text}${fault ? ` (fault ${faultText(fault)})` : ''}`;
  return labelled(`${INDENT}${severity.padEnd(10)}`, said);
}

/** Readers of a message as the others at the foot, and as the one of the head. */
const READER_NAMES = { x86: 'local APIC', vtd: 'VT-d', amdvi: 'AMD-Vi' } as const;
const READER_PHRASES = {
  x86: 'a local APIC does where nothing remaps',
  vtd: 'a VT-d unit does',
  amdvi: 'an AMD-Vi unit does',
} as const;

const otherLine = ({ as, summary }: OtherReading): string[] =>
  labelled(`${INDENT}${READER_NAMES[as].padEnd(12)}`, summary);

function headLines(document: DecodeDocument): string[] {
  const { title, source, apicMode, as, asBecause, input, log } = document;
  const mode = apicMode === 'xapic' ? 'xAPIC' : 'x2APIC';
  const how = [
    ...(apicMode ? [`, APIC ids as ${mode} has them`] : []),
    ...(as && asBecause ? [`, read as ${READER_PHRASES[as]}: ${asBecause}`] : []),
  ].join('');
  const where = log ? `line ${log.line}: ${log.text.trim()}` : input.join(' ');
  return [...wrap(`${title} ${source}${how}`, COLUMNS), ...(where ? labelled(INDENT, where) : [])];
}

const block = (lines: readonly string[], head?: string): string[] =>
  lines.length === 0 ? [] : ['', ...(head ? [head] : []), ...lines];

/** What the problems and other readings of a document look like. */
const remarkLines = (document: DecodeDocument): string[] => [
  ...block(document.problems.flatMap(problemLines)),
  ...block((document.others ?? []).flatMap(otherLine), 'The same bits elsewhere:'),
];

/** A decoded entry for people, at most `COLUMNS` wide; the last line has no end. */
export function decodingText({ document, entry }: Decoding): string {
  return [
    ...headLines(document),
    '',
    ...labelled(INDENT, document.summary),
    ...block(entry ? bitPicture(entry) : []),
    ...block(fieldRows(document.fields)),
    ...remarkLines(document),
  ].join('\n');
}

/** One entry of a longer log: where it stood, what it says, what is to be noted. */
export function logEntryText({ document }: Decoding): string {
  const label = `line ${document.log?.line ?? 0}: `;
  return [...labelled(label, document.summary), ...document.problems.flatMap(problemLines)].join(
    '\n',
  );
}
