import { describe, expect, test } from 'vitest';
import { KERNELS } from '../../src/arch/linux.ts';
import {
  alloc,
  allocManaged,
  assign,
  assignSystem,
  createMatrix,
  free,
  MATRIX_BITS_MAX,
  type MatrixPlan,
  offline,
  online,
  removeManaged,
  removeReserved,
  reserve,
  reserveManaged,
} from '../../src/domains/matrix.ts';
import { bitsOf, booted, SMALL, UINT_MAX } from './matrix-support.ts';

describe('refusals change nothing', () => {
  test('a CPU that is new or offline is never chosen', () => {
    const matrix = createMatrix(SMALL);
    online(matrix, 1);
    offline(matrix, 1);
    reserveManaged(matrix, [0, 1]);
    const before = structuredClone(matrix);
    const cpus = [0, 1];
    expect(alloc(matrix, { cpus, reserved: true })).toEqual({ ok: false, error: 'ENOSPC' });
    expect(allocManaged(matrix, cpus)).toEqual({ ok: false, error: 'ENOSPC' });
    expect(matrix).toEqual(before);
  });

  test('an empty mask is invalid for allocations and fine for managed reservations', () => {
    const matrix = booted(SMALL);
    const before = structuredClone(matrix);
    expect(alloc(matrix, { cpus: [], reserved: true })).toEqual({ ok: false, error: 'EINVAL' });
    expect(allocManaged(matrix, [])).toEqual({ ok: false, error: 'EINVAL' });
    expect(reserveManaged(matrix, [])).toEqual({ ok: true });
    expect(removeManaged(matrix, [])).toBe('done');
    expect(matrix).toEqual(before);
  });

  test.each([27, 38, 95, 4000])('vector %i lies outside the range: warned', vector => {
    const matrix = booted(SMALL);
    const before = structuredClone(matrix);
    expect(assign(matrix, { cpu: 0, vector })).toBe('warned');
    expect(free(matrix, { cpu: 0, vector, managed: false })).toBe('warned');
    expect(matrix).toEqual(before);
  });

  test.each([28, 37])('vector %i, first and last of the range, can be assigned once', vector => {
    const matrix = booted(SMALL);
    expect(assign(matrix, { cpu: 0, vector })).toBe('done');
    expect(assign(matrix, { cpu: 0, vector })).toBe('warned');
    expect(free(matrix, { cpu: 1, vector, managed: false })).toBe('warned');
    expect(free(matrix, { cpu: 0, vector, managed: false })).toBe('done');
    expect(free(matrix, { cpu: 0, vector, managed: false })).toBe('warned');
    expect(matrix).toEqual(booted(SMALL));
  });

  test('removeManaged leaves a CPU without idle managed vectors out, and serves the others', () => {
    const matrix = booted(SMALL);
    reserveManaged(matrix, [0, 1]);
    allocManaged(matrix, [0]);
    expect(removeManaged(matrix, [0, 1, 2])).toBe('warned');
    expect(matrix.cpus.map(map => map.managed)).toEqual([1, 0, 0]);
  });

  test('the kernel stops: online twice, late or unknown system vectors, unsound dimensions', () => {
    const matrix = booted(SMALL);
    expect(() => online(matrix, 0)).toThrow(RangeError);
    expect(() => assignSystem(matrix, 30)).toThrow(RangeError);
    expect(() => assignSystem(createMatrix(SMALL), 96)).toThrow(RangeError);
    expect(() => createMatrix({ ...SMALL, allocEnd: 97 })).toThrow(RangeError);
    expect(() => createMatrix({ ...SMALL, allocStart: 39 })).toThrow(RangeError);
    expect(() => createMatrix({ ...SMALL, matrixBits: MATRIX_BITS_MAX + 1 })).toThrow(RangeError);
  });
});

