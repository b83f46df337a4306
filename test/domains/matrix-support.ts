import {
  assignSystem,
  createMatrix,
  type Matrix,
  type MatrixPlan,
  online,
} from '../../src/domains/matrix.ts';

/** Ten vectors on either side of a word boundary, three CPUs. */
export const SMALL: MatrixPlan = { matrixBits: 96, allocStart: 28, allocEnd: 38, cpus: 3 };
export const UINT_MAX = 2 ** 32 - 1;

/** A matrix with these system vectors and every CPU online. */
export function booted(plan: MatrixPlan, system: readonly number[] = []): Matrix {
  const matrix = createMatrix(plan);
  for (const vector of system) assignSystem(matrix, vector);
  for (const cpu of matrix.cpus.keys()) online(matrix, cpu);
  return matrix;
}

/** The set bits of a map, by arithmetic rather than by the helpers under test. */
export const bitsOf = (map: readonly number[]): number[] =>
  map.flatMap((word, w) =>
    Array.from({ length: 32 }, (_, bit) => bit)
      .filter(bit => Math.floor(word / 2 ** bit) % 2 === 1)
      .map(bit => w * 32 + bit),
  );
