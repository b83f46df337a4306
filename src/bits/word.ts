/** An unsigned 32-bit number: every register, message half and table entry is made of these. */
export type Word = number;

/** The unsigned 32-bit value of `n` (two's complement when negative). */
export const word = (n: number): Word => n >>> 0;

/** `value` in lower-case hexadecimal, zero padded to `digits`; no prefix. */
export const hex = (value: number, digits = 8): string => value.toString(16).padStart(digits, '0');

/** Two words printed as one 64-bit hexadecimal number, high word first; no prefix. */
export const hex64 = (high: Word, low: Word): string => hex(high) + hex(low);

/** A 64-bit hexadecimal string (0x allowed) as [low, high] words; null when it is not one. */
export function parseHex64(text: string): [Word, Word] | null {
  const digits = text.trim().toLowerCase().replace(/^0x/, '').replaceAll('_', '');
  if (!/^[0-9a-f]{1,16}$/.test(digits)) return null;
  const padded = digits.padStart(16, '0');
  return [Number.parseInt(padded.slice(8), 16), Number.parseInt(padded.slice(0, 8), 16)];
}

/** A hexadecimal number of at most 32 bits (0x allowed); null when it is not one. */
export function parseHex32(text: string): Word | null {
  const parsed = parseHex64(text);
  return parsed && parsed[1] === 0 ? parsed[0] : null;
}

/** Number of set bits. */
export function popcount(value: Word): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Index of the lowest set bit; 32 when there is none. */
export const lowestBit = (value: Word): number =>
  value === 0 ? 32 : 31 - Math.clz32(value & -value);
