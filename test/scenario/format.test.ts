import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, visit } from 'yaml';
import { formatScenario } from '../../src/scenario/format.ts';
import { FILES, load, meaningOf } from './files.ts';

const lines = (...texts: readonly string[]): string => `${texts.join('\n')}\n`;

const CASES: readonly (readonly [string, string, string])[] = [
  ['line ends', 'a: 1  \r\nb: 2\t\r\n\r\n\r\n', 'a: 1\nb: 2\n'],
  ['braces', 'a: {b:  "x" ,c:[ 1,2 ]}\n', 'a: { b: "x", c: [1, 2] }\n'],
  ['empty braces', 'a: {  }\nb: [ ]\n', 'a: {}\nb: []\n'],
  ['braces over several lines', 'a: {b: 1,\n    c: 2 }\n', 'a: { b: 1,\n    c: 2 }\n'],
  ['braces in texts', 'a: "{b:1}"\nb: x {y:1}\n', 'a: "{b:1}"\nb: x {y:1}\n'],
  ['braces in a block', 'a: |\n  {b:1}   \n\nb: 1\n', 'a: |\n  {b:1}   \n\nb: 1\n'],
  ['comments', '# top\na: 1   # why  \n\n# low\nb: 2\n', '# top\na: 1   # why\n\n# low\nb: 2\n'],
  ['comments in braces', 'a: {b: 1, # why\n  c: 2}\n', 'a: { b: 1, # why\n  c: 2 }\n'],
  ['vectors', 'a: { vector: 49, count: 49 }\n', 'a: { vector: 0x31, count: 49 }\n'],
  [
    'addresses and data',
    'a: { address: 4276092928, data: 33 }\n',
    'a: { address: 0xfee00000, data: 0x21 }\n',
  ],
  ['small numbers', 'a: { vector: 9, data: 0 }\n', 'a: { vector: 9, data: 0 }\n'],
  ['capital digits', 'a: { vector: 0xAB }\n', 'a: { vector: 0xab }\n'],
  ['words of an entry', 'a: { words: [65535, 0, 1] }\n', 'a: { words: [0xffff, 0, 1] }\n'],
  ['bus addresses', 'a: { bdf: 00:03.0 }\n', 'a: { bdf: "00:03.0" }\n'],
  ['quoted numbers', 'a: { vector: "49" }\n', 'a: { vector: "49" }\n'],
  [
    'verbs first',
    'steps:\n  - label: a\n    at: 1us\n    raise: nic0.0 # why\n  - store: b.0\n    at: 2us\n',
    'steps:\n  - label: a\n    at: 1us\n    raise: nic0.0 # why\n  - store: b.0\n    at: 2us\n',
  ],
  [
    'verbs first, without comments in between',
    'steps:\n  - label: a\n    at: 1us\n    raise: nic0.0\n# about b\n  - store: b.0\n',
    'steps:\n  - raise: nic0.0\n    label: a\n    at: 1us\n# about b\n  - store: b.0\n',
  ],
  [
    'verbs at every depth',
    'steps:\n  - label: a\n    race:\n      t:\n        - by: g1\n          raise: nic0.0\n',
    'steps:\n  - race:\n      t:\n        - raise: nic0.0\n          by: g1\n    label: a\n',
  ],
  [
    'verbs inside blocks',
    'steps:\n  - race:\n      t:\n        - by: g1\n          raise: nic0.0\n',
    'steps:\n  - race:\n      t:\n        - raise: nic0.0\n          by: g1\n',
  ],
];

describe('one way to write it', () => {
  it.each(CASES)('%s', (_, before, after) => {
    expect(formatScenario(before)).toBe(after);
    expect(formatScenario(after)).toBe(after);
  });

  it('sections come in reading order, each with the comment above it; the head comes first', () => {
    const text = lines(
      '# licence',
      'name: a',
      'irqscope: 1',
      'steps: []',
      '',
      '# about devices',
      'devices:',
      '  # about nic0',
      '  nic0: {}',
      'x-mine: 1',
      'title: b',
      '# end',
    );
    const ordered = lines(
      '# licence',
      'irqscope: 1',
      'name: a',
      'title: b',
      '',
      '# about devices',
      'devices:',
      '  # about nic0',
      '  nic0: {}',
      'x-mine: 1',
      '',
      'steps: []',
    );
    const formatted = formatScenario(text);
    expect(formatted.replace('# end\n', '')).toBe(ordered);
    expect(formatScenario(formatted)).toBe(formatted);
  });
});

describe('every scenario of the project', { timeout: 60_000 }, () => {
  it.each(FILES.map(file => [file.name, file] as const))('%s is formatted', (_, { text }) => {
    expect(formatScenario(text)).toBe(text);
  });

  /** Spaces where they mean nothing: at line ends, and around signs inside braces. */
  function untidy(text: string, places: readonly number[]): string {
    const values: (readonly [number, number])[] = [];
    visit(parseDocument(text), {
      Scalar(_, { range }) {
        if (range) values.push([range[0], range[1]]);
      },
    });
    const sign = /#.*|(?<=[{[,]) |(?<= )(?=[}\]])|(?=\n)/g;
    const gaps = [...text.matchAll(sign)]
      .filter(([found]) => found.trim() === '')
      .map(match => match.index)
      .filter(at => !values.some(([from, to]) => from < at && at < to));
    const chosen = [...new Set(places.map(place => gaps[place % gaps.length]))].sort(
      (a, b) => b - a,
    );
    return chosen.reduce((all, at) => `${all.slice(0, at)}  ${all.slice(at)}`, text);
  }

  /** The parts of a text that begin with a section, in another order. */
  function shuffled(text: string, order: readonly number[]): string {
    const parts = text.split(/(?<=\n)(?=\n*(?:#.*\n)*[a-z]\w*:)/);
    const ranked = parts.map((part, i) => ({ part, rank: order[i % order.length] }));
    return ranked
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ part }) => part)
      .join('');
  }

  it('means the same whatever the order of its sections was, and is formatted once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.array(fc.nat(20), { minLength: 5, maxLength: 20 }),
        ({ name, text }, order) => {
          const formatted = formatScenario(shuffled(text, order));
          expect(formatScenario(formatted)).toBe(formatted);
          expect(meaningOf(load(name, formatted))).toEqual(meaningOf(load(name, text)));
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it('comes back the same after it was made untidy, and means the same before', () => {
    const tidy = FILES.filter(({ text }) => !/^description: \|/m.test(text));
    fc.assert(
      fc.property(
        fc.constantFrom(...tidy),
        fc.array(fc.nat(10_000), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        ({ name, text }, places, windows) => {
          const spaced = untidy(text, places);
          const messy = windows ? spaced.replaceAll('\n', '\r\n') : spaced;
          expect(formatScenario(messy)).toBe(text);
          expect(meaningOf(load(name, messy))).toEqual(meaningOf(load(name, text)));
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});
