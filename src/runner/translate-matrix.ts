import { z } from 'zod';
import type { Word } from '../bits/word.ts';
import * as matrices from '../domains/matrix.ts';
import { badLine, parseLine } from './bad-line.ts';

/** Most CPUs a kernel is built for: bounds what a line may ask for. [LINUX arch/x86/Kconfig, 6.1] */
const CPUS_MAX = 8192;

const count = z.int().min(0);
const cpuSet = z
  .array(count)
  .refine(cpus => new Set(cpus).size === cpus.length, 'Expected each CPU once')
  .transform(cpus => cpus.toSorted((a, b) => a - b));

const stepSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('assignSystem'), bit: count }),
  z.object({ op: z.literal('online'), cpu: count }),
  z.object({ op: z.literal('offline'), cpu: count }),
  z.object({ op: z.literal('reserve') }),
  z.object({ op: z.literal('removeReserved') }),
  z.object({ op: z.literal('alloc'), cpus: cpuSet, reserved: z.boolean() }),
  z.object({ op: z.literal('free'), cpu: count, bit: count, managed: z.boolean() }),
  z.object({ op: z.literal('reserveManaged'), cpus: cpuSet }),
  z.object({ op: z.literal('removeManaged'), cpus: cpuSet }),
  z.object({ op: z.literal('allocManaged'), cpus: cpuSet }),
  z.object({ op: z.literal('assign'), cpu: count, bit: count }),
  z.object({ op: z.literal('available'), cpu: count, cpuDown: z.boolean() }),
  z.object({ op: z.literal('allocated'), cpu: count }),
]);
type Step = z.infer<typeof stepSchema>;

const lineSchema = z.object({
  id: z.string(),
  config: z
    .object({
      matrixBits: z.int().min(1).max(matrices.MATRIX_BITS_MAX),
      allocStart: count,
      allocEnd: count,
      cpus: z.int().min(1).max(CPUS_MAX),
    })
    .refine(config => config.allocStart <= config.allocEnd, {
      path: ['allocEnd'],
      message: 'Expected a number of at least allocStart',
    })
    .refine(config => config.allocEnd <= config.matrixBits, {
      path: ['allocEnd'],
      message: 'Expected a number of at most matrixBits',
    }),
  steps: z.array(stepSchema),
});

/** What a step of the allocator answers; absent for steps that only act. */
export type MatrixResult =
  | { readonly cpu: number; readonly bit: number }
  | { readonly error: string }
  | number
  | 'ok';

/** One step's answer and what the matrix looks like after it. */
export interface MatrixStepAnswer {
  result?: MatrixResult;
  /** The kernel would print a warning and do nothing; absent when it would not. */
  warned?: true;
  /** The kernel would warn that more is promised than available; absent when it would not. */
  overReservedWarning?: true;
  after: MatrixAfter;
}

/** Global counters, and per-CPU counters of the CPUs the step changed, by CPU number. */
export interface MatrixAfter {
  globalAvailable: Word;
  globalReserved: Word;
  totalAllocated: number;
  onlineMaps: Word;
  /** available, allocated, managed, managedAllocated, online (0 or 1). */
  cpus: Record<string, number[]>;
}

/** The answers to one sequence of allocator steps, in order. */
export interface MatrixAnswer {
  id: string;
  steps: MatrixStepAnswer[];
}

/**
 * Replays one sequence of allocator steps on a new matrix. `line` is a parsed line {id, config,
 * steps}; answers it may carry are not looked at. Throws a `badLine` error that names the field at
 * fault when the line is malformed, or asks for what a kernel stops at.
 */
