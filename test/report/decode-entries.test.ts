import { describe, expect, test } from 'vitest';
import type { DecodeKindName } from '../../src/report/decode-kinds.ts';
import { decodeEntry, textsOf, valuesOf, violationsOf } from './decode-support.ts';

describe('APIC modes', () => {
  const narrow = '0000000000040200 000002000022000d';

  test('xAPIC ids lie in bits 47:40, and the output says which mode was read', () => {
    const { document } = decodeEntry('irte', narrow, { mode: 'xapic' });
    expect(document.apicMode).toBe('xapic');
    expect(valuesOf(document)).toMatchObject({ dest: 2, destMode: 1 });
    expect(violationsOf(document)).toEqual([]);
  });

  test('without --xapic the same bits are one wide id, with a hint', () => {
    const { document } = decodeEntry('irte', narrow);
    expect(document.apicMode).toBe('x2apic');
    expect(valuesOf(document).dest).toBe(0x200);
    expect(textsOf(document, 'hint')[0]).toMatch(/--xapic reads APIC 2/);
  });

  test('a wide id read as xAPIC breaks reserved bits', () => {
    const { document } = decodeEntry('irte', '0000000000040200 0000000200220009', {
      mode: 'xapic',
    });
    expect(violationsOf(document)).toEqual(['0x24 irte-reserved-nonzero']);
  });

  test('AMD-Vi without XTEn looks at 8 bits', () => {
    const { document } = decodeEntry('amd-irte', 'ff00000000000022 123401', { mode: 'xapic' });
    expect(valuesOf(document).dest).toBe(0x34);
    expect(violationsOf(document)).toEqual([]);
  });

  test('a descriptor in xAPIC mode has its id in bits 15:8', () => {
    const { document } = decodeEntry('descriptor', '0 0 0 0 0000020000f20000 0 0 0', {
      mode: 'xapic',
    });
    expect(document.summary).toMatch(/to APIC 2$/);
  });
});

