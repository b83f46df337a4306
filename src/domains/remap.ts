import type { Guard } from '../model/guards.ts';
import { type DeviceSpec, HOST, type Machine } from '../model/machine.ts';
import type { Target } from '../model/message.ts';
import type { Op } from '../model/op.ts';
import type { Message } from '../model/wire.ts';
import { AMD_FLAVOUR } from './remap-amdvi.ts';
import { VTD_FLAVOUR } from './remap-vtd.ts';
import * as stack from './stack.ts';
import { placeOf, targetOf } from './vector-state.ts';
import {
  type AllocRequest,
  type Ctx,
  type Layer,
  type MoveRequest,
  servesAsParent,
  stateOf,
  type Verbs,
} from './verbs.ts';

/** Which table entries belong to whom, as the software that writes the table believes. */
export interface RemapDomainState {
  kind: 'remap';
  irqs: Record<number, RemapIrq>;
  /** Entries an earlier kernel left in the table: they stay taken. */
  inherited: number[];
  /** Table in use where the unit has one for all; units with several find it by device. */
  table: number;
}

export interface RemapIrq {
  /** Table the entry is in: the unit's only one, or that of a requester id. */
  table: number;
  index: number;
  /** Its place in a block of entries that share one message: the entry is `index`, sub-handle included. */
  sub: number;
  active: number;
  /** Posted form: descriptor and virtual vector; null in remapped form. */
  posted: Posting | null;
}

/** Where posted interrupts of an entry go. */
export interface Posting {
  readonly descriptor: number;
  readonly vector: number;
}

/** An entry as the driver addresses it. */
export interface EntryAt {
  readonly by: number;
  readonly device: DeviceSpec;
  readonly table: number;
  readonly index: number;
  /** The entry was or becomes posted: it is replaced in one go. */
  readonly whole: boolean;
}

/** What differs between the units Linux drives. */
export interface Flavour {
  readonly entries: (machine: Machine, realm: number) => number;
  /** Table of a device, where each has its own; null where one serves all. */
  readonly tableOf: (machine: Machine, device: DeviceSpec) => number | null;
  /** Index that a slot of a device must have; null where any will do. */
  readonly fixedIndex: (device: DeviceSpec, slot: number) => number | null;
  /** Entries at the start of a table that are kept for a purpose. */
  readonly reserved: (machine: Machine, device: DeviceSpec) => number;
  /** The message of the entry that is `sub` places into the block at `base`. */
  readonly message: (base: number, sub: number) => Message;
  /** The index a message names. */
  readonly indexOf: (message: Message) => number;
  readonly write: (machine: Machine, at: EntryAt, to: Target | Posting) => Op[];
  readonly clear: (machine: Machine, at: EntryAt) => Op[];
  readonly flush: (machine: Machine, at: EntryAt) => Op[];
}

const FLAVOURS = { vtd: VTD_FLAVOUR, amdvi: AMD_FLAVOUR } as const;

/** How a realm's driver writes entries: the host's unit is the machine's, a guest's is emulated. */
export function flavourOf(machine: Machine, realm: number): Flavour {
  if (realm !== HOST) return VTD_FLAVOUR;
  if (machine.remap.kind === 'none') throw new Error('a remap domain without a remap unit');
  return FLAVOURS[machine.remap.kind];
}

/** Page of the table Linux gives a unit at boot: any place does. */
export const FIRST_TABLE = 0x100;

export const initialRemap = (): RemapDomainState => ({
  kind: 'remap',
  irqs: {},
  inherited: [],
  table: FIRST_TABLE,
});

const isOff = (machine: Machine, guard: Guard): boolean => machine.off.includes(guard);

const deviceOf = (machine: Machine, irq: number): DeviceSpec =>
  machine.devices[machine.irqs[irq].device];

/** Where entries may be looked for. */
interface Range {
  readonly table: number;
  /** First index, and the first beyond. */
  readonly first: number;
  readonly end: number;
}

