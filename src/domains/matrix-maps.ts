import { lowestBit, type Word, word } from '../bits/word.ts';

/**
 * Linux's interrupt matrix: which vector of which CPU is handed out. Every function changes the
 * matrix it is given, counter for counter as the kernel does, including where the kernel's
 * counters part from its bitmaps. [LINUX kernel/irq/matrix.c, 6.7]
 *
 * CPUs are indices into `Matrix.cpus`. A CPU mask is a list of CPUs in ascending order without
 * repeats: ties are decided, and a failed reservation is undone, in that order.
 */
export interface Matrix {
  /** First vector the search looks at, and the first above it it does not. */
  allocStart: number;
  allocEnd: number;
  /** Vectors free on all online CPUs together; wraps below 0 to 2^32 - 1. */
  available: Word;
  /** Interrupts promised a vector later, backed by nothing; wraps like `available`. */
  reserved: Word;
  /** Vectors handed out, less those given back on online CPUs only. */
  allocated: number;
  /** CPUs that are online. */
  onlineMaps: Word;
  /** Assignments of system vectors inside the search range. */
  systemInRange: number;
  /** System vectors, bit v of word v/32 = vector v; so are the maps of the CPUs. */
  system: Word[];
  cpus: CpuMap[];
}

/** One CPU's vectors. */
export interface CpuMap {
  /** `new`: never online; the first time online decides `available` afresh. */
  status: 'new' | 'offline' | 'online';
  /** Vectors left for regular interrupts; below 0 where the kernel's counter wraps. */
  available: number;
  /** Vectors in use, managed ones included. */
  allocated: number;
  /** Vectors set aside for managed interrupts, in use or not. */
  managed: number;
  /** Managed vectors in use. */
  managedAllocated: number;
  allocMap: Word[];
  managedMap: Word[];
}

/** Dimensions of a matrix; vectors and CPUs are counted from 0. */
export interface MatrixPlan {
  /** Vectors of a CPU; at most `MATRIX_BITS_MAX`. */
  readonly matrixBits: number;
  readonly allocStart: number;
  readonly allocEnd: number;
  /** Number of CPUs. */
  readonly cpus: number;
}

/** Vectors an x86 CPU has, and so the widest matrix. [LINUX arch/x86/include/asm/hw_irq.h, 6.1] */
export const MATRIX_BITS_MAX = 256;

/** Stands for "no CPU" and "no vector" where a search found none. */
export const NOT_FOUND = -1;

const WORD_BITS = 32;
const ALL_ONES = word(-1);

/** A matrix with every CPU `new` and no vector taken. Throws RangeError when `plan` is unsound. */
export function createMatrix(plan: MatrixPlan): Matrix {
  const { matrixBits, allocStart, allocEnd } = plan;
  const sound = 0 <= allocStart && allocStart <= allocEnd && allocEnd <= matrixBits;
  if (!sound || matrixBits > MATRIX_BITS_MAX) throw new RangeError('matrix: range does not fit');
  const emptyMap = (): Word[] => Array<Word>(Math.ceil(matrixBits / WORD_BITS)).fill(0);
  const cpus = Array.from({ length: plan.cpus }, (): CpuMap => {
    const counters = { available: 0, allocated: 0, managed: 0, managedAllocated: 0 };
    return { status: 'new', ...counters, allocMap: emptyMap(), managedMap: emptyMap() };
  });
  return {
    allocStart,
    allocEnd,
    available: 0,
    reserved: 0,
    allocated: 0,
    onlineMaps: 0,
    systemInRange: 0,
    system: emptyMap(),
    cpus,
  };
}

/**
 * The online CPU of the mask with most vectors available, the first of equals. The kernel compares
 * unsigned: a CPU whose counter fell below 0 beats every other.
 */
export function mostAvailable(matrix: Matrix, cpus: readonly number[]): number {
  let best = NOT_FOUND;
  let most = 0;
  for (const cpu of cpus) {
    const map = matrix.cpus[cpu];
    if (map.status !== 'online' || word(map.available) <= most) continue;
    best = cpu;
    most = word(map.available);
  }
  return best;
}

/** The online CPU of the mask with fewest managed vectors in use, the last of equals. */
export function fewestManaged(matrix: Matrix, cpus: readonly number[]): number {
  let best = NOT_FOUND;
  let fewest = ALL_ONES;
  for (const cpu of cpus) {
    const map = matrix.cpus[cpu];
    if (map.status !== 'online' || word(map.managedAllocated) > fewest) continue;
    best = cpu;
    fewest = word(map.managedAllocated);
  }
  return best;
}

/** The lowest vector in the search range that is free on this CPU. */
export function lowestFree(matrix: Matrix, map: CpuMap): number {
  const { allocStart, allocEnd, system } = matrix;
  for (let w = Math.floor(allocStart / WORD_BITS); w * WORD_BITS < allocEnd; w++) {
    const taken = map.managedMap[w] | map.allocMap[w] | system[w];
    const free = ~taken & bitsBetween(allocStart - w * WORD_BITS, allocEnd - w * WORD_BITS);
    if (free !== 0) return w * WORD_BITS + lowestBit(free);
  }
  return NOT_FOUND;
}

/** The lowest vector set aside on this CPU and not in use. */
export function lowestIdleManaged(map: CpuMap): number {
  for (let w = 0; w < map.managedMap.length; w++) {
    const idle = map.managedMap[w] & ~map.allocMap[w];
    if (idle !== 0) return w * WORD_BITS + lowestBit(idle);
  }
  return NOT_FOUND;
}

/** The bits from `first` up to `end`, which is not among them; either may lie outside the word. */
function bitsBetween(first: number, end: number): number {
  const above = first > 0 ? -1 << first : -1;
  return end < WORD_BITS ? above & ((1 << end) - 1) : above;
}

/** True when the search range holds `vector`. */
export const inRange = (matrix: Matrix, vector: number): boolean =>
  vector >= matrix.allocStart && vector < matrix.allocEnd;

/** Number of bits a map has room for. */
export const mapBits = (map: readonly Word[]): number => map.length * WORD_BITS;
