import { KERNELS } from '../arch/linux.ts';
import { COMPAT } from '../arch/message.ts';
import type { Machine } from '../model/machine.ts';
import { compatMessage, type Target } from '../model/message.ts';
import type { Message } from '../model/wire.ts';
import { logicalId } from '../units/apic.ts';
import * as matrix from './matrix.ts';
import { type Ctx, type Layer, stateOf } from './verbs.ts';

/** One realm's vector space: the allocator, and what each CPU believes its vectors mean. */
export interface VectorState {
  kind: 'vector';
  matrix: matrix.Matrix;
  irqs: Record<number, VectorIrq>;
  /** Per CPU of the realm: interrupt by vector, or one of `SLOT`. */
  table: Record<number, number>[];
  /** Interrupts that have left their old CPU, where the old vector still has to be given back. */
  cleanups: number[];
}

/** Where an interrupt stands. CPUs are positions in the realm's list; -1 means none. */
export interface VectorIrq {
  cpu: number;
  vector: number;
  /** Old place, kept valid until the move is complete. */
  prevCpu: number;
  prevVector: number;
  /** 1: promised a vector, none allocated; it points at the shutdown vector. */
  reserved: number;
  /** CPUs it may go to; empty for any. */
  affinity: number[];
  /** 1: a vector is set aside for it on every CPU of its affinity. */
  managed: number;
  /** A vector it asks for by number; -1 for the allocator's choice. */
  wanted: number;
  /** A place somebody else allocated, on a CPU that is not this realm's; null for its own. */
  given: Given | null;
}

/** A CPU, as `Machine.cpus` counts, and a vector there. */
export interface Given {
  readonly cpu: number;
  readonly vector: number;
}

/** What a CPU's vector slot holds besides an interrupt. [LINUX arch/x86/kernel/irq.c] */
export const SLOT = { unused: -1, shutdown: -2, retriggered: -3 } as const;

/** An empty vector space as the kernel profile sets it up, all CPUs of the realm online. */
export function initialVector(machine: Machine, realm: number): VectorState {
  const plan = KERNELS[machine.kernel];
  const cpus = machine.realms[realm].cpus.length;
  const { allocStart, allocEnd } = plan;
  const m = matrix.createMatrix({ matrixBits: matrix.MATRIX_BITS_MAX, allocStart, allocEnd, cpus });
  for (const vector of plan.system) matrix.assignSystem(m, vector);
  for (let cpu = 0; cpu < cpus; cpu++) matrix.online(m, cpu);
  const table = Array.from({ length: cpus }, () => ({}));
  return { kind: 'vector', matrix: m, irqs: {}, table, cleanups: [] };
}

/** The beliefs of the vector layer at `index`. */
export const vectorOf = (ctx: Ctx, index: number): VectorState => stateOf(ctx, index, 'vector');

/** Index in `Machine.cpus` of a realm's CPU. */
export const globalCpu = (ctx: Ctx, layer: Layer, cpu: number): number =>
  ctx.machine.realms[layer.spec.realm].cpus[cpu];

/**
 * Destination id of a realm's CPU in the machine's destination mode. Physical CPUs come first in
 * `Machine.cpus`, so that their index there is what their flat logical id counts.
 */
export function destOf(machine: Machine, realm: number, position: number): number {
  const index = machine.realms[realm].cpus[position];
  const cpu = machine.cpus[index];
  if (machine.destMode === 0) return cpu.apicId;
  return logicalId(cpu, cpu.runsOn < 0 ? index : position);
}

/**
 * The message that makes an interrupt arrive where nothing remaps it. Without 15-bit ids only the
 * low 8 bits of a destination fit. [LINUX arch/x86/kernel/apic/apic.c __irq_msi_compose_msg]
 */
export const messageTo = (machine: Machine, target: Target): Message =>
  compatMessage(machine.extendedIds ? target : { ...target, dest: target.dest % SHORT_IDS });
const SHORT_IDS = 2 ** COMPAT.fields.dest.width;

/** Where interrupt `irq` of the vector layer at `index` arrives, as a message or entry says it. */
export function targetOf(ctx: Ctx, index: number, irq: number): Target {
  const { cpu, vector, given } = vectorOf(ctx, index).irqs[irq];
  if (given) return { dest: ctx.machine.cpus[given.cpu].apicId, destMode: 0, vector: given.vector };
  const { realm } = ctx.machine.domains[index];
  return { dest: destOf(ctx.machine, realm, cpu), destMode: ctx.machine.destMode, vector };
}

/** CPU and vector of an interrupt, as `Machine.cpus` counts; -1 where it has none. */
export function placeOf(ctx: Ctx, index: number, irq: number): { cpu: number; vector: number } {
  const mine = vectorOf(ctx, index).irqs[irq];
  if (mine?.given) return mine.given;
  if (!mine || mine.cpu < 0) return { cpu: -1, vector: -1 };
  const { realm } = ctx.machine.domains[index];
  return { cpu: ctx.machine.realms[realm].cpus[mine.cpu], vector: mine.vector };
}
