import { type Word, word } from '../bits/word.ts';
import type { Machine } from '../model/machine.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import { type Op, REG } from '../model/op.ts';
import { type Message, sameMessage } from '../model/wire.ts';
import * as stack from './stack.ts';
import { type SlotAt, STORAGE, type Storage, type Switching } from './storage.ts';
import type { Ctx, DomainState, Layer, Verbs } from './verbs.ts';

/** Layers that know one device's store. */
export const BUS_KINDS = ['pci-msi', 'pci-msix', 'ims', 'ioapic', 'hpet'] as const;
export type BusKind = (typeof BUS_KINDS)[number];

const isBus = (state: DomainState): state is BusState =>
  BUS_KINDS.some(kind => kind === state.kind);

/** Whether a layer knows a store, and so what was composed for it. */
export const isBusLayer = (layer: Layer): boolean =>
  BUS_KINDS.some(kind => kind === layer.spec.kind);

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
    maskedOthers: maskedOthers(ctx, layer, irq),
    granted: busOf(ctx, layer).granted,
    maskWhileWriting: !ctx.machine.off.includes('store/mask-before-write'),
  };
}

/** Interrupts of plain MSI that are masked, or not in use, as bits by slot. */
function maskedOthers(ctx: Ctx, layer: Layer, irq: number): Word {
  const device = ctx.machine.devices[layer.spec.device];
  if (device.store !== 'msi' || !device.maskable) return 0;
  const { irqs, granted } = busOf(ctx, layer);
  let bits = 0;
  for (const [other, spec] of ctx.machine.irqs.entries()) {
    if (spec.device !== layer.spec.device || other === irq || spec.slot >= granted) continue;
    if (!irqs[other]?.message || irqs[other].masked) bits |= 1 << spec.slot;
  }
  return word(bits);
}

function put(ctx: Ctx, layer: Layer, irq: number, message: Message, transient = false): void {
  const storage = storageOf(ctx.machine, layer);
  const at = slotAt(ctx, layer, irq);
  const peeks = ctx.machine.off.includes('store/opaque-message') && message.data === 0;
  const writes = storage.write(at, message).filter(op => !(peeks && writesDataOnly(op)));
  const [first, ...rest] = writes;
  const begins = {
    domain: layer.spec.name,
    irq: ctx.machine.irqs[irq].name,
    message: storage.sends(at, message),
    transient,
  };
  if (first) ctx.ops.push(first.op === 'store' ? { ...first, begins } : first, ...rest);
  const state = busOf(ctx, layer);
  state.irqs[irq].message = message;
  if (!sameMessage(message, ZERO_MESSAGE)) state.last[irq] = message;
}

/** A write that a layer which looks into messages leaves out where the data is zero anyway. */
const writesDataOnly = (op: Op): boolean =>
  op.op === 'store' && op.first === REG.data && op.words.length === 1;

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

const SWITCHED_ALREADY: Switching = { before: [], after: [] };

/** What has to be done to have the function on, or off. */
function switching(ctx: Ctx, layer: Layer, irq: number, on: boolean): Switching {
  const state = busOf(ctx, layer);
  if ((state.enabled === 1) === on) return SWITCHED_ALREADY;
  state.enabled = on ? 1 : 0;
  const others = ctx.machine.irqs.flatMap((spec, index) =>
    spec.device === layer.spec.device && index !== irq && !state.irqs[index]?.message
      ? [spec.slot]
      : [],
  );
  const unused = ctx.machine.off.includes('store/mask-on-enable') ? [] : others;
  return storageOf(ctx.machine, layer).enable(slotAt(ctx, layer, irq), { on, unused });
}

/** Writes a message, and switches the function on where it is not. */
function putEnabled(ctx: Ctx, layer: Layer, irq: number, message: Message): void {
  const { before, after } = switching(ctx, layer, irq, true);
  ctx.ops.push(...before);
  put(ctx, layer, irq, message);
  ctx.ops.push(...after);
}

/** Writes every message again, as after a reset of the device. */
export function rewrite(ctx: Ctx, layer: Layer): void {
  const state = busOf(ctx, layer);
  state.enabled = 0;
  for (const [key, { message }] of Object.entries(state.irqs))
    if (message) putEnabled(ctx, layer, Number(key), message);
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

  activate(ctx, layer, irq, reserve) {
    const storage = storageOf(ctx.machine, layer);
    const waits = reserve && storage.canWait(ctx.machine.devices[layer.spec.device]);
    return stack.activate(ctx, layer.spec.parent, irq, waits);
  },

  deactivate(ctx, layer, irq) {
    const mine = busOf(ctx, layer).irqs[irq];
    if (mine?.message && !ctx.machine.off.includes('store/zero-on-free')) {
      const others = Object.keys(busOf(ctx, layer).irqs).length > 1;
      setMask(ctx, layer, irq, true);
      if (!others) ctx.ops.push(...switching(ctx, layer, irq, false).before);
      put(ctx, layer, irq, ZERO_MESSAGE);
    }
    stack.deactivate(ctx, layer.spec.parent, irq);
  },

  free(ctx, layer, irq) {
    delete busOf(ctx, layer).irqs[irq];
    stack.free(ctx, layer.spec.parent, irq);
  },

  store(ctx, layer, irq, message) {
    putEnabled(ctx, layer, irq, message);
  },

  setAffinity(ctx, layer, irq, request) {
    const storage = storageOf(ctx.machine, layer);
    const atomic = !storage.isTorn(ctx.machine.devices[layer.spec.device]);
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