export function translateMatrixLine(line: unknown): MatrixAnswer {
  const { id, config, steps } = parseLine(lineSchema, line);
  const matrix = matrices.createMatrix(config);
  let before = matrix.cpus.map(countersOf);
  const answers = steps.map((step, index): MatrixStepAnswer => {
    const fault = faultOf(matrix, step, config);
    if (fault !== null) throw badLine(`steps[${index}].${fault}`);
    const answer = perform(matrix, step);
    const after = matrix.cpus.map(countersOf);
    const changed = changedCpus(before, after);
    before = after;
    return { ...answer, after: { ...globalsOf(matrix), cpus: changed } };
  });
  return { id, steps: answers };
}

/** Why a well-formed step cannot be performed on this matrix, field first; null when it can. */
function faultOf(matrix: matrices.Matrix, step: Step, plan: matrices.MatrixPlan): string | null {
  const last = plan.cpus - 1;
  if ('cpus' in step && step.cpus.some(cpu => cpu > last)) {
    return `cpus: expected CPU numbers of at most ${last}`;
  }
  if ('cpu' in step && step.cpu > last) return `cpu: expected a CPU number of at most ${last}`;
  if (step.op === 'online' && matrix.cpus[step.cpu].status === 'online') {
    return 'cpu: expected a CPU that is not online';
  }
  if (step.op === 'assignSystem' && step.bit >= plan.matrixBits) {
    return `bit: expected a vector below matrixBits (${plan.matrixBits})`;
  }
  if (step.op === 'assignSystem' && matrix.onlineMaps > 0) {
    return 'op: expected assignSystem only while no CPU is online';
  }
  return null;
}

type Answer = Omit<MatrixStepAnswer, 'after'>;

function perform(matrix: matrices.Matrix, step: Step): Answer {
  switch (step.op) {
    case 'assignSystem':
      matrices.assignSystem(matrix, step.bit);
      return {};
    case 'online':
      matrices.online(matrix, step.cpu);
      return {};
    case 'offline':
      matrices.offline(matrix, step.cpu);
      return {};
    case 'reserve':
      return matrices.reserve(matrix) === 'done' ? {} : { overReservedWarning: true };
    case 'removeReserved':
      matrices.removeReserved(matrix);
      return {};
    case 'alloc':
      return allocation(matrices.alloc(matrix, step));
    case 'free':
      return outcome(
        matrices.free(matrix, { cpu: step.cpu, vector: step.bit, managed: step.managed }),
      );
    case 'reserveManaged': {
      const reservation = matrices.reserveManaged(matrix, step.cpus);
      return { result: reservation.ok ? 'ok' : { error: reservation.error } };
    }
    case 'removeManaged':
      return outcome(matrices.removeManaged(matrix, step.cpus));
    case 'allocManaged':
      return allocation(matrices.allocManaged(matrix, step.cpus));
    case 'assign':
      return outcome(matrices.assign(matrix, { cpu: step.cpu, vector: step.bit }));
    case 'available':
      return { result: matrices.available(matrix, step.cpuDown ? step.cpu : null) };
    case 'allocated':
      return { result: matrices.allocated(matrix, step.cpu) };
  }
}

const outcome = (of: matrices.Outcome): Answer => (of === 'done' ? {} : { warned: true });

const allocation = (of: matrices.Allocation): Answer => ({
  result: of.ok ? { cpu: of.cpu, bit: of.vector } : { error: of.error },
});

const countersOf = (map: matrices.CpuMap): number[] => [
  map.available,
  map.allocated,
  map.managed,
  map.managedAllocated,
  map.status === 'online' ? 1 : 0,
];

function changedCpus(before: number[][], after: number[][]): Record<string, number[]> {
  const changed = after.flatMap((counters, cpu): [string, number[]][] =>
    counters.every((counter, i) => counter === before[cpu][i]) ? [] : [[String(cpu), counters]],
  );
  return Object.fromEntries(changed);
}

const globalsOf = (matrix: matrices.Matrix): Omit<MatrixAfter, 'cpus'> => ({
  globalAvailable: matrix.available,
  globalReserved: matrix.reserved,
  totalAllocated: matrix.allocated,
  onlineMaps: matrix.onlineMaps,
});