/** The lowest index of `count` free entries on a boundary of the next power of two. [LINUX] */
function freeIndex(state: RemapDomainState, range: Range, count: number): number {
  const taken = new Set<number>(state.inherited);
  for (const entry of Object.values(state.irqs))
    if (entry.table === range.table) taken.add(entry.index);
  const align = 2 ** Math.ceil(Math.log2(count));
  const start = Math.ceil(range.first / align) * align;
  for (let base = start; base + align <= range.end; base += align) {
    let free = true;
    for (let i = 0; i < align && free; i++) free = !taken.has(base + i);
    if (free) return base;
  }
  return -1;
}

const isTaken = (state: RemapDomainState, table: number, index: number): boolean =>
  Object.values(state.irqs).some(other => other.table === table && other.index === index);

/**
 * The entry an interrupt gets: the one it asks for, the one its slot must have, its place in a
 * block that shares one message, or the lowest free one.
 */
function chooseIndex(ctx: Ctx, layer: Layer, irq: number, request: AllocRequest): RemapIrq | null {
  const state = stateOf(ctx, layer.index, 'remap');
  const { realm } = layer.spec;
  const flavour = flavourOf(ctx.machine, realm);
  const device = deviceOf(ctx.machine, irq);
  const table = flavour.tableOf(ctx.machine, device) ?? state.table;
  const place = irq - request.first;
  const sub = request.contiguous ? place : 0;
  const fresh = (index: number): RemapIrq => ({ table, index, sub, active: 0, posted: null });
  if (sub > 0) return fresh(state.irqs[request.first].index + sub);
  const end = flavour.entries(ctx.machine, realm);
  const asked = request.entry >= 0 ? request.entry + place : null;
  const wanted = asked ?? flavour.fixedIndex(device, ctx.machine.irqs[irq].slot);
  if (wanted !== null) return isTaken(state, table, wanted) || wanted >= end ? null : fresh(wanted);
  const first = flavour.reserved(ctx.machine, device);
  const index = freeIndex(state, { table, first, end }, request.contiguous ? request.count : 1);
  return index < 0 ? null : fresh(index);
}

function report(ctx: Ctx, layer: Layer, irq: number, at: RemapIrq | null): void {
  ctx.out.emit(ctx.machine.realms[layer.spec.realm].name, {
    act: 'alloc',
    domain: layer.spec.name,
    kind: 'remap',
    irq: ctx.machine.irqs[irq].name,
    cpu: '',
    vector: -1,
    table: at ? at.table : -1,
    entry: at ? at.index : -1,
    error: at ? null : 'ENOMEM',
  });
}

function entryAt(ctx: Ctx, layer: Layer, irq: number, whole: boolean): EntryAt {
  const { table, index } = stateOf(ctx, layer.index, 'remap').irqs[irq];
  return { by: layer.spec.realm, device: deviceOf(ctx.machine, irq), table, index, whole };
}

/**
 * Where the entry of an interrupt that is not a guest's own sends it: to a CPU, or, with posting
 * for the host, into the descriptor of that CPU. [LINUX 6.10 intel_ir_reconfigure_irte]
 */
function hostForm(ctx: Ctx, layer: Layer, irq: number): Target | Posting {
  const { parent, realm } = layer.spec;
  if (realm !== HOST || !ctx.machine.hostPosting) return targetOf(ctx, parent, irq);
  const { cpu, vector } = placeOf(ctx, parent, irq);
  return { descriptor: cpu, vector };
}

/** Writes an entry for where the interrupt shall go now, and invalidates old copies. */
function program(ctx: Ctx, layer: Layer, at: EntryAt, to: Target | Posting): void {
  const flavour = flavourOf(ctx.machine, layer.spec.realm);
  const whole = at.whole || 'descriptor' in to;
  ctx.ops.push(...flavour.write(ctx.machine, { ...at, whole }, to));
  if (!isOff(ctx.machine, 'remap/flush-on-change')) ctx.ops.push(...flavour.flush(ctx.machine, at));
}

