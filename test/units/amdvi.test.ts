import { describe, expect, test } from 'vitest';
import { AMD_IRTE_GUEST, AMD_IRTE32, AMD_IRTE128, DTE } from '../../src/arch/amdvi.ts';
import { COMPLETION_WAIT, INVALIDATE_INTERRUPT_TABLE } from '../../src/arch/amdvi-log.ts';
import { encode, set } from '../../src/bits/layout.ts';
import { hex64, type Word } from '../../src/bits/word.ts';
import { amdMessage } from '../../src/model/message.ts';
import type { AmdProfile } from '../../src/units/amdvi.ts';
import { AMD_BREAKS } from '../conformance/amdvi-case.ts';
import {
  DEVICE,
  ENTRY,
  INDEX,
  LONG,
  OTHER_RID,
  RID,
  ROOT,
  type Scene,
  SHORT,
  scene,
  setDevice,
  translate,
} from './amdvi-scene.ts';

const PROFILES: AmdProfile[] = ['spec', 'qemu'];

/** Words as quadwords, lowest first. */
const quads = (words: readonly Word[]): string[] =>
  Array.from({ length: words.length / 2 }, (_, i) => hex64(words[2 * i + 1], words[2 * i]));

test('golden words: table entries, device table entry, commands', () => {
  expect(SHORT).toEqual([0x00220201]);
  expect(quads(encode(AMD_IRTE128, { ...ENTRY, dest: 0x1234 }))).toEqual([
    '0000000000123401',
    '0000000000000022',
  ]);
  expect(quads(encode(AMD_IRTE128, { ...ENTRY, dest: 0xab001234 }))).toEqual([
    '0000000000123401',
    'ab00000000000022',
  ]);
  expect(
    quads(
      encode(AMD_IRTE_GUEST, {
        remapEn: 1,
        guestMode: 1,
        guestVector: 0x41,
        vapicRoot: 0x12345,
        gaTag: 7,
      }),
    ),
  ).toEqual(['0000000700000081', '0000000012345041']);
  expect(quads(encode(DTE, { ...DEVICE, v: 0, tv: 0 }))).toEqual([
    '0000000000000000',
    '0000000000000000',
    '2000000012345f93',
    '0000000000000000',
  ]);
  expect(quads(encode(INVALIDATE_INTERRUPT_TABLE, { opcode: 5, deviceId: RID }))).toEqual([
    '5000000000000200',
    '0000000000000000',
  ]);
  expect(
    quads(encode(COMPLETION_WAIT, { opcode: 1, store: 1, address: 0x1000 / 8, dataLow: 1 })),
  ).toEqual(['1000000000001001', '0000000000000001']);
});

/** The bits the kernel names for them: 0x80, 0xb8, 0xb9, 0xba, 0xbe, 0xbf. */
test.each([
  ['iv', 0x80],
  ['initPass', 0xb8],
  ['eIntPass', 0xb9],
  ['nmiPass', 0xba],
  ['lint0Pass', 0xbe],
  ['lint1Pass', 0xbf],
] as const)('%s is bit %i of the device table entry', (name, bit) => {
  expect(DTE.fields[name]).toMatchObject({ bit, width: 1 });
});

const ofEntry = [
  'amdvi/remap-enabled',
  'amdvi/guest-mode',
  'amdvi/entry-reserved',
  'amdvi/interrupt-type',
] as const;

describe('refusals of Fixed requests', () => {
  test.each([
    ['32 bits', scene()],
    ['128 bits', scene({ long: true })],
  ])('a good request is remapped by an entry of %s', (_name, s) => {
    expect(translate(s)).toEqual({
      kind: 'remapped',
      entry: INDEX,
      request: {
        vector: 0x22,
        deliveryMode: 0,
        destMode: 0,
        dest: 2,
        redirHint: 0,
        triggerMode: 0,
      },
    });
  });

  test.each(ofEntry)('%s names the index', rule => {
    const s = scene();
    AMD_BREAKS[rule](s);
    expect(translate(s)).toMatchObject({ rule, entry: INDEX });
  });

  test('every field of the device table entry that must be zero is looked at, IV or not', () => {
    const reserved = Object.entries(DTE.fields).filter(([, f]) => f.reserved === 'zero');
    expect(reserved.map(([, f]) => [f.bit, f.width])).toEqual([
      [2, 5],
      [63, 1],
      [180, 2],
      [192, 15],
      [240, 6],
    ]);
    for (const [, f] of reserved) {
      const s = scene();
      setDevice(s, 'iv', 0);
      set(s.state.deviceTable[RID], f, 1);
      expect(translate(s)).toMatchObject({ rule: 'amdvi/dte-reserved', entry: -1 });
    }
  });
});

