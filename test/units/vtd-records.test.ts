import { describe, expect, test } from 'vitest';
import { FRCD, FSTS, IRTE } from '../../src/arch/vtd.ts';
import { decode, encode, get, set } from '../../src/bits/layout.ts';
import { hex64, type Word } from '../../src/bits/word.ts';
import { remappableMessage } from '../../src/model/message.ts';
import {
  carryOut,
  iecDescriptor,
  recordVtdFault,
  type VtdSpec,
  writeFsts,
  writeRecord,
} from '../../src/units/vtd.ts';
import {
  ENTRY,
  entryOf,
  GOOD,
  INDEX,
  PAGE,
  type Scene,
  scene,
  toWire,
  translate,
} from './vtd-scene.ts';

describe('fault records', () => {
  const faultOf = (s: Scene) => {
    const outcome = translate(s);
    if (outcome.kind !== 'blocked') throw new Error('not blocked');
    return outcome;
  };

  test('hold who asked for what; a full set loses faults and says so', () => {
    const s = scene();
    s.state.frcd = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    const fates = [0x0300, 0x0400, 0x0500].map(rid => {
      s.wire = { ...s.wire, rid };
      return recordVtdFault(s.state, faultOf(s), rid);
    });
    expect(fates).toEqual(['recorded', 'recorded', 'overflow']);
    expect(s.state.frcd.map(r => hex64(r[3], r[2]))).toEqual([
      '8000002600000300',
      '8000002600000400',
    ]);
    expect(s.state.frcd.map(r => hex64(r[1], r[0]))).toEqual([
      '002b000000000000',
      '002b000000000000',
    ]);
    const status = [s.state.fsts];
    expect(get(status, FSTS.fields.overflow)).toBe(1);
    expect(get(status, FSTS.fields.pending)).toBe(1);
    expect(get(status, FSTS.fields.record)).toBe(0);
  });

  /** A unit with so many records, and a way to have it refuse requester ids. */
  function ring(records: number) {
    const s = scene();
    s.state.frcd = Array.from({ length: records }, () => [0, 0, 0, 0]);
    const refuse = (rid: number) => {
      s.wire = { ...s.wire, rid };
      return recordVtdFault(s.state, faultOf(s), rid);
    };
    const held = () => s.state.frcd.map(r => (r[3] >>> 31 ? r[2] & 0xffff : 0));
    const status = () => decode(FSTS, [s.state.fsts]);
    return { s, refuse, held, status };
  }
  const F_BIT = 0x80000000;
  const PFO = 1;

  test('records are a ring: the next free one is used, in turn', () => {
    const { s, refuse, held, status } = ring(3);
    for (const rid of [0x0300, 0x0400]) expect(refuse(rid)).toBe('recorded');
    writeRecord(s.state, 0, F_BIT);
    expect(held()).toEqual([0, 0x0400, 0]);
    expect(status()).toMatchObject({ pending: 1, overflow: 0 });
    for (const rid of [0x0500, 0x0600]) expect(refuse(rid)).toBe('recorded');
    expect(held()).toEqual([0x0600, 0x0400, 0x0500]);
    expect(refuse(0x0700)).toBe('overflow');
    expect(held()).toEqual([0x0600, 0x0400, 0x0500]);
  });

  test('a record in the way is not passed over, free ones or not', () => {
    const { s, refuse, held } = ring(2);
    for (const rid of [0x0300, 0x0400]) refuse(rid);
    writeRecord(s.state, 1, F_BIT);
    expect(refuse(0x0500)).toBe('overflow');
    expect(held()).toEqual([0x0300, 0]);
  });

  test('after an overflow nothing is recorded until software has cleared it', () => {
    const { s, refuse, status } = ring(1);
    refuse(0x0300);
    expect(refuse(0x0400)).toBe('overflow');
    writeRecord(s.state, 0, F_BIT);
    expect(status()).toMatchObject({ pending: 0, overflow: 1 });
    expect(refuse(0x0500)).toBe('overflow');
    writeFsts(s.state, PFO);
    expect(status()).toMatchObject({ pending: 0, overflow: 0 });
    expect(refuse(0x0600)).toBe('recorded');
  });

  test('pending is what the records say, and its index that of the first', () => {
    const { s, refuse, status } = ring(4);
    refuse(0x0300);
    writeRecord(s.state, 0, F_BIT);
    expect(status().pending).toBe(0);
    for (const rid of [0x0400, 0x0500]) refuse(rid);
    expect(status()).toMatchObject({ pending: 1, record: 1 });
    writeRecord(s.state, 1, F_BIT);
    expect(status()).toMatchObject({ pending: 1, record: 1 });
    writeRecord(s.state, 2, F_BIT);
    expect(status().pending).toBe(0);
  });

  test('writes without the bit change nothing, and pending cannot be written', () => {
    const { s, refuse, held, status } = ring(1);
    refuse(0x0300);
    writeRecord(s.state, 0, 0x7fffffff);
    writeFsts(s.state, 0xfffffffe);
    expect(held()).toEqual([0x0300]);
    expect(status()).toMatchObject({ pending: 1 });
  });

  test('the index of a record has 16 bits', () => {
    const { s } = ring(1);
    s.wire = toWire(remappableMessage(0xffff, 1, 0xffff));
    recordVtdFault(s.state, faultOf(s), s.wire.rid);
    expect(decode(FRCD, s.state.frcd[0])).toMatchObject({ reason: 0x21, index: 0xfffe });
  });

  test('a write with a PASID names no index', () => {
    const s = scene();
    s.wire = { ...s.wire, pasid: 1 };
    expect(faultOf(s)).toMatchObject({ code: 0x87, entry: -1 });
  });
});