describe('what is wrong with an entry', () => {
  test.each<[string, DecodeKindName, string, string[]]>([
    [
      'reserved bit of an IRTE',
      'irte',
      '0000000000140200 0000000200220009',
      ['0x24 irte-reserved-nonzero'],
    ],
    ['SVT=3', 'irte', '00000000000c0200 0000000200220009', ['0x24 irte-reserved-nonzero']],
    [
      'delivery mode 3',
      'irte',
      '0000000000040200 0000000200220069',
      ['0x24 irte-reserved-nonzero'],
    ],
    [
      'reserved bit of the posted form',
      'irte',
      '0000000100040300 234567c000418005',
      ['0x24 irte-reserved-nonzero'],
    ],
    ['AMD-Vi reserved bits', 'amd-irte32', '01220201', ['IO_PAGE_FAULT irte-reserved-nonzero']],
    ['AMD-Vi type 2', 'amd-irte32', '00220209', ['IO_PAGE_FAULT irte-inttype-reserved']],
    ['AMD-Vi guest mode in 32 bits', 'amd-irte32', '00220281', ['IO_PAGE_FAULT irte-guest-mode']],
    [
      'DTE reserved bits',
      'dte',
      '7 0 2000000012345f93 0',
      ['ILLEGAL_DEV_TABLE_ENTRY dte-reserved-nonzero'],
    ],
    ['DTE IntCtl=11', 'dte', '3 0 3000000012345f93 0', ['ILLEGAL_DEV_TABLE_ENTRY intctl-reserved']],
    [
      'DTE IntTabLen=12',
      'dte',
      '3 0 2000000012345f99 0',
      ['ILLEGAL_DEV_TABLE_ENTRY table-length-reserved'],
    ],
    [
      'descriptor',
      'descriptor',
      '0 0 0 0 0000000200f20004 0 0 0',
      ['0x28 descriptor-reserved-nonzero'],
    ],
    ['invalidation', 'iec', '1 4', ['FSTS.IQE invalidation-queue-error']],
  ])('%s', (_name, kind, numbers, faults) => {
    const { document } = decodeEntry(kind, numbers);
    expect(violationsOf(document)).toEqual(faults);
  });

  test('a bus range of one bus is none to warn of, and a full PIR word names its vectors', () => {
    const range = decodeEntry('irte', '0000000000083b3b 0000000100510009').document;
    expect(textsOf(range, 'warning')).toEqual([]);
    const { fields } = decodeEntry('descriptor', '0 2 0 8000000000000000 f20001 0 0 0').document;
    expect(fields.find(({ name }) => name === 'pir2')?.meaning).toBe('0x41');
    expect(fields.find(({ name }) => name === 'pir7')?.meaning).toBe('0xff');
  });

  test.each<[string, RegExp]>([
    ['0 0000002b00000015', /another type of descriptor/],
    ['0 0000002b08000014', /not a multiple of 2/],
    ['0 0000002b00000004', /not looked at/],
  ])('an invalidation that is not what it seems: %s', (numbers, text) => {
    expect(textsOf(decodeEntry('iec', numbers).document, 'warning').join()).toMatch(text);
  });

  test('an unaligned invalidation covers the block its index lies in', () => {
    expect(decodeEntry('iec', '0 0000002b08000014').document).toMatchObject({
      summary: 'invalidates cached entries 42 to 43',
      derived: { first: 42, count: 2 },
    });
  });

  test('an entry that refuses says so before it says what it holds', () => {
    expect(decodeEntry('irte', '0000000000140200 0000000200220009').document.summary).toMatch(
      /^refuses every request; it would say: vector 0x22/,
    );
    expect(decodeEntry('irte', '0000000000040200 0000000200220008').document.summary).toMatch(
      /^not present; it would say: vector 0x22/,
    );
  });

  test.each<[string, string, RegExp]>([
    ['0000000000000200 0000000200220009', 'SVT=0', /not checked: any device/],
    ['0000000000040200 000000020022000b', 'FPD=1', /not recorded/],
    ['0000000000040200 0000000200220008', 'P=0', /not present/],
    ['0000000000080502 0000000200220009', 'bus range 05 to 02', /no requester passes/],
  ])('%s: %s is allowed and noted', (numbers, _what, text) => {
    expect(textsOf(decodeEntry('irte', numbers).document, 'warning').join()).toMatch(text);
  });

  test.each<[number, string]>([
    [0, 'requester 02:00.5'],
    [1, 'requester 02:00.1 and 02:00.5'],
    [2, 'requester 02:00.1, 02:00.3, 02:00.5 and 02:00.7'],
    [3, 'requester 02:00.0, 02:00.1, 02:00.2, 02:00.3, 02:00.4, 02:00.5, 02:00.6 and 02:00.7'],
  ])('SQ=%i admits %s', (sq, who) => {
    const high = (0x40205 | (sq << 16)).toString(16);
    expect(decodeEntry('irte', `${high} 0000000200220009`).document.summary).toBe(
      `vector 0x22 to APIC 2, for ${who}`,
    );
  });

  test.each<[string, RegExp]>([
    ['0200000000010031', /masked/],
    ['020000000000c031', /has not been ended/],
    ['0057000000000704', /bits 10:8/],
    ['0200000000000005', /below 0x10/],
  ])('a redirection table entry %s is noted', (numbers, text) => {
    expect(textsOf(decodeEntry('rte', numbers).document, 'warning').join()).toMatch(text);
  });

  test.each<[DecodeKindName, string]>([
    ['irte', '0000000200220009 0000000000040200'],
    ['irte', '234567c000418001 0000000100040300'],
    ['amd-irte', '123401 22'],
    ['fault', '002b000000000000 8000002600000200'],
    ['event', '8a00000000000000 fffffffdf8000000'],
    ['iec', '0000002b00000014 0'],
    ['dte', '0 2000000012345f93 0 3'],
    ['descriptor', '0 0 0 0000000200f20000 0 0 0 0'],
  ])('%s in the wrong order gets a hint with the right one: %s', (kind, numbers) => {
    const right = numbers.split(' ').reverse().join(' ');
    const hint = textsOf(decodeEntry(kind, numbers).document, 'hint').at(-1);
    expect(hint).toContain(`try ${right}`);
    expect(textsOf(decodeEntry(kind, right).document, 'hint').join()).not.toContain('swapped');
  });
});
