import type { Errno } from '../arch/linux.ts';
import { clearBit, hasBit, setBit } from '../bits/bitmap.ts';
import { type Word, word } from '../bits/word.ts';
import {
  type CpuMap,
  fewestManaged,
  inRange,
  lowestFree,
  lowestIdleManaged,
  type Matrix,
  mapBits,
  mostAvailable,
  NOT_FOUND,
} from './matrix-maps.ts';

export {
  type CpuMap,
  createMatrix,
  MATRIX_BITS_MAX,
  type Matrix,
  type MatrixPlan,
} from './matrix-maps.ts';

/** A vector handed out, or why there is none. */
export type Allocation =
  | { readonly ok: true; readonly cpu: number; readonly vector: number }
  | { readonly ok: false; readonly error: Errno };

/** Whether a reservation holds on all CPUs of the mask, or on none. */
export type Reservation = { readonly ok: true } | { readonly ok: false; readonly error: Errno };

/** `warned`: the kernel prints a warning and leaves the request, or the CPU it is about, alone. */
export type Outcome = 'done' | 'warned';

const RESERVED: Reservation = Object.freeze({ ok: true });
const INVALID = Object.freeze({ ok: false, error: 'EINVAL' } as const);
const NO_SPACE = Object.freeze({ ok: false, error: 'ENOSPC' } as const);

/**
 * Takes `vector` out of the search on every CPU. Throws RangeError where the kernel stops (a CPU is
 * online, or there is no such vector).
 */
export function assignSystem(matrix: Matrix, vector: number): void {
  if (matrix.onlineMaps > 0) throw new RangeError('matrix: system vector while a CPU is online');
  if (vector >= mapBits(matrix.system)) throw new RangeError('matrix: no such vector');
  setBit(matrix.system, vector);
  if (inRange(matrix, vector)) matrix.systemInRange++;
}

/** Brings `cpu` online. Throws RangeError where the kernel stops: it is online already. */
export function online(matrix: Matrix, cpu: number): void {
  const map = matrix.cpus[cpu];
  if (map.status === 'online') throw new RangeError(`matrix: CPU ${cpu} is online already`);
  if (map.status === 'new') {
    map.available = matrix.allocEnd - matrix.allocStart - map.managed - matrix.systemInRange;
  }
  map.status = 'online';
  matrix.available = word(matrix.available + map.available);
  matrix.onlineMaps = word(matrix.onlineMaps + 1);
}

/** Takes `cpu` offline; its vectors stay taken. The kernel does not check that it was online. */
export function offline(matrix: Matrix, cpu: number): void {
  const map = matrix.cpus[cpu];
  if (map.status === 'online') map.status = 'offline';
  matrix.available = word(matrix.available - map.available);
  matrix.onlineMaps = word(matrix.onlineMaps - 1);
}

/**
 * Promises a vector later; only counts. `over-reserved`: it counts all the same, but the kernel
 * warns that everything available was promised before.
 */
export function reserve(matrix: Matrix): 'done' | 'over-reserved' {
  const outcome = matrix.reserved === matrix.available ? 'over-reserved' : 'done';
  matrix.reserved = word(matrix.reserved + 1);
  return outcome;
}

/** Takes a promise of `reserve` back. */
export function removeReserved(matrix: Matrix): void {
  matrix.reserved = word(matrix.reserved - 1);
}

/**
 * Hands out the lowest free vector of the online CPU of `cpus` with most vectors available (the
 * first of equals); `reserved` redeems a promise of `reserve`. EINVAL for an empty mask; ENOSPC
 * when no CPU has any available, or when the chosen one counts vectors it does not have.
 */
export function alloc(
  matrix: Matrix,
  request: { readonly cpus: readonly number[]; readonly reserved: boolean },
): Allocation {
  if (request.cpus.length === 0) return INVALID;
  const cpu = mostAvailable(matrix, request.cpus);
  if (cpu === NOT_FOUND) return NO_SPACE;
  const map = matrix.cpus[cpu];
  const vector = lowestFree(matrix, map);
  if (vector === NOT_FOUND) return NO_SPACE;
  setBit(map.allocMap, vector);
  map.allocated++;
  matrix.allocated++;
  takeAvailable(matrix, map);
  if (request.reserved) removeReserved(matrix);
  return { ok: true, cpu, vector };
}

/**
 * Gives a vector back. `managed` must say how it was got: a managed vector stays set aside and is
 * not available again. `warned` when it is outside the search range or was not taken.
 */
