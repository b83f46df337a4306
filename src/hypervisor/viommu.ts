import type { CheckResult } from '../model/check.ts';
import { type Machine, NONE, type VtdPlan } from '../model/machine.ts';
import { inWindow, readCompat } from '../model/message.ts';
import type { InvalidateOp, TableOp } from '../model/op.ts';
import { checkLog } from '../model/out.ts';
import type { BlockedOutcome, RemapOutcome } from '../model/remap.ts';
import type { InterruptRequest, Message } from '../model/wire.ts';
import {
  carryOut,
  iecDescriptor,
  recordVtdFault,
  translateVtd,
  type VtdState,
} from '../units/vtd.ts';
import type { HvCtx } from './state.ts';

/** A message of a guest that the hypervisor has to understand. */
export interface GuestMessage {
  readonly guest: number;
  readonly irq: number;
  readonly message: Message;
  /**
   * `live`: an interrupt is being sent now, and the unit may record a fault. `route`: it is looked
   * up beforehand, where a refusal has no fault. [QEMU kvm_arch_fixup_msi_route]
   */
  readonly use: 'live' | 'route';
}

interface Unit {
  readonly plan: VtdPlan;
  readonly state: VtdState;
}

function unitOf(ctx: HvCtx, guest: number): Unit | null {
  const plan = ctx.machine.realms[guest].viommu;
  return plan ? { plan, state: ctx.hv.units[guest] } : null;
}

const unitName = (machine: Machine, guest: number): string => `${machine.realms[guest].name}/ir`;

/** What a message of a guest asks for, as its own unit and CPUs would read it; null for nothing. */
export function requestOf(ctx: HvCtx, asked: GuestMessage): InterruptRequest | null {
  if (!inWindow(asked.message)) return null;
  const unit = unitOf(ctx, asked.guest);
  const outcome = unit ? look(ctx, unit, asked) : ({ kind: 'passthrough' } as const);
  if (outcome.kind === 'remapped') return outcome.request;
  if (outcome.kind === 'passthrough') return readCompat(asked.message, ctx.machine.extendedIds);
  return null;
}

/** The emulated unit decides, by the very rules of a real one. */
function look(ctx: HvCtx, unit: Unit, asked: GuestMessage): RemapOutcome {
  const { machine, out } = ctx;
  const { device, name } = machine.irqs[asked.irq];
  const { rid } = machine.devices[device];
  const checks: CheckResult[] | null = checkLog(out);
  const spec = { ...unit.plan, off: machine.off };
  const wire = { ...asked.message, rid, pasid: NONE };
  const outcome = translateVtd(spec, unit.state, wire, { log: checks, pick: () => 0 });
  const guest = machine.realms[asked.guest].name;
  const { message } = asked;
  out.emit('hypervisor', { act: 'route', guest, irq: name, message, outcome }, checks ?? []);
  if (outcome.kind === 'blocked') refuse(ctx, unit, asked, outcome);
  return outcome;
}

function refuse(ctx: HvCtx, unit: Unit, asked: GuestMessage, fault: BlockedOutcome): void {
  const { machine } = ctx;
  const { rid } = machine.devices[machine.irqs[asked.irq].device];
  const noted = asked.use === 'live' && !machine.off.includes('hypervisor/record-faults');
  ctx.out.emit('hypervisor', {
    act: 'fault',
    flight: NONE,
    unit: unitName(machine, asked.guest),
    reason: `vtd/0x${fault.code.toString(16)}`,
    name: fault.fault,
    rid,
    entry: fault.entry,
    fate: noted ? recordVtdFault(unit.state, fault, rid) : 'silent',
  });
}

/** A guest writes an entry of the table of its emulated unit. */
export function writeVirtualEntry(ctx: HvCtx, op: TableOp): void {
  const unit = ctx.hv.units[op.by];
  if (!unit) return;
  unit.tables[op.table] ??= {};
  const table = unit.tables[op.table];
  const entry = table[op.index] ?? [0, 0, 0, 0];
  const before = entry.slice(op.first, op.first + op.words.length);
  for (const [i, word] of op.words.entries()) entry[op.first + i] = word;
  table[op.index] = entry;
  const { name } = ctx.machine.realms[op.by];
  ctx.out.emit(name, {
    act: 'write',
    unit: 'virtual-table',
    of: name,
    at: op.index,
    first: op.first,
    before,
    after: op.words,
  });
}

/** A guest has its emulated unit forget cached entries. */
export function forgetVirtualEntries(ctx: HvCtx, op: InvalidateOp): void {
  const unit = ctx.hv.units[op.by];
  if (unit) carryOut(unit, iecDescriptor(op.index, op.count));
}
