import { describe, expect, test } from 'vitest';
import { FRCD, GSTS, IEC_DESCRIPTOR, IRTE, IRTE_POSTED } from '../../src/arch/vtd.ts';
import { encode, get, set } from '../../src/bits/layout.ts';
import { hex64, parseHex64, type Word } from '../../src/bits/word.ts';
import { compatMessage, remappableMessage } from '../../src/model/message.ts';
import { recordVtdFault, type VtdProfile } from '../../src/units/vtd.ts';
import { VTD_BREAKS } from '../conformance/vtd-case.ts';
import {
  ENTRY,
  entryOf,
  GOOD,
  INDEX,
  PAGE,
  PROFILES,
  RID,
  registers,
  scene,
  toWire,
  translate,
} from './vtd-scene.ts';

const BREAKS = Object.entries(VTD_BREAKS);

/** Entries and records as the Linux layouts give them, high and low half. */
test.each<[string, Word[], string, string]>([
  ['remapped, x2APIC', GOOD, '0000000000040200', '0000000200220009'],
  [
    'remapped, xAPIC, logical',
    encode(IRTE, { ...ENTRY, destMode: 1, dest: 2 << 8 }),
    '0000000000040200',
    '000002000022000d',
  ],
  [
    'bus range',
    encode(IRTE, { present: 1, redirHint: 1, vector: 0x51, dest: 1, sid: 0x3b3b, svt: 2 }),
    '0000000000083b3b',
    '0000000100510009',
  ],
  [
    'posted',
    encode(IRTE_POSTED, {
      present: 1,
      im: 1,
      vector: 0x41,
      pda: 0x234567c0 >>> 6,
      pdaHigh: 1,
      sid: 0x0300,
      svt: 1,
    }),
    '0000000100040300',
    '234567c000418001',
  ],
  [
    'fault record',
    encode(FRCD, { fault: 1, reason: 0x26, sid: 0x0200, index: INDEX }),
    '8000002600000200',
    '002b000000000000',
  ],
  [
    'selective invalidation',
    encode(IEC_DESCRIPTOR, { type: 4, granularity: 1, index: INDEX }),
    '0000000000000000',
    '0000002b00000014',
  ],
  [
    'global invalidation',
    encode(IEC_DESCRIPTOR, { type: 4 }),
    '0000000000000000',
    '0000000000000004',
  ],
])('golden words: %s', (_name, words, high, low) => {
  expect(words).toEqual([...(parseHex64(low) ?? []), ...(parseHex64(high) ?? [])]);
  expect([hex64(words[3], words[2]), hex64(words[1], words[0])]).toEqual([high, low]);
});

describe('refusals', () => {
  test('a good request is remapped', () => {
    expect(translate(scene())).toEqual({
      kind: 'remapped',
      entry: INDEX,
      request: {
        vector: 0x22,
        deliveryMode: 0,
        destMode: 0,
        dest: 2,
        redirHint: 1,
        triggerMode: 0,
      },
    });
  });

  test.each(BREAKS)('%s with FPD set', (rule, spoil) => {
    const s = scene(encode(IRTE, { ...ENTRY, fpd: 1 }));
    spoil(s);
    const silent = ['vtd/present', 'vtd/entry-reserved', 'vtd/source-id'].includes(rule);
    const outcome = translate(s);
    expect(outcome).toMatchObject({ kind: 'blocked', rule, recorded: !silent });
    if (outcome.kind !== 'blocked') return;
    expect(recordVtdFault(s.state, outcome, RID)).toBe(silent ? 'suppressed' : 'recorded');
    expect(get(s.state.frcd[0], FRCD.fields.fault)).toBe(silent ? 0 : 1);
  });

  test.each([
    [
      'reserved subhandle bits with SHV',
      remappableMessage(INDEX, 1, 0),
      0x10000,
      'vtd/request-reserved',
    ],
    ['the same bits without SHV', remappableMessage(INDEX, 0, 0), 0x10000, null],
  ])('%s', (_name, message, data, rule) => {
    const s = { ...scene(), wire: toWire({ ...message, data }) };
    expect(translate(s)).toMatchObject(rule ? { kind: 'blocked', rule } : { kind: 'remapped' });
  });

  test('the emulator looks at the data word after the entry, and reports index 0', () => {
    const s = scene(GOOD, 'qemu');
    s.wire = { ...s.wire, data: 0x10000, rid: 0x0300 };
    expect(translate(s)).toMatchObject({ rule: 'vtd/source-id', entry: INDEX });
    s.wire = { ...s.wire, rid: RID };
    expect(translate(s)).toMatchObject({ rule: 'vtd/request-reserved', entry: 0 });
  });
});