export function free(
  matrix: Matrix,
  place: { readonly cpu: number; readonly vector: number; readonly managed: boolean },
): Outcome {
  const { cpu, vector, managed } = place;
  const map = matrix.cpus[cpu];
  if (!inRange(matrix, vector) || !hasBit(map.allocMap, vector)) return 'warned';
  clearBit(map.allocMap, vector);
  map.allocated--;
  if (map.status === 'online') matrix.allocated--;
  if (managed) {
    map.managedAllocated--;
    return 'done';
  }
  map.available++;
  if (map.status === 'online') matrix.available = word(matrix.available + 1);
  return 'done';
}

/**
 * Marks a vector taken that was chosen elsewhere. `warned` when it is outside the search range or
 * taken already. Neither managed nor system vectors, nor whether the CPU is online, are checked:
 * `available` can fall below 0.
 */
export function assign(
  matrix: Matrix,
  place: { readonly cpu: number; readonly vector: number },
): Outcome {
  const map = matrix.cpus[place.cpu];
  if (!inRange(matrix, place.vector) || hasBit(map.allocMap, place.vector)) return 'warned';
  setBit(map.allocMap, place.vector);
  map.allocated++;
  matrix.allocated++;
  takeAvailable(matrix, map);
  return 'done';
}

/**
 * Sets the lowest free vector aside on each CPU of `cpus`, online or not. ENOSPC when one has none
 * free: each CPU before it then loses its lowest idle managed vector, which need not be the new
 * one.
 */
export function reserveManaged(matrix: Matrix, cpus: readonly number[]): Reservation {
  for (const cpu of cpus) {
    const map = matrix.cpus[cpu];
    const vector = lowestFree(matrix, map);
    if (vector === NOT_FOUND) {
      dropManagedBefore(matrix, cpus, cpu);
      return NO_SPACE;
    }
    setBit(map.managedMap, vector);
    map.managed++;
    if (map.status === 'online') takeAvailable(matrix, map);
  }
  return RESERVED;
}

/**
 * Returns the lowest idle managed vector of each CPU of `cpus`, online or not. `warned` when a CPU
 * has none: it is left out.
 */
export function removeManaged(matrix: Matrix, cpus: readonly number[]): Outcome {
  let outcome: Outcome = 'done';
  for (const cpu of cpus) {
    if (dropManaged(matrix, matrix.cpus[cpu]) === 'warned') outcome = 'warned';
  }
  return outcome;
}

/**
 * Hands out the lowest idle managed vector of the online CPU of `cpus` with fewest managed vectors
 * in use (the last of equals). EINVAL for an empty mask; ENOSPC when no CPU of it is online, or the
 * chosen one has no idle managed vector, even if another has.
 */
export function allocManaged(matrix: Matrix, cpus: readonly number[]): Allocation {
  if (cpus.length === 0) return INVALID;
  const cpu = fewestManaged(matrix, cpus);
  if (cpu === NOT_FOUND) return NO_SPACE;
  const map = matrix.cpus[cpu];
  const vector = lowestIdleManaged(map);
  if (vector === NOT_FOUND) return NO_SPACE;
  setBit(map.allocMap, vector);
  map.allocated++;
  map.managedAllocated++;
  matrix.allocated++;
  return { ok: true, cpu, vector };
}

/** Vectors available on all online CPUs, less those of `leaving`, a CPU about to go offline. */
export function available(matrix: Matrix, leaving: number | null): Word {
  return leaving === null
    ? matrix.available
    : word(matrix.available - matrix.cpus[leaving].available);
}

/**
 * Regular vectors in use on `cpu`: those it must move elsewhere before it goes offline. Kernels
 * counted managed ones too before 6.7. [LINUX kernel/irq/matrix.c, 6.7]
 */
export function allocated(matrix: Matrix, cpu: number): Word {
  const map = matrix.cpus[cpu];
  return word(map.allocated - map.managedAllocated);
}

function takeAvailable(matrix: Matrix, map: CpuMap): void {
  map.available--;
  matrix.available = word(matrix.available - 1);
}

function dropManagedBefore(matrix: Matrix, cpus: readonly number[], failed: number): void {
  for (const cpu of cpus) {
    if (cpu === failed) return;
    dropManaged(matrix, matrix.cpus[cpu]);
  }
}

function dropManaged(matrix: Matrix, map: CpuMap): Outcome {
  const vector = map.managed === 0 ? NOT_FOUND : lowestIdleManaged(map);
  if (vector === NOT_FOUND) return 'warned';
  clearBit(map.managedMap, vector);
  map.managed--;
  if (map.status === 'online') {
    map.available++;
    matrix.available = word(matrix.available + 1);
  }
  return 'done';
}
