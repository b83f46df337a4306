import { NONE } from '../model/machine.ts';
import * as matrix from './matrix.ts';
import * as stack from './stack.ts';
import { release } from './vector.ts';
import { globalCpu, vectorOf } from './vector-state.ts';
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

/** The interrupt's own CPUs first, then any other that is online. */
function moveAway(ctx: Ctx, layer: Layer, irq: number, leaving: number): void {
  const state = vectorOf(ctx, layer.index);
  const mine = state.irqs[irq];
  const online = state.matrix.cpus.flatMap((map, cpu) =>
    map.status === 'online' && cpu !== leaving ? [cpu] : [],
  );
  const allowed = online.filter(cpu => mine.affinity.includes(cpu));
  const top = ctx.machine.stacks[layer.spec.realm][ctx.machine.irqs[irq].device];
  if (mine.managed && allowed.length === 0) {
    stack.mask(ctx, top, irq);
    return;
  }
  const cpu = globalCpu(ctx, layer, (allowed.length > 0 ? allowed : online)[0]);
  const kept = mine.affinity;
  const request = { cpu, vector: NONE, how: 'kernel', atomic: false } as const;
  stack.setAffinity(ctx, top, irq, request);
  if (mine.managed) mine.affinity = kept;
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

/** The CPU is gone: vectors that moves still held there are given back. [CVE-2024-31076] */
export function cpuGone(ctx: Ctx, layer: Layer, cpu: number): void {
  const state = vectorOf(ctx, layer.index);
  if (!ctx.machine.off.includes('vector/free-moving-on-offline'))
    for (const [key, mine] of Object.entries(state.irqs)) {
      if (mine.prevCpu !== cpu) continue;
      release(ctx, layer, { irq: Number(key), cpu, vector: mine.prevVector });
      mine.prevCpu = NONE;
      mine.prevVector = NONE;
    }
  matrix.offline(state.matrix, cpu);
}

/** The CPU is back: managed interrupts that were shut down for want of it start again. */
export function cpuBack(ctx: Ctx, layer: Layer, cpu: number): void {
  const state = vectorOf(ctx, layer.index);
  matrix.online(state.matrix, cpu);
  for (const [key, mine] of Object.entries(state.irqs)) {
    if (!mine.managed || mine.cpu !== cpu) continue;
    const irq = Number(key);
    const top = ctx.machine.stacks[layer.spec.realm][ctx.machine.irqs[irq].device];
    stack.unmask(ctx, top, irq);
  }
}
