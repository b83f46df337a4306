import { bitRange, type Field, get, type Layout } from '../bits/layout.ts';
import { hex, type Word } from '../bits/word.ts';

/** Format name at the head of every decoded document. */
export const DECODE_FORMAT = 'irqscope-decode/1';

/** How APIC ids stand in entries: 32 bits (EIME, XTEn set) or 8 (clear). */
export type ApicMode = 'x2apic' | 'xapic';

/** Who reads a message: a local APIC, a VT-d unit, an AMD-Vi unit. */
export type MessageReader = 'x86' | 'vtd' | 'amdvi';

/** A field with its value and what the value means. */
export interface DecodedField {
  readonly name: string;
  /** Highest and lowest bit as in the source, `19:5,2`; counted inside `part` where there is one. */
  readonly bits: string;
  /** `address` or `data` in messages; empty where the bits of the whole entry are numbered. */
  readonly part: string;
  readonly value: number;
  /** `value` in hexadecimal with 0x, as many digits as the field has room for. */
  readonly hex: string;
  /** What this value means; empty where a number speaks for itself. */
  readonly meaning: string;
  /** What the field is. */
  readonly text: string;
}

/** The fault a unit gives: its code, or the event that tells it, and its name as in `arch/`. */
export interface DecodeFault {
  readonly code: string;
  readonly name: string;
}

/** `violation`: hardware refuses this. `warning`: allowed, and worth a look. `hint`: try this. */
export type ProblemSeverity = 'violation' | 'warning' | 'hint';

/** Something to say about what was decoded. */
export interface DecodeProblem {
  readonly severity: ProblemSeverity;
  /** Field it is about; empty for the whole. */
  readonly field: string;
  readonly text: string;
  /** The fault it gives, where it gives one. */
  readonly fault?: DecodeFault;
}

/** What another unit makes of the same message. */
export interface OtherReading {
  readonly as: MessageReader;
  readonly summary: string;
}

/** Where in a log an entry stood. */
export interface LogPlace {
  /** Line number from 1. */
  readonly line: number;
  readonly text: string;
  /** Whose way of printing it is. */
  readonly dialect: string;
  /** PCI segment the line names; 0 where it names none. */
  readonly segment: number;
}

/** What `decode --json` prints. */
export interface DecodeDocument {
  readonly format: typeof DECODE_FORMAT;
  readonly kind: string;
  /** What was decoded, in words. */
  readonly title: string;
  /** Specification and section of the layout; empty where there is no layout. */
  readonly source: string;
  /** The words as they were given. */
  readonly input: readonly string[];
  readonly apicMode?: ApicMode;
  readonly as?: MessageReader;
  /** Why `as` was chosen. */
  readonly asBecause?: string;
  readonly log?: LogPlace;
  readonly fields: readonly DecodedField[];
  /** One sentence that says what it does. */
  readonly summary: string;
  /** Values that follow from several fields. */
  readonly derived: Readonly<Record<string, string | number | boolean>>;
  readonly problems: readonly DecodeProblem[];
  readonly others?: readonly OtherReading[];
}

/** A stretch of an entry whose bits people number on their own, from `origin` of the entry. */
export interface Part {
  readonly name: string;
  readonly bit: number;
  readonly width: number;
  readonly origin: number;
}

/** Words and the table they are read by, lowest word first. */
export interface Entry<N extends string = string> {
  readonly layout: Layout<N>;
  readonly words: readonly Word[];
  readonly parts: readonly Part[];
}

/** A decoded entry; `entry` is null where nothing was laid out in words. */
export interface Decoding {
  readonly document: DecodeDocument;
  readonly entry: Entry | null;
}

/** Meanings of single fields that depend on other fields. */
export type Meanings<N extends string = string> = Partial<Record<N, string>>;

/** An entry whose bits are numbered through. */
export const wholeEntry = <N extends string>(
  layout: Layout<N>,
  words: readonly Word[],
): Entry<N> => ({
  layout,
  words,
  parts: [{ name: '', bit: 0, width: layout.bits, origin: 0 }],
});

const partOf = (entry: Entry, f: Field): Part =>
  entry.parts.find(({ bit, width }) => f.bit >= bit && f.bit < bit + width) ?? entry.parts[0];

/** The same field with its bits numbered inside its part. */
function inPart(f: Field, { origin }: Part): Field {
  const more = f.more && { ...f.more, bit: f.more.bit - origin };
  return { ...f, bit: f.bit - origin, more };
}

const widthOf = (f: Field): number => f.width + (f.more?.width ?? 0);

/** What a value means where neither the table nor the caller has a word for it. */
function plainMeaning(f: Field, value: number): string {
  if (f.reserved === 'zero') return value === 0 ? 'zero' : 'must be zero';
  if (f.reserved === 'ignored') return 'ignored';
  if (widthOf(f) > 1) return '';
  return value === 1 ? 'set' : 'clear';
}

/** Every field of an entry, lowest bit first. */
export function fieldsOf<N extends string>(
  entry: Entry<N>,
  meanings: Meanings<N> = {},
): DecodedField[] {
  const names = Object.keys(entry.layout.fields) as N[];
  return names
    .sort((a, b) => entry.layout.fields[a].bit - entry.layout.fields[b].bit)
    .map(name => {
      const f = entry.layout.fields[name];
      const value = get(entry.words, f);
      const part = partOf(entry, f);
      return {
        name,
        bits: bitRange(inPart(f, part)),
        part: part.name,
        value,
        hex: `0x${hex(value, Math.ceil(widthOf(f) / 4))}`,
        meaning: meanings[name] ?? f.values?.[value] ?? plainMeaning(f, value),
        text: f.text,
      };
    });
}

/** What the decoder of one kind has to say; the rest follows from the layout. */
export interface Reading<N extends string> {
  readonly kind: string;
  readonly entry: Entry<N>;
  readonly meanings?: Meanings<N>;
  readonly summary: string;
  readonly derived: DecodeDocument['derived'];
  readonly problems: readonly DecodeProblem[];
  readonly more?: Pick<DecodeDocument, 'apicMode' | 'as' | 'asBecause' | 'others'>;
}

/** A document made from an entry and what its decoder says of it. */
export function decodingOf<N extends string>(reading: Reading<N>): Decoding {
  const { kind, entry, summary, derived, problems, more } = reading;
  return {
    entry,
    document: {
      format: DECODE_FORMAT,
      kind,
      title: entry.layout.name,
      source: entry.layout.source,
      input: [],
      fields: fieldsOf(entry, reading.meanings),
      summary,
      derived,
      problems,
      ...more,
    },
  };
}

/** The same decoding with more to say. */
export const withDocument = (decoding: Decoding, more: Partial<DecodeDocument>): Decoding => ({
  ...decoding,
  document: { ...decoding.document, ...more },
});
