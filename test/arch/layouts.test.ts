import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SOURCES } from '../../src/arch/sources.ts';
import {
  decode,
  encode,
  type Field,
  get,
  isClear,
  type Layout,
  reservedMasks,
  reservedSet,
  set,
} from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import { ARCH_EXPORTS, LAYOUTS } from './all-layouts.ts';

const NUMBER_BITS = 53;

const pieces = (f: Field) => (f.more ? [f, f.more] : [f]);
const widthOf = (f: Field): number => pieces(f).reduce((sum, { width }) => sum + width, 0);
const wordCount = (l: Layout): number => Math.ceil(l.bits / 32);

const wordsOf = (l: Layout): fc.Arbitrary<Word[]> =>
  fc
    .array(fc.integer({ min: 0, max: 0xffffffff }), {
      minLength: wordCount(l),
      maxLength: wordCount(l),
    })
    .map(words => (l.bits < 32 ? words.map(w => w % 2 ** l.bits) : words));

/** The whole entry as one number: an independent way to cut fields out. */
const whole = (words: readonly Word[]): bigint =>
  words.reduce((sum, w, i) => sum + (BigInt(w) << BigInt(32 * i)), 0n);

const cut = (words: readonly Word[], f: Field): bigint =>
  pieces(f).reduceRight(
    (high, { bit, width }) =>
      (high << BigInt(width)) + BigInt.asUintN(width, whole(words) >> BigInt(bit)),
    0n,
  );

test('the folder declares layouts', () => {
  expect(LAYOUTS.length).toBeGreaterThan(20);
});

/** Every `source` and `unsure` of the folder, with the name of the export it stands in. */
function citations(name: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    typeof inner === 'string' && (key === 'source' || key === 'unsure')
      ? [[`${name}.${key}`, inner]]
      : citations(`${name}.${key}`, inner),
  );
}

test('every source and every doubt cites the bibliography', () => {
  const cited = ARCH_EXPORTS.filter(([name]) => name !== 'SOURCES').flatMap(([name, value]) =>
    citations(name, value),
  );
  expect(cited.length).toBeGreaterThan(60);
  for (const [where, text] of cited) {
    const keys = [...text.matchAll(/\[(\w+)/g)].map(([, key]) => key);
    expect(Object.keys(SOURCES), where).toEqual(expect.arrayContaining(keys));
    if (where.endsWith('.source')) expect(keys, where).not.toEqual([]);
  }
});

describe.each(LAYOUTS)('%s', (_name, l) => {
  const fields: [string, Field][] = Object.entries(l.fields);

  test('names a source of the bibliography', () => {
    const key = /^\[(\w+)/.exec(l.source)?.[1] ?? '';
    expect(Object.keys(SOURCES)).toContain(key);
  });

  test('every bit belongs to exactly one field', () => {
    const owned = fields.flatMap(([, f]) =>
      pieces(f).flatMap(({ bit, width }) => Array.from({ length: width }, (_, i) => bit + i)),
    );
    expect(owned.toSorted((a, b) => a - b)).toEqual(Array.from({ length: l.bits }, (_, i) => i));
  });

  test('a plain number holds any field', () => {
    for (const [, f] of fields) expect(widthOf(f)).toBeLessThanOrEqual(NUMBER_BITS);
  });

  test('decoding cuts out the bits named, and encoding puts them back', () => {
    fc.assert(
      fc.property(wordsOf(l), words => {
        const values = decode(l, words);
        for (const [name, f] of fields) expect(BigInt(values[name])).toBe(cut(words, f));
        expect(encode(l, values)).toEqual(words);
      }),
      { numRuns: 50 },
    );
  });

  test('an entry is clear of reserved bits where every reserved field is zero', () => {
    const reserved = fields.filter(([, f]) => f.reserved === 'zero');
    const sparse = fc.tuple(wordsOf(l), fc.boolean()).map(([words, sound]) => {
      if (sound) for (const [, f] of reserved) set(words, f, 0);
      return words;
    });
    fc.assert(
      fc.property(sparse, words => {
        const broken = reserved.filter(([, f]) => cut(words, f) !== 0n).map(([name]) => name);
        expect(reservedSet(l, words)).toEqual(broken);
        expect(isClear(words, reservedMasks(l))).toBe(broken.length === 0);
      }),
      { numRuns: 50 },
    );
  });

  test('setting a field changes no other', () => {
    const field = fc.constantFrom(...fields);
    fc.assert(
      fc.property(wordsOf(l), field, fc.maxSafeInteger(), (words, [name, f], random) => {
        const value = Math.abs(random) % 2 ** widthOf(f);
        const before = decode(l, words);
        set(words, f, value);
        expect(get(words, f)).toBe(value);
        expect(decode(l, words)).toEqual({ ...before, [name]: value });
      }),
      { numRuns: 50 },
    );
  });
});