/** The entry of an interrupt follows it to a new place, unless it is posted for a guest. */
function redirect(ctx: Ctx, layer: Layer, irq: number, request: MoveRequest): void {
  const { posted } = stateOf(ctx, layer.index, 'remap').irqs[irq];
  if (posted !== null && !isOff(ctx.machine, 'hypervisor/keep-posted')) return;
  const at = entryAt(ctx, layer, irq, posted !== null);
  const index = request.entry !== undefined && request.entry >= 0 ? request.entry : at.index;
  program(ctx, layer, { ...at, index }, hostForm(ctx, layer, irq));
}

/** The Remap layer: one table entry per interrupt; affinity changes never reach the device. */
export const remapVerbs: Verbs = {
  supports: servesAsParent,

  alloc(ctx, layer, irq, request) {
    const refused = stack.alloc(ctx, layer.spec.parent, irq, { ...request, contiguous: false });
    if (refused) return refused;
    const entry = chooseIndex(ctx, layer, irq, request);
    report(ctx, layer, irq, entry);
    if (!entry) {
      stack.free(ctx, layer.spec.parent, irq);
      return 'ENOMEM';
    }
    stateOf(ctx, layer.index, 'remap').irqs[irq] = entry;
    return null;
  },

  activate(ctx, layer, irq, reserve) {
    const failed = stack.activate(ctx, layer.spec.parent, irq, reserve);
    if (failed) return failed;
    stateOf(ctx, layer.index, 'remap').irqs[irq].active = 1;
    program(ctx, layer, entryAt(ctx, layer, irq, false), hostForm(ctx, layer, irq));
    return null;
  },

  deactivate(ctx, layer, irq) {
    const entry = stateOf(ctx, layer.index, 'remap').irqs[irq];
    const flavour = flavourOf(ctx.machine, layer.spec.realm);
    const at = entryAt(ctx, layer, irq, entry.posted !== null);
    entry.active = 0;
    if (!isOff(ctx.machine, 'remap/clear-on-free')) ctx.ops.push(...flavour.clear(ctx.machine, at));
    if (!isOff(ctx.machine, 'remap/flush-on-free')) ctx.ops.push(...flavour.flush(ctx.machine, at));
    stack.deactivate(ctx, layer.spec.parent, irq);
  },

  free(ctx, layer, irq) {
    const state = stateOf(ctx, layer.index, 'remap');
    ctx.out.emit(ctx.machine.realms[layer.spec.realm].name, {
      act: 'free',
      domain: layer.spec.name,
      kind: 'remap',
      irq: ctx.machine.irqs[irq].name,
      cpu: '',
      vector: -1,
      table: state.irqs[irq].table,
      entry: state.irqs[irq].index,
    });
    delete state.irqs[irq];
    stack.free(ctx, layer.spec.parent, irq);
  },

  compose(ctx, layer, irq) {
    const entry = stateOf(ctx, layer.index, 'remap').irqs[irq];
    if (!entry) return { error: 'EINVAL' };
    const { index, sub } = entry;
    return { message: flavourOf(ctx.machine, layer.spec.realm).message(index - sub, sub) };
  },

  setAffinity(ctx, layer, irq, request) {
    const moved = stack.setAffinity(ctx, layer.spec.parent, irq, { ...request, atomic: true });
    if ('error' in moved) return moved;
    redirect(ctx, layer, irq, request);
    ctx.ops.push({ op: 'clean-up', by: layer.spec.realm, domain: layer.spec.parent, irq });
    return { moves: [] };
  },

  setVcpu(ctx, layer, irq, posting) {
    const entry = stateOf(ctx, layer.index, 'remap').irqs[irq];
    entry.posted = posting;
    const careless = isOff(ctx.machine, 'hypervisor/restore-on-unpost');
    const back = careless ? targetOf(ctx, layer.spec.parent, irq) : hostForm(ctx, layer, irq);
    program(ctx, layer, entryAt(ctx, layer, irq, true), posting ?? back);
    return null;
  },
};
