import { describe, expect, test } from 'vitest';
import type { DecodeKindName } from '../../src/report/decode-kinds.ts';
import { decodeEntry, decodeWrite, textsOf, valuesOf, violationsOf } from './decode-support.ts';

describe('messages that stand in specifications and logs', () => {
  test.each<[string, string, Record<string, number>, RegExp]>([
    [
      'compatibility, written by a guest (ath11k log)',
      'fee00000 00000020',
      { format: 0, dest: 0, vector: 0x20, deliveryMode: 0 },
      /vector 0x20 to APIC 0$/,
    ],
    [
      'compatibility, destination 255',
      'feeff000 00000022',
      { dest: 255, vector: 0x22 },
      /to APIC 255$/,
    ],
    [
      'compatibility with the level bit, as Linux up to 5.10 composed it',
      'fee01000 40ef',
      { dest: 1, vector: 0xef, level: 1, triggerMode: 0 },
      /vector 0xef to APIC 1$/,
    ],
    ['15-bit id', 'fee34240 41', { dest: 0x34, destExt: 0x12, vector: 0x41 }, /to APIC 4660 where/],
    ['largest 15-bit id', 'feefffe0 ec', { dest: 0xff, destExt: 0x7f }, /to APIC 32767 where/],
    ['NMI', 'fee00000 400', { deliveryMode: 4 }, /NMI to APIC 0$/],
  ])('%s', (_name, numbers, fields, summary) => {
    const { document } = decodeWrite(numbers);
    expect(document).toMatchObject({ kind: 'message', as: 'x86', derived: { interrupt: true } });
    expect(valuesOf(document)).toMatchObject(fields);
    expect(document.summary).toMatch(summary);
    expect(document.summary).toMatch(/^compatibility format/);
  });

  test.each<[string, number]>([
    ['fee00578 00000000', 43],
    ['0xFEE00578 0x0', 43],
    ['fee00018 0', 0],
    ['fee00038 0', 1],
    ['feeffff8 0', 0x7fff],
    ['fee0001c 0', 0x8000],
    ['feeffffc 0', 0xffff],
    ['fee00578 2', 45],
    ['fee00570 2', 43],
  ])('remappable %s names entry %i', (numbers, index) => {
    const { document } = decodeWrite(numbers);
    expect(document).toMatchObject({
      kind: 'message',
      as: 'vtd',
      derived: { messageFormat: 'remappable', index },
    });
    expect(document.summary).toBe(`remappable format: index ${index}`);
    expect(document.asBecause).toMatch(/address bit 4.* is 1/);
  });

  test('the index of an AMD-Vi message is its data', () => {
    const { document } = decodeWrite('fee00000 5', 'amdvi');
    expect(document).toMatchObject({ as: 'amdvi', derived: { index: 5 } });
    expect(document.asBecause).toContain('--as amdvi');
  });

  test('bits are numbered within address and data', () => {
    const { fields } = decodeWrite('fee00578 0').document;
    const found = Object.fromEntries(fields.map(f => [f.name, `${f.part} ${f.bits} ${f.hex}`]));
    expect(found).toMatchObject({
      handle: 'address 19:5,2 0x002b',
      addressHigh: 'address 63:32 0x00000000',
      subhandle: 'data 15:0 0x0000',
    });
  });

  test('the other units are asked as well', () => {
    const others = (numbers: string, as: Parameters<typeof decodeWrite>[1] = null) =>
      Object.fromEntries(
        (decodeWrite(numbers, as).document.others ?? []).map(o => [o.as, o.summary]),
      );
    expect(others('fee00578 0')).toEqual({
      x86: 'vector 0x00 to APIC 0',
      amdvi: "entry 0 of the device's own table",
    });
    const compat = others('fee01000 22');
    expect(compat.vtd).toMatch(
      /0x25 compat-format-blocked.*CFIS=1 and EIME=0.*vector 0x22 to APIC 1/,
    );
    expect(Object.keys(compat)).toEqual(['vtd', 'amdvi']);
    expect(Object.keys(others('fee01000 22', 'amdvi'))).toEqual(['x86', 'vtd']);
  });

  test('--as wins over the format bit', () => {
    expect(decodeWrite('fee00578 0', 'x86').document.summary).toMatch(
      /^misread .*vector 0x00 to APIC 0$/,
    );
    const { summary, problems } = decodeWrite('fee01000 22', 'vtd').document;
    expect(summary).toMatch(/blocked with 0x25/);
    expect(problems).toMatchObject([{ severity: 'warning', fault: { code: '0x25' } }]);
  });
});

describe('what is wrong with a message', () => {
  test.each<[string, string, 'x86' | 'vtd' | 'amdvi' | null, string[]]>([
    ['nothing', 'fee00578 0', null, []],
    ['data 31:16 with SHV', 'fee00578 10000', null, ['0x20 request-reserved-nonzero']],
    ['data 31:16 without SHV', 'fee00570 10000', null, []],
    ['index over all tables', 'feeffffc 1', null, ['0x21 index-beyond-table']],
    ['address 63:32', '1fee00578 0', null, ['0x20 request-reserved-nonzero']],
    ['AMD-Vi, SMI', 'fee00000 200', 'amdvi', ['IO_PAGE_FAULT smi-refused']],
    [
      'AMD-Vi, reserved mode',
      'fee00000 300',
      'amdvi',
      ['INVALID_DEVICE_REQUEST delivery-mode-reserved'],
    ],
    ['AMD-Vi, logical NMI', 'fee00004 400', 'amdvi', ['IO_PAGE_FAULT logical-destination']],
  ])('%s', (_name, numbers, as, faults) => {
    expect(violationsOf(decodeWrite(numbers, as).document)).toEqual(faults);
  });

  test.each([['fed00000 20'], ['fef00000 20'], ['0 0'], ['1fee00000 20'], ['fffffffffee00000 20']])(
    '%s is not an interrupt',
    numbers => {
      const { document } = decodeWrite(numbers);
      expect(document.summary).toMatch(/^not an interrupt/);
      expect(document.derived).toMatchObject({ interrupt: false });
    },
  );

  test('data before address gets a hint', () => {
    const { document } = decodeWrite('20 fee00000');
    expect(textsOf(document, 'hint')).toEqual(['the address comes first: try fee00000 20']);
  });

  test('an illegal vector is pointed out, for fixed and lowest priority only', () => {
    expect(textsOf(decodeWrite('fee00000 f').document, 'warning')[0]).toMatch(/below 0x10/);
    expect(textsOf(decodeWrite('fee00000 10').document, 'warning')).toEqual([]);
    expect(textsOf(decodeWrite('fee00000 400').document, 'warning')).toEqual([]);
  });
});