describe('the device table entry decides', () => {
  test('a unit that is off, and an entry with IV=0, let everything through', () => {
    const off = scene();
    off.state.control = [0, 0];
    expect(translate(off)).toEqual({ kind: 'passthrough' });
    const open = scene();
    setDevice(open, 'iv', 0);
    setDevice(open, 'intCtl', 0);
    for (let mode = 0; mode < 8; mode++) {
      open.wire = { ...amdMessage(mode * 0x100 + 0x41), rid: RID, pasid: -1 };
      expect(translate(open)).toEqual({ kind: 'passthrough' });
    }
  });

  test('a requester id without an entry is one with IV=0', () => {
    const s = scene();
    s.wire = { ...s.wire, rid: OTHER_RID };
    expect(translate(s)).toEqual({ kind: 'passthrough' });
  });

  test.each<[number, AmdProfile, object]>([
    [0, 'spec', { kind: 'blocked', fault: 'intctl-abort' }],
    [1, 'spec', { kind: 'passthrough' }],
    [1, 'qemu', { kind: 'remapped', entry: -1, request: { vector: 0, dest: 0 } }],
    [2, 'spec', { kind: 'remapped', entry: INDEX }],
    [3, 'spec', { kind: 'blocked', fault: 'intctl-reserved' }],
  ])('IntCtl=%i in %s', (intCtl, profile, outcome) => {
    const s = scene({ profile });
    setDevice(s, 'intCtl', intCtl);
    expect(translate(s)).toMatchObject(outcome);
  });

  test.each(PROFILES)('requests without an id are the IO-APIC’s, 00:14.0 (%s)', profile => {
    const s = scene({ profile });
    s.state.deviceTable = { 160: s.state.deviceTable[RID] };
    s.wire = { ...s.wire, rid: -1 };
    expect(translate(s)).toMatchObject({ kind: 'remapped' });
    s.wire = { ...s.wire, rid: 0xffff };
    expect(translate(s).kind).toBe(profile === 'qemu' ? 'remapped' : 'passthrough');
  });
});

describe('index and delivery mode share bits 10:8', () => {
  const PASS = { 4: 'nmiPass', 5: 'initPass', 7: 'eIntPass' } as const;
  const REFUSED = { 2: 'amdvi/smi', 3: 'amdvi/delivery-mode', 6: 'amdvi/delivery-mode' } as const;
  /** A unit whose table has an entry at every index. */
  const full = (index: number): Scene => {
    const s = scene();
    setDevice(s, 'intTabLen', 11);
    for (let i = 0; i < 2048; i++) s.state.tables[ROOT][i] = SHORT;
    s.wire = { ...amdMessage(index), rid: RID, pasid: -1 };
    return s;
  };

  test.each([0, 0xff, 0x100, 0x1ff])('index %i is an index', index => {
    expect(translate(full(index))).toMatchObject({ kind: 'remapped', entry: index });
  });

  test.each([2, 3, 6] as const)('mode %i is refused', mode => {
    for (const low of [0, 0xff])
      expect(translate(full(mode * 0x100 + low))).toMatchObject({ rule: REFUSED[mode], entry: -1 });
  });

  const cases = ([4, 5, 7] as const).flatMap(mode =>
    (['nmiPass', 'initPass', 'eIntPass'] as const).flatMap(bit =>
      [0, 1].map((logical): [4 | 5 | 7, typeof bit, number] => [mode, bit, logical]),
    ),
  );
  test.each(cases)('mode %i with only %s set, logical destination %i', (mode, bit, logical) => {
    for (const low of [0, 0xff]) {
      const s = full(mode * 0x100 + low);
      setDevice(s, bit, 1);
      s.wire = { ...s.wire, addressLow: s.wire.addressLow + 4 * logical };
      const passes = bit === PASS[mode];
      const rule = logical ? 'amdvi/physical-destination' : 'amdvi/pass-bit';
      expect(translate(s)).toEqual(
        logical || !passes ? expect.objectContaining({ rule }) : { kind: 'passthrough' },
      );
    }
  });

  test('pass bits are those of quadword 2, not 3', () => {
    const s = full(0x400);
    s.state.deviceTable[RID][7] = 0x07000000;
    expect(translate(s)).toMatchObject({ rule: 'amdvi/pass-bit' });
  });

  test('IntCtl says nothing about NMI', () => {
    const s = full(0x400);
    setDevice(s, 'nmiPass', 1);
    setDevice(s, 'intCtl', 0);
    expect(translate(s)).toEqual({ kind: 'passthrough' });
  });
});

