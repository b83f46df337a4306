import { describe, expect, test } from 'vitest';
import { FRCD, FSTS } from '../../src/arch/vtd.ts';
import { decode, type Field, type Layout, readBits, writeBits } from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import { LAYOUTS } from '../arch/all-layouts.ts';
import { LOOKERS } from './lookers.ts';
import { WRITERS } from './writers.ts';

const bitsOf = (f: Field): number[] =>
  (f.more ? [f, f.more] : [f]).flatMap(({ bit, width }) =>
    Array.from({ length: width }, (_, i) => bit + i),
  );

/** Bits that are reserved in one way, with the name of their field. */
const reservedBits = (l: Layout, how: Field['reserved']): [number, string][] =>
  Object.entries(l.fields).flatMap(([name, f]) =>
    f.reserved === how ? bitsOf(f).map((bit): [number, string] => [bit, name]) : [],
  );

/** The same words with one bit turned. */
function turned(words: readonly Word[], bit: number): Word[] {
  const copy = [...words];
  writeBits(copy, bit, 1, 1 - readBits(copy, bit, 1));
  return copy;
}

test('every layout is read by hardware here, or written by it', () => {
  const known = [...Object.keys(LOOKERS), ...Object.keys(WRITERS)];
  expect(known.toSorted()).toEqual(LAYOUTS.map(([name]) => name).toSorted());
});

const read = LAYOUTS.filter(([name]) => Object.hasOwn(LOOKERS, name));

describe.each(read)('%s', (name, l) => {
  const { sound, look, refusal } = LOOKERS[name];

  test('sound words are taken', () => {
    expect(sound).toHaveLength(Math.ceil(l.bits / 32));
    if (name !== 'AMD_IRTE_GUEST') expect(look([...sound])).not.toBe(refusal);
  });

  test('each bit that must be zero is refused by its name', () => {
    const bits = reservedBits(l, 'zero');
    expect(bits.length > 0).toBe(refusal !== '');
    for (const [bit, field] of bits)
      expect(look(turned(sound, bit)), `bit ${bit}, ${field}`).toBe(refusal);
  });

  test('each bit that is said to be ignored changes nothing', () => {
    const taken = look([...sound]);
    for (const [bit, field] of reservedBits(l, 'ignored'))
      expect(look(turned(sound, bit)), `bit ${bit}, ${field}`).toEqual(taken);
  });
});

const written = LAYOUTS.filter(([name]) => Object.hasOwn(WRITERS, name));

describe.each(written)('%s', (name, l) => {
  test('hardware leaves what is reserved at zero', () => {
    const samples = WRITERS[name]();
    expect(samples.length).toBeGreaterThan(0);
    for (const words of samples) {
      expect(words).toHaveLength(Math.ceil(l.bits / 32));
      for (const how of ['zero', 'ignored'] as const)
        for (const [bit, field] of reservedBits(l, how))
          expect(readBits(words, bit, 1), `bit ${bit}, ${field}`).toBe(0);
    }
  });
});

test('what the units write of other functions is zero too', () => {
  for (const words of WRITERS.FSTS())
    expect(decode(FSTS, words)).toMatchObject({ afo: 0, apf: 0, iqe: 0, ice: 0, ite: 0, pro: 0 });
  for (const words of WRITERS.FRCD())
    expect(decode(FRCD, words)).toMatchObject({ info: 0, priv: 0, exe: 0, at: 0, t1: 0, t2: 0 });
});
