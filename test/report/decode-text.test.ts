import { describe, expect, test } from 'vitest';
import { decodingText, wrap } from '../../src/report/decode-text.ts';
import { decodeEntry, decodeWrite } from './decode-support.ts';

describe('text for people', () => {
  const text = decodingText(decodeWrite('fee00578 0'));

  test('the bits of an address are drawn as boxes, highest first', () => {
    expect(text).toContain(
      [
        '  address 31:0 = fee00578',
        '    31:20  | 19:5   | 4      | 3   | 2      | 1:0',
        '    fee    | 002b   | 1      | 1   | 0      | 0',
        '    window | handle | format | shv | handle | ignored',
      ].join('\n'),
    );
  });

  test('fields stand in an aligned table', () => {
    expect(text).toMatch(/^ {2}bits {12}field {8}hex {9}value {2}meaning$/m);
    expect(text).toMatch(/^ {2}address 19:5,2 {2}handle {7}0x002b {6}43 {5}index 43 /m);
  });

  test('a violation stands on its own line with the fault it gives', () => {
    const refused = decodingText(decodeEntry('irte', '0000000000140200 0000000200220009'));
    expect(refused).toMatch(/^ {2}violation rsvd84: .*\(fault 0x24 irte-reserved-nonzero\)$/m);
  });

  test.each([
    ['irte', 'x2APIC', 'x2apic'],
    ['irte', 'xAPIC', 'xapic'],
    ['amd-irte', 'xAPIC', 'xapic'],
    ['descriptor', 'x2APIC', 'x2apic'],
  ] as const)('%s says that ids were read as %s has them', (kind, name, mode) => {
    const numbers = kind === 'descriptor' ? '0 0 0 0 f20000 0 0 0' : '0 1';
    expect(decodingText(decodeEntry(kind, numbers, { mode }))).toMatch(
      `APIC ids as ${name} has them`,
    );
  });
});

describe('wrap', () => {
  test.each<[string, number, string[]]>([
    ['', 10, ['']],
    ['one two', 7, ['one two']],
    ['one two', 6, ['one', 'two']],
    ['abcdefgh ij', 4, ['abcdefgh', 'ij']],
  ])('%j to %i', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });
});