describe('tables and entries', () => {
  test.each(Array.from({ length: 10 }, (_, intTabLen) => intTabLen))(
    'IntTabLen=%i bounds the table, but not in the emulator',
    intTabLen => {
      const last = 2 ** intTabLen - 1;
      for (const profile of PROFILES) {
        const s = scene({ profile });
        setDevice(s, 'intTabLen', intTabLen);
        s.state.tables[ROOT] = { [last]: SHORT, [last + 1]: SHORT };
        s.wire = { ...amdMessage(last), rid: RID, pasid: -1 };
        expect(translate(s)).toMatchObject({ kind: 'remapped', entry: last });
        if (last === 0x1ff) continue;
        s.wire = { ...amdMessage(last + 1), rid: RID, pasid: -1 };
        const beyond = { kind: 'blocked', fault: 'index-beyond-table', entry: last + 1 };
        expect(translate(s)).toMatchObject(profile === 'qemu' ? { kind: 'remapped' } : beyond);
      }
    },
  );

  test.each([
    [false, 1, 0x34],
    [true, 0, 0x34],
    [true, 1, 0xab001234],
  ])('128 bits %s, XTEn %i: destination %i', (long, xtEn, dest) => {
    const entry = long
      ? encode(AMD_IRTE128, { ...ENTRY, dest: 0xab001234 })
      : encode(AMD_IRTE32, { ...ENTRY, dest: 0x34 });
    expect(translate(scene({ long, xtEn, entry }))).toMatchObject({ request: { dest } });
  });

  test.each<[AmdProfile, object]>([
    ['spec', { redirHint: 0, triggerMode: 1 }],
    ['qemu', { redirHint: 1, triggerMode: 0 }],
  ])('interrupt type, destination mode and RqEoi are taken from the entry (%s)', (profile, end) => {
    const entry = encode(AMD_IRTE32, { ...ENTRY, intType: 1, destMode: 1, rqEoi: 1 });
    expect(translate(scene({ entry, profile }))).toMatchObject({
      request: { deliveryMode: 1, destMode: 1, ...end },
    });
  });

  test.each([2, 3, 4, 5, 6, 7])('interrupt type %i is reserved', intType => {
    for (const profile of PROFILES) {
      const entry = encode(AMD_IRTE32, { ...ENTRY, intType });
      expect(translate(scene({ entry, profile }))).toMatchObject({
        fault: 'irte-inttype-reserved',
      });
    }
  });

  test('the guest virtual APIC form is refused by name', () => {
    const entry = encode(AMD_IRTE_GUEST, { remapEn: 1, guestMode: 1, guestVector: 0x41 });
    for (const profile of PROFILES)
      expect(translate(scene({ long: true, entry, profile }))).toMatchObject({
        fault: 'irte-guest-mode',
      });
  });

  test('reserved bits of a 128-bit entry', () => {
    for (const name of ['rsvd32', 'rsvd72'] as const) {
      const entry = encode(AMD_IRTE128, { ...ENTRY, [name]: 1 });
      expect(translate(scene({ long: true, entry }))).toMatchObject({
        fault: 'irte-reserved-nonzero',
      });
    }
  });

  test('a table is read where its root and the index say', () => {
    const s = scene({ long: true });
    setDevice(s, 'intTabLen', 9);
    s.state.tables[ROOT][0x1ff] = [...LONG];
    s.state.unreadable = [Math.floor((0x12345f80 + 0x1ff * 16) / 4096)];
    expect(translate(s)).toMatchObject({ kind: 'remapped' });
    s.wire = { ...amdMessage(0x1ff), rid: RID, pasid: -1 };
    expect(translate(s)).toMatchObject({ fault: 'irte-fetch-failed', entry: 0x1ff });
  });
});
