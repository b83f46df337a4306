import type { Machine } from '../model/machine.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import type { Message } from '../model/wire.ts';
import * as stack from './stack.ts';
import { type SlotAt, STORAGE, type Storage } from './storage.ts';
import type { Ctx, Layer, Verbs } from './verbs.ts';

/** What a bus layer knows: the messages it has put into its device's store, opaque to it. */
export interface BusState {
  kind: 'pci-msi' | 'pci-msix' | 'ims';
  irqs: Record<number, BusIrq>;
  /** Last message of meaning each slot held, kept after a free: what a replay would use. */
  last: Record<number, Message>;
  /** The function is switched on. */
  enabled: number;
}

export interface BusIrq {
  /** What the slot was last given. */
  message: Message | null;
  /** Composed, and not stored yet. */
  composed: Message | null;
  masked: number;
}

export const initialBus = (kind: BusState['kind']): BusState => ({
  kind,
  irqs: {},
  last: {},
  enabled: 0,
});

function busOf(ctx: Ctx, layer: Layer): BusState {
  const state = ctx.domains[layer.index];
  if (state.kind !== 'pci-msi' && state.kind !== 'pci-msix' && state.kind !== 'ims')
    throw new Error(`domain ${layer.index} is no bus layer`);
  return state;
}

const storageOf = (machine: Machine, layer: Layer): Storage =>
  STORAGE[machine.devices[layer.spec.device].store];

function slotAt(ctx: Ctx, layer: Layer, irq: number): SlotAt {
  const mine = busOf(ctx, layer).irqs[irq];
  return {
    by: layer.spec.realm,
    device: ctx.machine.devices[layer.spec.device],
    deviceIndex: layer.spec.device,
    slot: ctx.machine.irqs[irq].slot,
    masked: mine.masked === 1,
    live: mine.message !== null && !mine.masked,
    maskWhileWriting: !ctx.machine.off.includes('store/mask-before-write'),
  };
}

function put(ctx: Ctx, layer: Layer, irq: number, message: Message, transient = false): void {
  ctx.out.emit(ctx.machine.realms[layer.spec.realm].name, {
    act: 'put',
    domain: layer.spec.name,
    irq: ctx.machine.irqs[irq].name,
    message,
    transient,
  });
  ctx.ops.push(...storageOf(ctx.machine, layer).write(slotAt(ctx, layer, irq), message));
  busOf(ctx, layer).irqs[irq].message = message;
  if (message !== ZERO_MESSAGE) busOf(ctx, layer).last[irq] = message;
}

/** The last message of meaning a slot held; null when it never held one. */
export const lastMessage = (ctx: Ctx, layer: Layer, irq: number): Message | null =>
  busOf(ctx, layer).last[irq] ?? null;

/** Keeps a composed message until it is stored. */
export function keepComposed(ctx: Ctx, layer: Layer, irq: number, message: Message | null): void {
  const mine = busOf(ctx, layer).irqs[irq];
  if (mine) mine.composed = message;
}

/** The message composed and not stored yet; null when there is none. */
export const composedFor = (ctx: Ctx, layer: Layer, irq: number): Message | null =>
  busOf(ctx, layer).irqs[irq]?.composed ?? null;

function setMask(ctx: Ctx, layer: Layer, irq: number, on: boolean): void {
  const mine = busOf(ctx, layer).irqs[irq];
  if (!mine) return;
  mine.masked = on ? 1 : 0;
  const ops = storageOf(ctx.machine, layer).mask(slotAt(ctx, layer, irq), on);
  if (ops) ctx.ops.push(...ops);
}

function setEnabled(ctx: Ctx, layer: Layer, irq: number, on: boolean): void {
  const state = busOf(ctx, layer);
  if ((state.enabled === 1) === on) return;
  state.enabled = on ? 1 : 0;
  ctx.ops.push(...storageOf(ctx.machine, layer).enable(slotAt(ctx, layer, irq), on));
}

/**
 * The Bus layer: puts messages where the device finds them. It never looks into a message and does
 * not know what is beneath; all it passes on is how its storage behaves. [TGLX]
 */
export const busVerbs: Verbs = {
  alloc(ctx, layer, irq, request) {
    const contiguous = layer.spec.kind === 'pci-msi' && request.count > 1;
    const refused = stack.alloc(ctx, layer.spec.parent, irq, { ...request, contiguous });
    if (refused) return refused;
    busOf(ctx, layer).irqs[irq] = { message: null, composed: null, masked: 0 };
    return null;
  },

  deactivate(ctx, layer, irq) {
    const mine = busOf(ctx, layer).irqs[irq];
    if (mine?.message && !ctx.machine.off.includes('store/zero-on-free')) {
      const others = Object.keys(busOf(ctx, layer).irqs).length > 1;
      setMask(ctx, layer, irq, true);
      if (!others) setEnabled(ctx, layer, irq, false);
      put(ctx, layer, irq, ZERO_MESSAGE);
    }
    stack.deactivate(ctx, layer.spec.parent, irq);
  },

  free(ctx, layer, irq) {
    delete busOf(ctx, layer).irqs[irq];
    stack.free(ctx, layer.spec.parent, irq);
  },

  store(ctx, layer, irq, message) {
    put(ctx, layer, irq, message);
    setEnabled(ctx, layer, irq, true);
  },

  setAffinity(ctx, layer, irq, request) {
    const storage = storageOf(ctx.machine, layer);
    const { device } = slotAt(ctx, layer, irq);
    const atomic = storage.mask(slotAt(ctx, layer, irq), true) !== null || device.storeWidth === 16;
    const moved = stack.setAffinity(ctx, layer.spec.parent, irq, { ...request, atomic });
    if ('error' in moved) return moved;
    for (const move of moved.moves) {
      if ('op' in move) ctx.ops.push(move.op);
      else put(ctx, layer, irq, move.store, move.transient);
    }
    return moved;
  },

  mask: (ctx, layer, irq) => setMask(ctx, layer, irq, true),
  unmask: (ctx, layer, irq) => setMask(ctx, layer, irq, false),
};
