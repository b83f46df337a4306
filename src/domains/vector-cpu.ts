import { NONE } from '../model/machine.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import * as matrix from './matrix.ts';
import { fewestManaged, mostAvailable, NOT_FOUND } from './matrix-maps.ts';
import * as stack from './stack.ts';
import { freeMoved, pointAtShutdown, release } from './vector.ts';
import { globalCpu, type VectorIrq, type VectorState, vectorOf } from './vector-state.ts';
import type { Ctx, Layer } from './verbs.ts';

/**
 * A CPU is to go offline: its interrupts move elsewhere, and what is pending in its APIC is sent
 * after them. Operations are left in `ctx.ops`. [LINUX arch/x86/kernel/irq.c fixup_irqs]
 */
export function leaveCpu(ctx: Ctx, layer: Layer, cpu: number): void {
  const by = layer.spec.realm;
  const global = globalCpu(ctx, layer, cpu);
  ctx.ops.push({ op: 'interrupts', by, cpu: global, on: 0 });
  const state = vectorOf(ctx, layer.index);
  for (const [key, mine] of Object.entries(state.irqs)) {
    if (mine.cpu !== cpu || mine.reserved || mine.given) continue;
    moveAway(ctx, layer, Number(key), cpu);
  }
  if (!ctx.machine.off.includes('vector/scan-offline'))
    ctx.ops.push({ op: 'scan-pending', by, cpu: global });
  ctx.ops.push({ op: 'cpu-line', by, cpu: global, online: 0 });
}

const topOf = (ctx: Ctx, layer: Layer, irq: number): number =>
  ctx.machine.stacks[layer.spec.realm][ctx.machine.irqs[irq].device];

const onlineBut = (state: VectorState, leaving: number): number[] =>
  state.matrix.cpus.flatMap((map, cpu) =>
    map.status === 'online' && cpu !== leaving ? [cpu] : [],
  );

/**
 * A move that is not complete is ended by force. Then the interrupt's own CPUs are tried, and any
 * other that is online, where the affinity is broken for good. A managed interrupt is shut down
 * instead. [LINUX kernel/irq/cpuhotplug.c migrate_one_irq]
 */
function moveAway(ctx: Ctx, layer: Layer, irq: number, leaving: number): void {
  const state = vectorOf(ctx, layer.index);
  const mine = state.irqs[irq];
  freeMoved(ctx, layer, irq);
  const online = onlineBut(state, leaving);
  const own = mine.affinity.length === 0 ? online : online.filter(c => mine.affinity.includes(c));
  if (mine.managed && own.length === 0) {
    shutDown(ctx, layer, irq);
    return;
  }
  const kept = own.length > 0 ? mine.affinity : [];
  const cpu = choose(state, mine, own.length > 0 ? own : online);
  if (cpu === NOT_FOUND) return;
  stack.setAffinity(ctx, topOf(ctx, layer, irq), irq, {
    cpu: globalCpu(ctx, layer, cpu),
    vector: NONE,
    how: 'cpu-down',
    atomic: false,
  });
  mine.affinity = kept;
}

const choose = (state: VectorState, mine: VectorIrq, cpus: readonly number[]): number =>
  mine.managed ? fewestManaged(state.matrix, cpus) : mostAvailable(state.matrix, cpus);

/** Masked, without a message, and without hardware that could send it on; its vector goes with the CPU. */
function shutDown(ctx: Ctx, layer: Layer, irq: number): void {
  const top = topOf(ctx, layer, irq);
  stack.mask(ctx, top, irq);
  stack.store(ctx, top, irq, ZERO_MESSAGE);
  const { parent } = ctx.machine.domains[top];
  if (parent !== NONE) stack.deactivate(ctx, parent, irq);
}

/** Where what is pending on a leaving CPU belongs now, by its vector there. */
export function newPlaceOf(
  ctx: Ctx,
  layer: Layer,
  cpu: number,
  vector: number,
): { cpu: number; vector: number } | null {
  const state = vectorOf(ctx, layer.index);
  const irq = state.table[cpu][vector] ?? NONE;
  const mine = irq >= 0 ? state.irqs[irq] : undefined;
  if (!mine || mine.cpu === cpu) return null;
  return { cpu: globalCpu(ctx, layer, mine.cpu), vector: mine.vector };
}

/**
 * The CPU is gone: vectors that moves still held there are given back, and so are those of managed
 * interrupts that had nowhere to go. [CVE-2024-31076]
 */
export function cpuGone(ctx: Ctx, layer: Layer, cpu: number): void {
  const state = vectorOf(ctx, layer.index);
  const moving = !ctx.machine.off.includes('vector/free-moving-on-offline');
  for (const [key, mine] of Object.entries(state.irqs)) {
    const irq = Number(key);
    if (mine.prevCpu === cpu && (moving || mine.cpu === cpu)) freeMoved(ctx, layer, irq);
    if (mine.cpu !== cpu || !mine.managed || mine.reserved) continue;
    release(ctx, layer, { irq, cpu, vector: mine.vector }, 'shutdown');
    mine.reserved = 1;
  }
  matrix.offline(state.matrix, cpu);
  for (const [key, mine] of Object.entries(state.irqs))
    if (mine.managed && mine.reserved) pointAtShutdown(state, Number(key));
}

/**
 * The CPU is back: its slots are empty, and managed interrupts that were shut down for want of it
 * start again. [LINUX vector.c lapic_online, kernel/irq/cpuhotplug.c irq_restore_affinity_of_irq]
 */
export function cpuBack(ctx: Ctx, layer: Layer, cpu: number): void {
  const state = vectorOf(ctx, layer.index);
  matrix.online(state.matrix, cpu);
  state.table[cpu] = {};
  for (const [key, mine] of Object.entries(state.irqs))
    if (mine.managed && mine.reserved && mine.affinity.includes(cpu))
      startAgain(ctx, layer, Number(key));
}

function startAgain(ctx: Ctx, layer: Layer, irq: number): void {
  const top = topOf(ctx, layer, irq);
  const { parent } = ctx.machine.domains[top];
  if (parent === NONE || stack.activate(ctx, parent, irq, false)) return;
  const composed = stack.compose(ctx, top, irq);
  if ('error' in composed) return;
  stack.store(ctx, top, irq, composed.message);
  stack.unmask(ctx, top, irq);
}