describe('entries that stand in specifications and logs', () => {
  test.each<[DecodeKindName, string, Record<string, number>, RegExp]>([
    [
      'irte',
      '0000000000040200 0000000200220009',
      { present: 1, im: 0, vector: 0x22, dest: 2, sid: 0x0200, svt: 1, sq: 0, redirHint: 1 },
      /^vector 0x22 to APIC 2, for requester 02:00.0$/,
    ],
    [
      'irte',
      '0000000000083b3b 0000000100510009',
      { vector: 0x51, dest: 1, sid: 0x3b3b, svt: 2 },
      /vector 0x51 to APIC 1, for buses 3b to 3b$/,
    ],
    [
      'irte',
      '0000000100040300 234567c000418001',
      { im: 1, vector: 0x41, urgent: 0, sid: 0x0300, pdaHigh: 1 },
      /posts virtual vector 0x41 to the descriptor at 0x00000001234567c0, not urgent, for requester 03:00.0$/,
    ],
    [
      'rte',
      '0200000000000031',
      { format: 0, dest: 2, vector: 0x31, triggerMode: 0 },
      /^edge: vector 0x31 to APIC 2$/,
    ],
    [
      'rte',
      '34240000 0000a831',
      { dest: 0x34, destExt: 0x12, triggerMode: 1, destMode: 1 },
      /^level: .*vector 0x31 to logical 52/,
    ],
    ['rte', '0057000000000004', { format: 1, index: 43, vector: 4 }, /^edge: entry 43 of /],
    ['rte', 'ffff0000 00008804', { format: 1, index: 0xffff }, /^level: entry 65535 of /],
    ['amd-irte32', '00220201', { remapEn: 1, vector: 0x22, dest: 2 }, /^vector 0x22 to APIC 2$/],
    ['amd-irte', '22 0000000000123401', { dest: 0x1234, vector: 0x22 }, /to APIC 4660$/],
    [
      'dte',
      '3 0 2000000012345f93 0',
      { iv: 1, intTabLen: 9, intCtl: 2, nmiPass: 0 },
      /table at 0x12345f80, 512 entries; NMI, INIT and ExtINT are refused$/,
    ],
    ['iec', '0 0000002b00000014', { type: 4, granularity: 1, index: 43, mask: 0 }, /entry 43$/],
    ['iec', '0000002b00000014', { index: 43 }, /entry 43$/],
    ['iec', '0 0000000000000004', { type: 4, granularity: 0 }, /all cached entries$/],
    [
      'fault',
      '8000002600000200 002b000000000000',
      { fault: 1, reason: 0x26, sid: 0x0200, index: 43 },
      /^requester 02:00.0, entry 43: 0x26 source-id-check-failed/,
    ],
    [
      'event',
      'fffffffdf8000000 8a00000000000000',
      { code: 8, type: 5, deviceId: 0 },
      /^INVALID_DEVICE_REQUEST: requester 00:00.0 asked for vector 0x00 to APIC 0$/,
    ],
    [
      'event',
      '000000a0 20080000 f8010140 000000fd',
      { code: 2, interrupt: 1, deviceId: 0xa0, 'asked.vector': 1, 'asked.destMode': 1 },
      /^IO_PAGE_FAULT: requester 00:14.0 asked for vector 0x01 to logical 1$/,
    ],
    [
      'descriptor',
      '0 2 0 8000000000000000 00000002_00f20001 0 0 0',
      { pir2: 2, pir7: 0x80000000, on: 1, sn: 0, nv: 0xf2, ndst: 2 },
      /^vectors 0x41 and 0xff pending; a further post sends nothing/,
    ],
    [
      'descriptor',
      '0 0 0 0 0 0 0 0 00f20000 00000002 0 0 0 0 0 0',
      { on: 0, nv: 0xf2, ndst: 2 },
      /^nothing is pending; the next post sends vector 0xf2 to APIC 2$/,
    ],
  ])('%s %s', (kind, numbers, fields, summary) => {
    const { document } = decodeEntry(kind, numbers);
    expect(document.kind).toBe(kind);
    expect(valuesOf(document)).toMatchObject(fields);
    expect(document.summary).toMatch(summary);
    expect(violationsOf(document)).toEqual([]);
  });

  test('guest form of an AMD-Vi entry, told by its bit', () => {
    const { document } = decodeEntry('amd-irte', '00000012345670ec 00abcdef000002c1');
    expect(valuesOf(document)).toMatchObject({
      guestMode: 1,
      isRun: 1,
      gaTag: 0x00abcdef,
      guestVector: 0xec,
      vapicRoot: 0x1234567,
      dest: 2,
    });
    expect(document.summary).toBe(
      'guest vector 0xec into the virtual APIC at 0x1234567000, which runs on APIC 2',
    );
  });
});
