import type { Target } from '../model/message.ts';
import type { Message } from '../model/wire.ts';
import { destOf, globalCpu, messageTo, SLOT, type VectorIrq, vectorOf } from './vector-state.ts';
import type { Ctx, Layer, Move, MoveRequest } from './verbs.ts';

/**
 * What the device's store has to go through when its interrupt moves and nothing remaps it.
 *
 * Address and data of plain MSI are separate writes. A device that raises between them sends the
 * new address with the old data. Changing the vector first, while still aiming at the old CPU, and
 * the address afterwards, leaves only pairs that somebody expects; what arrived at the old CPU
 * under the new vector is then found pending there and sent on.
 * [LINUX arch/x86/kernel/apic/msi.c msi_set_affinity, commit 6f1a4891a592, 5.6]
 */
export function movesFor(ctx: Ctx, layer: Layer, irq: number, request: MoveRequest): Move[] {
  const state = vectorOf(ctx, layer.index);
  const mine = state.irqs[irq];
  const message = (cpu: number): Message =>
    messageTo(ctx.machine, place(ctx, layer, cpu, mine.vector));
  const target: Move = { store: message(mine.cpu), transient: false };
  if (request.how === 'naive') return [target];
  if (request.how === 'msi-off') return withMsiOff(ctx, irq, target);
  const oneWordChanges = mine.vector === mine.prevVector || mine.cpu === mine.prevCpu;
  if (request.how !== 'two-step' && (request.atomic || oneWordChanges)) return [target];
  const old = mine.prevCpu;
  if ((state.table[old][mine.vector] ?? SLOT.unused) < 0)
    state.table[old][mine.vector] = SLOT.retriggered;
  const update = [{ store: message(old), transient: true }, target, ...retrigger(ctx, layer, mine)];
  if (request.how === 'cpu-down') return update;
  return [interrupts(ctx, layer, old, 0), ...update, interrupts(ctx, layer, old, 1)];
}

const place = (ctx: Ctx, layer: Layer, cpu: number, vector: number): Target => ({
  dest: destOf(ctx.machine, layer.spec.realm, cpu),
  destMode: ctx.machine.destMode,
  vector,
});

const interrupts = (ctx: Ctx, layer: Layer, cpu: number, on: number): Move => ({
  op: { op: 'interrupts', by: layer.spec.realm, cpu: globalCpu(ctx, layer, cpu), on },
});

function retrigger(ctx: Ctx, layer: Layer, mine: VectorIrq): Move[] {
  if (ctx.machine.off.includes('vector/retrigger')) return [];
  return [
    {
      op: {
        op: 'retrigger-if-pending',
        by: layer.spec.realm,
        cpu: globalCpu(ctx, layer, mine.prevCpu),
        vector: mine.vector,
        toCpu: globalCpu(ctx, layer, mine.cpu),
      },
    },
  ];
}

/** The rejected way: with MSI off the device falls back to INTx, or loses the interrupt. */
function withMsiOff(ctx: Ctx, irq: number, target: Move): Move[] {
  const { device } = ctx.machine.irqs[irq];
  const enable = (value: number): Move => ({
    op: { op: 'function', by: ctx.machine.devices[device].owner, device, reg: 'enable', value },
  });
  return [enable(0), target, enable(1)];
}
