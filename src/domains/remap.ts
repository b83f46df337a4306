import type { Guard } from '../model/guards.ts';
import type { DeviceSpec, Machine } from '../model/machine.ts';
import type { Target } from '../model/message.ts';
import type { Op } from '../model/op.ts';
import type { Message } from '../model/wire.ts';
import { AMD_FLAVOUR } from './remap-amdvi.ts';
import { VTD_FLAVOUR } from './remap-vtd.ts';
import * as stack from './stack.ts';
import { targetOf } from './vector-state.ts';
import { type AllocRequest, type Ctx, type Layer, stateOf, type Verbs } from './verbs.ts';

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
  readonly entries: (machine: Machine) => number;
  /** Table of a device, where each has its own; null where one serves all. */
  readonly tableOf: (machine: Machine, device: DeviceSpec) => number | null;
  readonly message: (index: number) => Message;
  readonly write: (machine: Machine, at: EntryAt, to: Target | Posting) => Op[];
  readonly clear: (machine: Machine, at: EntryAt) => Op[];
  readonly flush: (machine: Machine, at: EntryAt) => Op[];
}

const FLAVOURS = { vtd: VTD_FLAVOUR, amdvi: AMD_FLAVOUR } as const;

/** How the driver of this machine's unit writes entries. */
export function flavourOf(machine: Machine): Flavour {
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

/** The lowest index of `count` free entries on a boundary of the next power of two. [LINUX] */
function freeIndex(state: RemapDomainState, table: number, count: number, entries: number): number {
  const taken = new Set<number>(state.inherited);
  for (const entry of Object.values(state.irqs)) if (entry.table === table) taken.add(entry.index);
  const align = 2 ** Math.ceil(Math.log2(count));
  for (let base = 0; base + align <= entries; base += align) {
    let free = true;
    for (let i = 0; i < align && free; i++) free = !taken.has(base + i);
    if (free) return base;
  }
  return -1;
}

function chooseIndex(ctx: Ctx, layer: Layer, irq: number, request: AllocRequest): RemapIrq | null {
  const state = stateOf(ctx, layer.index, 'remap');
  const flavour = flavourOf(ctx.machine);
  const table = flavour.tableOf(ctx.machine, deviceOf(ctx.machine, irq)) ?? state.table;
  const fresh = (index: number): RemapIrq => ({ table, index, active: 0, posted: null });
  if (irq !== request.first) return fresh(state.irqs[request.first].index + irq - request.first);
  const entries = flavour.entries(ctx.machine);
  if (request.entry >= 0) {
    const taken = Object.values(state.irqs).some(
      other => other.table === table && other.index === request.entry,
    );
    return taken || request.entry >= entries ? null : fresh(request.entry);
  }
  const index = freeIndex(state, table, request.count, entries);
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

/** Writes an entry for where the interrupt shall go now, and invalidates old copies. */
function program(ctx: Ctx, layer: Layer, irq: number, whole: boolean): void {
  const flavour = flavourOf(ctx.machine);
  const at = entryAt(ctx, layer, irq, whole);
  const { posted } = stateOf(ctx, layer.index, 'remap').irqs[irq];
  ctx.ops.push(...flavour.write(ctx.machine, at, posted ?? targetOf(ctx, layer.spec.parent, irq)));
  if (!isOff(ctx.machine, 'remap/flush-on-change')) ctx.ops.push(...flavour.flush(ctx.machine, at));
}

/** The Remap layer: one table entry per interrupt; affinity changes never reach the device. */
export const remapVerbs: Verbs = {
  supports: (_ctx, _layer, _need) => null,

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
    program(ctx, layer, irq, false);
    return null;
  },

  deactivate(ctx, layer, irq) {
    const entry = stateOf(ctx, layer.index, 'remap').irqs[irq];
    const flavour = flavourOf(ctx.machine);
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
    return entry ? { message: flavourOf(ctx.machine).message(entry.index) } : { error: 'EINVAL' };
  },

  setAffinity(ctx, layer, irq, request) {
    const moved = stack.setAffinity(ctx, layer.spec.parent, irq, { ...request, atomic: true });
    if ('error' in moved) return moved;
    if (stateOf(ctx, layer.index, 'remap').irqs[irq].posted === null)
      program(ctx, layer, irq, false);
    return { moves: [] };
  },

  setVcpu(ctx, layer, irq, posting) {
    const entry = stateOf(ctx, layer.index, 'remap').irqs[irq];
    entry.posted = posting;
    if (posting || !isOff(ctx.machine, 'hypervisor/restore-on-unpost'))
      program(ctx, layer, irq, true);
    return null;
  },
};
