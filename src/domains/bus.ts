import type { Machine } from '../model/machine.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import type { Message } from '../model/wire.ts';
import * as stack from './stack.ts';
import { type SlotAt, STORAGE, type Storage } from './storage.ts';
import type { Ctx, DomainState, Layer, Verbs } from './verbs.ts';

/** Layers that know one device's store. */
export const BUS_KINDS = ['pci-msi', 'pci-msix', 'ims', 'ioapic', 'hpet'] as const;
export type BusKind = (typeof BUS_KINDS)[number];

const isBus = (state: DomainState): state is BusState =>
  BUS_KINDS.some(kind => kind === state.kind);

/** What a bus layer knows: the messages it has put into its device's store, opaque to it. */
export interface BusState {
  kind: BusKind;
  irqs: Record<number, BusIrq>;
  /** Last message of meaning each slot held, kept after a free: what a replay would use. */
  last: Record<number, Message>;
  /** The function is switched on. */
  enabled: number;
  /** Vectors of plain MSI the device may use. */
  granted: number;
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
  granted: 1,
});

function busOf(ctx: Ctx, layer: Layer): BusState {
  const state = ctx.domains[layer.index];
  if (!isBus(state)) throw new Error(`domain ${layer.index} is no bus layer`);
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
    message: mine.message,
    masked: mine.masked === 1,
    live: mine.message !== null && !mine.masked,
    maskWhileWriting: !ctx.machine.off.includes('store/mask-before-write'),
  };
}

function put(ctx: Ctx, layer: Layer, irq: number, message: Message, transient = false): void {
  const [first, ...rest] = storageOf(ctx.machine, layer).write(slotAt(ctx, layer, irq), message);
  const begins = {
    domain: layer.spec.name,
    irq: ctx.machine.irqs[irq].name,
    message,
    transient,
  };
  ctx.ops.push(first.op === 'store' ? { ...first, begins } : first, ...rest);
  const state = busOf(ctx, layer);
  state.irqs[irq].message = message;
  if (message !== ZERO_MESSAGE) state.last[irq] = message;
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
  const others = ctx.machine.irqs.flatMap((spec, index) =>
    spec.device === layer.spec.device && !state.irqs[index]?.message ? [spec.slot] : [],
  );
  const careful = !ctx.machine.off.includes('store/mask-on-enable');
  const storage = storageOf(ctx.machine, layer);
  ctx.ops.push(
    ...storage.enable(slotAt(ctx, layer, irq), {
      on,
      unused: careful ? others : [],
      granted: state.granted,
    }),
  );
}

/** Writes every message again, as after a reset of the device. */
export function rewrite(ctx: Ctx, layer: Layer): void {
  const state = busOf(ctx, layer);
  for (const [key, { message }] of Object.entries(state.irqs)) {
    if (!message) continue;
    put(ctx, layer, Number(key), message);
    state.enabled = 0;
    setEnabled(ctx, layer, Number(key), true);
  }
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
    const state = busOf(ctx, layer);
    state.irqs[irq] = { message: null, composed: null, masked: 0 };
    state.granted = Math.max(state.granted, request.count);
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