describe('formats', () => {
  const COMPAT = compatMessage({ dest: 0x14, destMode: 0, vector: 0x22 });

  test.each<[number, number, number, VtdProfile, string]>([
    [0, 0, 0, 'spec', 'passthrough'],
    [0, 1, 0, 'spec', 'passthrough'],
    [1, 0, 1, 'spec', 'passthrough'],
    [1, 0, 0, 'spec', 'blocked'],
    [1, 1, 0, 'spec', 'blocked'],
    [1, 1, 1, 'spec', 'blocked'],
    [1, 1, 0, 'qemu', 'passthrough'],
  ])('compatibility with IRES=%i EIME=%i CFIS=%i in %s: %s', (ires, eime, cfis, profile, kind) => {
    const s = scene(GOOD, profile);
    s.state.gsts = encode(GSTS, { ires, cfis })[0];
    s.state.irta = registers(15, eime);
    s.wire = toWire(COMPAT);
    expect(translate(s)).toMatchObject(kind === 'blocked' ? { kind, code: 0x25 } : { kind });
  });

  test('a remappable message passes a unit that is off', () => {
    const s = scene();
    s.state.gsts = 0;
    expect(translate(s)).toEqual({ kind: 'passthrough' });
  });

  /** Pairs of address and index out of real fault logs; the last with bit 2, the handle’s bit 15, set besides. */
  test.each([
    [0xfee14000, 0xa00],
    [0xfee2c000, 0x1600],
    [0xfee00000, 0],
    [0xfee1400c, 0x8a00],
  ])('a blocked compatibility message at %i is recorded with index %i', (addressLow, index) => {
    const s = scene();
    s.wire = toWire({ addressLow, addressHigh: 0, data: 0x22 });
    expect(translate(s)).toMatchObject({ code: 0x25, entry: index });
  });
});

describe('source check', () => {
  const KEPT_BITS = [0b111, 0b011, 0b001, 0b000];
  const matrix = KEPT_BITS.flatMap((kept, sq) =>
    Array.from({ length: 8 }, (_, fn): [number, number, boolean] => [
      sq,
      fn,
      ((fn ^ 0b101) & kept) === 0,
    ]),
  );
  test.each(matrix)('SVT=1 SQ=%i, entry for function 5, function %i: %s', (sq, fn, allowed) => {
    const s = scene(encode(IRTE, { ...ENTRY, sq, sid: RID + 5 }));
    s.wire = { ...s.wire, rid: RID + fn };
    expect(translate(s).kind).toBe(allowed ? 'remapped' : 'blocked');
  });

  test.each(PROFILES)('no function bits are ignored in the device number (%s)', profile => {
    const s = scene(encode(IRTE, { ...ENTRY, sq: 3 }), profile);
    s.wire = { ...s.wire, rid: RID + 8 };
    expect(translate(s)).toMatchObject({ code: 0x26 });
  });

  test.each<[VtdProfile, number, number, boolean]>([
    ['spec', 0x1020, 0x0fff, false],
    ['spec', 0x1020, 0x1000, true],
    ['spec', 0x1020, 0x20ff, true],
    ['spec', 0x1020, 0x2100, false],
    ['qemu', 0x1020, 0x1800, false],
    ['qemu', 0x2010, 0x1800, true],
    ['spec', 0x2010, 0x1800, false],
    ['spec', 0x3b3b, 0x3b08, true],
    ['qemu', 0x3b3b, 0x3b08, true],
  ])('SVT=2 in %s, range %i, requester %i: %s', (profile, sid, rid, allowed) => {
    const s = scene(encode(IRTE, { ...ENTRY, svt: 2, sid }), profile);
    s.wire = { ...s.wire, rid };
    expect(translate(s).kind).toBe(allowed ? 'remapped' : 'blocked');
  });

  test('SVT=0 lets everyone in', () => {
    const s = scene(encode(IRTE, { ...ENTRY, svt: 0 }));
    s.wire = { ...s.wire, rid: 0x9999 };
    expect(translate(s).kind).toBe('remapped');
  });

  test.each<[VtdProfile, number]>([
    ['spec', 0x24],
    ['qemu', 0x26],
  ])('SVT=3 is refused in %s with %i', (profile, code) => {
    expect(translate(scene(encode(IRTE, { ...ENTRY, svt: 3 }), profile))).toMatchObject({ code });
  });

  test.each<[VtdProfile, string]>([
    ['spec', 'blocked'],
    ['qemu', 'remapped'],
  ])('requester 0xffff in %s: %s', (profile, kind) => {
    const s = scene(GOOD, profile);
    s.wire = { ...s.wire, rid: 0xffff };
    expect(translate(s).kind).toBe(kind);
  });
});

