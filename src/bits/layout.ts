import type { Word } from './word.ts';

/**
 * One field of a register, message or table entry. `bit` counts from bit 0 of word 0, so bit 79 of
 * a 128-bit entry lies in word 2. Fields are at most 53 bits wide, so a plain number holds them.
 */
export interface Field {
  readonly bit: number;
  readonly width: number;
  readonly text: string;
  /** What single values mean, for people. */
  readonly values?: Readonly<Record<number, string>>;
  /** `zero`: must be zero, hardware faults otherwise. `ignored`: hardware does not look. */
  readonly reserved?: 'zero' | 'ignored';
  /** Bits of the same value that lie elsewhere, above those of the first piece. */
  readonly more?: { readonly bit: number; readonly width: number };
}

/** A complete layout: every bit of `bits` belongs to exactly one field. */
export interface Layout<N extends string = string> {
  readonly name: string;
  readonly bits: number;
  /** Bibliography key and section, such as `[VTD 9.10]`. */
  readonly source: string;
  readonly fields: Readonly<Record<N, Field>>;
}

/** A decoded field, ready to be printed or drawn. */
export interface FieldValue {
  readonly name: string;
  /** Highest and lowest bit, `more` pieces listed after the first: `19:5,2`. */
  readonly bits: string;
  readonly value: number;
  readonly text: string;
  /** Meaning of this value where the table names it. */
  readonly meaning?: string;
}

/** Declares a layout and keeps the names of its fields as a type. */
export const layout = <N extends string>(l: Layout<N>): Layout<N> => l;

/** Declares one field; `options` as in `Field`. */
export const field = (
  bit: number,
  width: number,
  text: string,
  options: Partial<Field> = {},
): Field => {
  const { values, reserved, more } = options;
  // All of one shape: V8 reads fields of one shape several times as fast.
  return { bit, width, text, values, reserved, more };
};

/** Powers of two: `**` takes many times as long as looking them up. */
const POWERS: readonly number[] = Array.from({ length: 54 }, (_, n) => 2 ** n);

/** Reads bits [bit + width - 1 : bit] of an entry. */
export function readBits(words: readonly Word[], bit: number, width: number): number {
  const shift = bit & 31;
  const at = bit >>> 5;
  if (shift + width <= 32) {
    const low = words[at] >>> shift;
    return width === 32 ? low : low & ((1 << width) - 1);
  }
  const head = 32 - shift;
  return (words[at] >>> shift) + readBits(words, bit + head, width - head) * POWERS[head];
}

/** Overwrites bits [bit + width - 1 : bit] of an entry with the low bits of `value`. */
export function writeBits(words: Word[], bit: number, width: number, value: number): void {
  const shift = bit & 31;
  const at = bit >>> 5;
  const here = Math.min(width, 32 - shift);
  const mask = (here === 32 ? 0xffffffff : ((1 << here) - 1) << shift) >>> 0;
  const low = here === 32 ? value % POWERS[32] : value % POWERS[here];
  words[at] = ((words[at] & ~mask) | (low << shift)) >>> 0;
  if (width > here) writeBits(words, bit + here, width - here, Math.floor(value / POWERS[here]));
}

/** The value of a field, its pieces joined. */
export const get = (words: readonly Word[], f: Field): number =>
  f.more === undefined && (f.bit & 31) + f.width <= 32
    ? getIn(words[f.bit >>> 5], f)
    : join(words, f);

function join(words: readonly Word[], f: Field): number {
  const low = readBits(words, f.bit, f.width);
  return f.more ? low + readBits(words, f.more.bit, f.more.width) * POWERS[f.width] : low;
}

/** The value of a field of a register of one word. */
export const getIn = (value: Word, f: Field): number =>
  ((value >>> f.bit) << (32 - f.width)) >>> (32 - f.width);

/** Sets a field to the low bits of `value`; other bits keep theirs. */
export function set(words: Word[], f: Field, value: number): void {
  writeBits(words, f.bit, f.width, value);
  if (f.more) writeBits(words, f.more.bit, f.more.width, Math.floor(value / POWERS[f.width]));
}

/** Builds an entry from named values; fields left out are zero. */
export function encode<N extends string>(l: Layout<N>, values: Partial<Record<N, number>>): Word[] {
  const words: Word[] = new Array(Math.ceil(l.bits / 32)).fill(0);
  for (const name in values) set(words, l.fields[name as N], values[name as N] ?? 0);
  return words;
}

/** Every field of an entry as a number, reserved ones included. */
export function decode<N extends string>(l: Layout<N>, words: readonly Word[]): Record<N, number> {
  const values = {} as Record<N, number>;
  for (const name in l.fields) values[name] = get(words, l.fields[name]);
  return values;
}

const range = (bit: number, width: number): string =>
  width === 1 ? `${bit}` : `${bit + width - 1}:${bit}`;

/** The bit positions of a field as people write them, highest first: `63:32`, `19:5,2`. */
export const bitRange = (f: Field): string =>
  range(f.bit, f.width) + (f.more ? `,${range(f.more.bit, f.more.width)}` : '');

/** Every field with bits, value and meaning, lowest bit first. */
export function describe(l: Layout, words: readonly Word[]): FieldValue[] {
  return Object.entries(l.fields)
    .sort(([, a], [, b]) => a.bit - b.bit)
    .map(([name, f]) => {
      const value = get(words, f);
      const meaning = f.values?.[value];
      return { name, bits: bitRange(f), value, text: f.text, ...(meaning && { meaning }) };
    });
}

/** Names of the fields that must be zero and are not. */
export function reservedSet<N extends string>(l: Layout<N>, words: readonly Word[]): N[] {
  return (Object.keys(l.fields) as N[]).filter(
    name => l.fields[name].reserved === 'zero' && get(words, l.fields[name]) !== 0,
  );
}

/** Per word the bits that are reserved in one way: one AND a word tells whether any is set. */
export function reservedMasks(l: Layout, how: NonNullable<Field['reserved']> = 'zero'): Word[] {
  const masks: Word[] = new Array(Math.ceil(l.bits / 32)).fill(0);
  for (const f of Object.values(l.fields) as Field[])
    if (f.reserved === how)
      for (const part of f.more ? [f, f.more] : [f])
        writeBits(masks, part.bit, part.width, 2 ** part.width - 1);
  return masks;
}

/** Whether an entry has none of the bits of `masks`, such as those of `reservedMasks`. */
export function isClear(words: readonly Word[], masks: readonly Word[]): boolean {
  for (let i = 0; i < masks.length; i++) if ((words[i] & masks[i]) !== 0) return false;
  return true;
}