describe('where the counters of the kernel part from its bitmaps', () => {
  const FULL: MatrixPlan = { matrixBits: 32, allocStart: 8, allocEnd: 10, cpus: 2 };

  test('a CPU driven below 0 draws every allocation to itself, and refuses it', () => {
    const matrix = booted(FULL);
    reserveManaged(matrix, [0]);
    reserveManaged(matrix, [0]);
    expect(assign(matrix, { cpu: 0, vector: 8 })).toBe('done');
    expect(matrix.cpus[0].available).toBe(-1);
    expect(alloc(matrix, { cpus: [0, 1], reserved: false })).toEqual({
      ok: false,
      error: 'ENOSPC',
    });
    expect(alloc(matrix, { cpus: [1], reserved: false })).toEqual({ ok: true, cpu: 1, vector: 8 });
    expect(matrix.available).toBe(0);
    alloc(matrix, { cpus: [1], reserved: false });
    expect(matrix.available).toBe(UINT_MAX);
  });

  test('managed vectors set aside while a CPU is down are still counted available', () => {
    const matrix = booted(FULL);
    offline(matrix, 0);
    reserveManaged(matrix, [0]);
    online(matrix, 0);
    expect(matrix.cpus[0].available).toBe(2);
    expect(alloc(matrix, { cpus: [0], reserved: false })).toMatchObject({ ok: true, vector: 9 });
    expect(alloc(matrix, { cpus: [0], reserved: false })).toEqual({ ok: false, error: 'ENOSPC' });
  });

  test('managed vectors set aside before a CPU is first online are not counted available', () => {
    const matrix = createMatrix(FULL);
    reserveManaged(matrix, [0]);
    expect(matrix.cpus[0].available).toBe(0);
    online(matrix, 0);
    expect([matrix.cpus[0].available, matrix.available]).toEqual([1, 1]);
  });

  test('a vector freed on a CPU that is down stays in the total', () => {
    const matrix = booted(FULL);
    const got = alloc(matrix, { cpus: [0], reserved: false });
    offline(matrix, 0);
    if (got.ok) free(matrix, { ...got, managed: false });
    expect([matrix.allocated, matrix.cpus[0].allocated]).toEqual([1, 0]);
  });

  test('the first time online forgets what was assigned before', () => {
    const matrix = createMatrix(FULL);
    assign(matrix, { cpu: 0, vector: 9 });
    expect([matrix.cpus[0].available, matrix.available]).toEqual([-1, UINT_MAX]);
    online(matrix, 0);
    expect([matrix.cpus[0].available, matrix.available]).toEqual([2, 1]);
  });

  test('a failed managed reservation takes back the lowest idle vector, not the new one', () => {
    const matrix = booted({ ...FULL, allocEnd: 11 });
    for (const _ of [8, 9, 10]) alloc(matrix, { cpus: [1], reserved: false });
    assign(matrix, { cpu: 0, vector: 8 });
    reserveManaged(matrix, [0]);
    free(matrix, { cpu: 0, vector: 8, managed: false });
    assign(matrix, { cpu: 0, vector: 8 });
    expect(bitsOf(matrix.cpus[0].managedMap)).toEqual([9]);
    expect(reserveManaged(matrix, [0, 1])).toEqual({ ok: false, error: 'ENOSPC' });
    expect(bitsOf(matrix.cpus[0].managedMap)).toEqual([10]);
  });

  test('reserve warns when everything available is promised, and counts on', () => {
    const matrix = booted(FULL);
    const outcomes = Array.from({ length: 6 }, () => reserve(matrix));
    expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'over-reserved', 'done']);
    expect(matrix.reserved).toBe(6);
    for (const _ of outcomes) removeReserved(matrix);
    removeReserved(matrix);
    expect(matrix.reserved).toBe(UINT_MAX);
  });
});

describe('vectors of a PC', () => {
  const handedOut = (kernel: keyof typeof KERNELS): number[] => {
    const { allocStart, allocEnd, system } = KERNELS[kernel];
    const matrix = booted({ matrixBits: MATRIX_BITS_MAX, allocStart, allocEnd, cpus: 1 }, system);
    const out: number[] = [];
    for (;;) {
      const got = alloc(matrix, { cpus: [0], reserved: false });
      if (!got.ok) return out;
      out.push(got.vector);
    }
  };
  const between = (first: number, last: number): number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i);

  test('up to 6.5 the first device vector is 0x21, from 6.6 it is 0x20; ISA and int80 are left out', () => {
    const tail = [...between(0x40, 0x7f), ...between(0x81, 0xeb)];
    expect(handedOut('linux-6.1')).toEqual([...between(0x21, 0x2f), ...tail]);
    expect(handedOut('linux-6.6')).toEqual([...between(0x20, 0x2f), ...tail]);
  });

  test('two idle CPUs take turns, the lower first; managed interrupts start on the higher', () => {
    const matrix = booted({ matrixBits: MATRIX_BITS_MAX, allocStart: 32, allocEnd: 48, cpus: 2 });
    const cpus = [0, 1];
    const next = () => alloc(matrix, { cpus, reserved: false });
    expect([next(), next(), next()].map(got => got.ok && got.cpu)).toEqual([0, 1, 0]);
    reserveManaged(matrix, cpus);
    reserveManaged(matrix, cpus);
    const managed = () => allocManaged(matrix, cpus);
    expect([managed(), managed(), managed()].map(got => got.ok && got.cpu)).toEqual([1, 0, 1]);
  });
});