describe('index and entry', () => {
  test.each(Array.from({ length: 16 }, (_, size) => size))('S=%i bounds the table', size => {
    const last = 2 ** (size + 1) - 1;
    const s = scene();
    s.state.irta = registers(size, 1);
    s.state.tables = { [PAGE]: { [last]: GOOD, [last + 1]: GOOD } };
    s.wire = toWire(remappableMessage(last));
    expect(translate(s)).toMatchObject({ kind: 'remapped', entry: last });
    s.wire = toWire(remappableMessage(last, 1, 1));
    expect(translate(s)).toMatchObject({ code: 0x21, entry: last + 1 });
  });

  test.each<[VtdProfile, object]>([
    ['spec', { kind: 'blocked', code: 0x21, entry: 0xffff + 0xffff }],
    ['qemu', { kind: 'remapped', entry: 0xfffe }],
  ])('handle plus subhandle beyond 16 bits in %s', (profile, outcome) => {
    const s = scene(GOOD, profile);
    s.state.tables[PAGE][0xfffe] = GOOD;
    s.wire = toWire(remappableMessage(0xffff, 1, 0xffff));
    expect(translate(s)).toMatchObject(outcome);
  });

  test('a subhandle is added, not ored', () => {
    const s = scene();
    s.wire = toWire(remappableMessage(INDEX - 3, 1, 3));
    expect(translate(s)).toMatchObject({ kind: 'remapped', entry: INDEX });
  });

  test.each<[VtdProfile, number, number, object]>([
    ['spec', 1, 0x80000001, { kind: 'remapped', request: { dest: 0x80000001 } }],
    ['spec', 0, 0x0000ff00, { kind: 'remapped', request: { dest: 0xff } }],
    ['spec', 0, 0x00010000, { kind: 'blocked', code: 0x24 }],
    ['spec', 0, 0x00000001, { kind: 'blocked', code: 0x24 }],
    ['qemu', 0, 0x00010200, { kind: 'remapped', request: { dest: 2 } }],
  ])('in %s, EIME=%i, destination %i', (profile, eime, dest, outcome) => {
    const s = scene(encode(IRTE, { ...ENTRY, dest }), profile);
    s.state.irta = registers(15, eime);
    expect(translate(s)).toMatchObject(outcome);
  });

  test.each<[number, VtdProfile, string]>([
    [3, 'spec', 'blocked'],
    [6, 'spec', 'blocked'],
    [3, 'qemu', 'remapped'],
    [4, 'spec', 'remapped'],
  ])('delivery mode %i in %s: %s', (deliveryMode, profile, kind) => {
    const s = scene(encode(IRTE, { ...ENTRY, deliveryMode }), profile);
    expect(translate(s)).toMatchObject(kind === 'blocked' ? { kind, code: 0x24 } : { kind });
  });
});

describe('posted form', () => {
  const POSTED = encode(IRTE_POSTED, {
    present: 1,
    im: 1,
    urgent: 1,
    vector: 0x41,
    pda: 0x234567c0 >>> 6,
    pdaHigh: 1,
    sid: RID,
    svt: 1,
  });

  test('names the descriptor', () => {
    expect(translate(scene(POSTED))).toEqual({
      kind: 'posted',
      entry: INDEX,
      addressLow: 0x234567c0,
      addressHigh: 1,
      vector: 0x41,
      urgent: 1,
      fpd: 0,
    });
  });

  test('is reserved where the unit does not post', () => {
    const s = scene(POSTED);
    s.spec = { ...s.spec, posting: false };
    expect(translate(s)).toMatchObject({ code: 0x24 });
  });

  test('has reserved bits of its own', () => {
    const s = scene(POSTED);
    set(entryOf(s), IRTE.fields.destMode, 1);
    expect(translate(s)).toMatchObject({ code: 0x24 });
  });

  test('is not known to the emulator, which sees reserved bits', () => {
    expect(translate(scene(POSTED, 'qemu'))).toMatchObject({ code: 0x24 });
  });
});
