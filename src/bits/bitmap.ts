import type { Word } from './word.ts';

/** Bit sets of any length as lists of words: bit n is bit n % 32 of word n / 32. */

/** True when `bit` is set; it must lie inside the map, as in the functions below. */
export const hasBit = (map: readonly Word[], bit: number): boolean =>
  ((map[bit >>> 5] >>> (bit & 31)) & 1) === 1;

/** Sets `bit`. */
export function setBit(map: Word[], bit: number): void {
  map[bit >>> 5] = (map[bit >>> 5] | (1 << (bit & 31))) >>> 0;
}

/** Clears `bit`. */
export function clearBit(map: Word[], bit: number): void {
  map[bit >>> 5] = (map[bit >>> 5] & ~(1 << (bit & 31))) >>> 0;
}

/** The highest bit set; -1 when there is none. */
export function highestBit(map: readonly Word[]): number {
  for (let i = map.length - 1; i >= 0; i--)
    if (map[i] !== 0) return i * 32 + 31 - Math.clz32(map[i]);
  return -1;
}

/** All bits set, ascending. */
export function bitsIn(map: readonly Word[]): number[] {
  const bits: number[] = [];
  for (let i = 0; i < map.length; i++)
    for (let rest = map[i]; rest !== 0; rest &= rest - 1)
      bits.push(i * 32 + 31 - Math.clz32(rest & -rest));
  return bits;
}
