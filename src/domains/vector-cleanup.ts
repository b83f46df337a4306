import { hasBit } from '../bits/bitmap.ts';
import type { Word } from '../bits/word.ts';
import { forgetMoved, freeMoved } from './vector.ts';
import { vectorOf } from './vector-state.ts';
import type { Ctx, Layer } from './verbs.ts';

/**
 * After a move the old vector stays taken until nothing can arrive there any more: with remapping
 * once the caches have forgotten the old entry, otherwise once an interrupt has come to the new
 * place. Then its CPU gives it back, unless it is still requested there: it looks again after its
 * next interrupt. [LINUX arch/x86/kernel/apic/vector.c __vector_schedule_cleanup, vector_cleanup]
 */
export function scheduleCleanup(ctx: Ctx, layer: Layer, irq: number): void {
  const state = vectorOf(ctx, layer.index);
  const mine = state.irqs[irq];
  if (!mine || mine.prevCpu < 0 || state.cleanups.includes(irq)) return;
  if (state.matrix.cpus[mine.prevCpu].status === 'online') state.cleanups.push(irq);
  else if (ctx.machine.off.includes('vector/free-moving-on-offline')) forgetMoved(state, irq);
  else freeMoved(ctx, layer, irq);
}

/** A CPU of the realm, by position, gives back old vectors that are not requested in its `irr`. */
export function cleanUp(ctx: Ctx, layer: Layer, cpu: number, irr: readonly Word[]): void {
  const state = vectorOf(ctx, layer.index);
  for (const irq of [...state.cleanups]) {
    const mine = state.irqs[irq];
    if (mine.prevCpu === cpu && !hasBit(irr, mine.prevVector)) freeMoved(ctx, layer, irq);
  }
}
