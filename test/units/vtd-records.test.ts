import { describe, expect, test } from 'vitest';
import { FSTS, IRTE } from '../../src/arch/vtd.ts';
import { encode, get, set } from '../../src/bits/layout.ts';
import { hex64, type Word } from '../../src/bits/word.ts';
import { carryOut, iecDescriptor, recordVtdFault, type VtdSpec } from '../../src/units/vtd.ts';
import { ENTRY, entryOf, GOOD, INDEX, PAGE, type Scene, scene, translate } from './vtd-scene.ts';

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

  test('a freed record is used again', () => {
    const s = scene();
    s.wire = { ...s.wire, rid: 0x0300 };
    recordVtdFault(s.state, faultOf(s), 0x0300);
    s.state.frcd[0] = [0, 0, 0, 0];
    expect(recordVtdFault(s.state, faultOf(s), 0x0300)).toBe('recorded');
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