describe('entry cache', () => {
  const NEW = encode(IRTE, { ...ENTRY, vector: 0x33 });
  const warm = (cache: VtdSpec['cache'], entry: readonly Word[] = GOOD): Scene => {
    const s = scene(entry);
    s.spec = { ...s.spec, cache };
    translate(s);
    s.state.tables[PAGE][INDEX] = NEW;
    return s;
  };
  const vectorOf = (s: Scene, picks: number[] = []) => {
    const outcome = translate(s, picks);
    return outcome.kind === 'remapped' ? outcome.request.vector : outcome.kind;
  };

  test.each<[VtdSpec['cache'], number[], number]>([
    ['never', [], 0x33],
    ['always', [], 0x22],
    ['either', [1], 0x22],
    ['either', [0], 0x33],
  ])('%s, choosing %j: vector %i', (cache, picks, vector) => {
    expect(vectorOf(warm(cache), picks)).toBe(vector);
  });

  test.each([
    ['all', 0, 0, 0x33],
    ['that index', INDEX, 1, 0x33],
    ['a block around it', 40, 8, 0x33],
    ['a block of three: four, aligned', 40, 3, 0x33],
    ['a block that begins beside its boundary', INDEX - 2, 2, 0x22],
    ['a block that is taken back to its boundary', INDEX + 1, 8, 0x33],
    ['the block before', 40, 2, 0x22],
    ['the block after', INDEX + 1, 4, 0x22],
  ])('invalidating %s', (_name, index, count, vector) => {
    const s = warm('always');
    expect(carryOut(s.state, iecDescriptor(index, count))).toBe(true);
    expect(vectorOf(s)).toBe(vector);
  });

  test.each<[string, Word[], boolean]>([
    ['another type', [0x15, 0, 0, 0], false],
    ['a reserved bit', [0x34, INDEX, 0, 0], false],
    ['a reserved bit of the high half', [0x14, INDEX, 1, 0], false],
    ['global, with an index that does not count', [0x04, 7, 0, 0], true],
    ['the largest mask', [0x80000014, 0, 0, 0], true],
  ])('a descriptor: %s', (_name, words, sound) => {
    const s = warm('always');
    expect(carryOut(s.state, words)).toBe(sound);
    expect(vectorOf(s)).toBe(sound ? 0x33 : 0x22);
    expect(get([s.state.fsts], FSTS.fields.iqe)).toBe(sound ? 0 : 1);
  });

  test('a queue with an error stands still until software has cleared it', () => {
    const s = warm('always');
    carryOut(s.state, [0, 0, 0, 0]);
    expect(carryOut(s.state, iecDescriptor(0, 0))).toBe(false);
    expect(vectorOf(s)).toBe(0x22);
    writeFsts(s.state, 1 << 4);
    expect(carryOut(s.state, iecDescriptor(0, 0))).toBe(true);
    expect(vectorOf(s)).toBe(0x33);
  });

  test.each([
    [false, 0x33],
    [true, 'blocked'],
  ])('entries not present are cached: %s', (cachesNotPresent, seen) => {
    const s = scene([0, 0, 0, 0]);
    s.spec = { ...s.spec, cache: 'always', cachesNotPresent };
    expect(translate(s)).toMatchObject({ code: 0x22 });
    s.state.tables[PAGE][INDEX] = NEW;
    expect(vectorOf(s)).toBe(seen);
  });

  test('a cached entry is a copy', () => {
    const s = scene();
    s.spec = { ...s.spec, cache: 'always' };
    translate(s);
    set(entryOf(s), IRTE.fields.vector, 0x33);
    expect(vectorOf(s)).toBe(0x22);
  });
});
