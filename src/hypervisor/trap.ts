import * as stack from '../domains/stack.ts';
import { HOST, type TrapAction } from '../model/machine.ts';
import {
  FUNCTION_REGS,
  type FunctionOp,
  type InvalidateOp,
  REG,
  type StoreOp,
} from '../model/op.ts';
import { type Message, sameMessage } from '../model/wire.ts';
import {
  initialStore,
  isMasked,
  messageOf,
  refreshCopies,
  writeFunction,
  writeSlot,
} from '../units/store.ts';
import { bind, unbind, type Wish } from './bind.ts';
import type { HvCtx } from './state.ts';
import { forgetVirtualEntries, type GuestMessage, requestOf } from './viommu.ts';

/** An access of a guest to a trapped message store. */
export type Access = StoreOp | FunctionOp;

/** What is mapped into a guest is its own devices; an access to any other goes nowhere. */
const isOwn = ({ hv }: HvCtx, access: Access): boolean => hv.owners[access.device] === access.by;

/** Whether an operation of a guest on a device's store traps now. */
export const isTrapped = (ctx: HvCtx, access: Access): boolean =>
  access.by !== HOST &&
  (!isOwn(ctx, access) ||
    (ctx.hv.protected[access.device] === 1 &&
      ctx.machine.devices[access.device].reach === 'trapped'));

function report(ctx: HvCtx, access: Access, action: TrapAction): void {
  ctx.out.emit(ctx.machine.realms[access.by].name, {
    act: 'trap',
    device: ctx.machine.devices[access.device].name,
    slot: access.op === 'store' ? access.slot : -1,
    first: access.op === 'store' ? access.first : FUNCTION_REGS.indexOf(access.reg),
    words: access.op === 'store' ? access.words : [access.value],
    action,
  });
}

/** The store as its owner sees it takes the write. */
function writeVirtual(ctx: HvCtx, access: Access): void {
  const device = ctx.machine.devices[access.device];
  const store = ctx.hv.virtual[access.device];
  const isSlot = access.op === 'store';
  const written = isSlot
    ? writeSlot(device, store, access)
    : writeFunction(store, access.reg, access.value);
  refreshCopies(device, store);
  ctx.out.emit('hypervisor', {
    act: 'write',
    unit: 'virtual-store',
    of: device.name,
    at: isSlot ? access.slot : -1,
    first: isSlot ? access.first : FUNCTION_REGS.indexOf(access.reg),
    ...written,
  });
}

/**
 * Splits an access: a trap that looks at the register where it begins, and at no other, lets the
 * rest of a wide access through to the device. [XSA-128]
 */
function split(ctx: HvCtx, access: Access): { caught: Access; slipped: StoreOp | null } {
  const whole = !ctx.machine.off.includes('hypervisor/trap-every-byte');
  if (whole || access.op === 'function' || access.words.length < 2 || access.begins)
    return { caught: access, slipped: null };
  const { first, words } = access;
  return {
    caught: { ...access, words: words.slice(0, 1) },
    slipped: { ...access, first: first + 1, words: words.slice(1), slipped: true },
  };
}

/**
 * A guest's access traps: by the table of the hypervisor it is translated, kept from the device,
 * passed on, or refused. Operations that follow for the host are left in `ctx.ops`.
 */
export function onTrap(ctx: HvCtx, access: Access): void {
  const action = isOwn(ctx, access) ? ctx.machine.hypervisor.traps[access.device] : 'refuse';
  report(ctx, access, action);
  ctx.out.mark(`host for ${access.by}`);
  ctx.out.follow();
  if (action === 'refuse') return;
  const { caught, slipped } = split(ctx, access);
  writeVirtual(ctx, caught);
  if (slipped) ctx.ops.push(slipped);
  if (action === 'pass') ctx.ops.push({ ...caught, by: HOST });
  if (action === 'translate') translate(ctx, caught);
}

/** Slots whose message may matter to the device after this access. */
function touched(ctx: HvCtx, access: Access): number[] {
  const device = ctx.machine.devices[access.device];
  const all = Array.from({ length: device.slots }, (_, slot) => slot);
  return access.op === 'function' || device.store === 'msi' ? all : [access.slot];
}

/** Only a write that completes a message, or lets it go, makes the hypervisor act. */
const completes = (access: Access): boolean =>
  access.op === 'function' || access.first + access.words.length > REG.data;

function translate(ctx: HvCtx, access: Access): void {
  if (!completes(access)) return;
  const { device } = access;
  if (access.op === 'function' && access.reg === 'enable' && access.value === 0) {
    for (const irq of irqsOf(ctx, device)) unbind(ctx, irq);
    return;
  }
  for (const slot of touched(ctx, access)) settle(ctx, { guest: access.by, device, slot }, access);
}

const irqsOf = (ctx: HvCtx, device: number): number[] =>
  ctx.machine.irqs.flatMap((spec, irq) => (spec.device === device ? [irq] : []));

interface SlotOf {
  readonly guest: number;
  readonly device: number;
  readonly slot: number;
}

/** The host side follows what a slot says now, as its guest sees it. */
function settle(ctx: HvCtx, at: SlotOf, access: Access | null): void {
  const device = ctx.machine.devices[at.device];
  const virtual = ctx.hv.virtual[at.device];
  const irq = irqsOf(ctx, at.device)[at.slot];
  if (!virtual.enable || isMasked(device, virtual, at.slot)) hold(ctx, at.device, irq);
  else letGo(ctx, irq, { guest: at.guest, message: messageOf(device, virtual, at.slot), access });
}

/** The guest masked the slot, or switched the function off: the host side is masked. */
function hold(ctx: HvCtx, device: number, irq: number): void {
  if (ctx.hv.bindings[irq]) stack.mask(ctx, ctx.machine.stacks[HOST][device], irq);
}

/** The guest's message is complete: its meaning is bound, and the host's own message stored. */
function letGo(
  ctx: HvCtx,
  irq: number,
  asked: { readonly guest: number; readonly message: Message; readonly access: Access | null },
): void {
  const top = ctx.machine.stacks[HOST][ctx.machine.irqs[irq].device];
  const known = ctx.hv.bindings[irq];
  const { guest, message } = asked;
  const own = known && sameMessage(known.message, message) ? known : null;
  const wish = own ? null : meaningOf(ctx, { guest, irq, message, use: 'route' });
  const bound = own ?? (wish ? bind(ctx, wish) : ({ error: 'EINVAL' } as const));
  if ('error' in bound) {
    if (asked.access) report(ctx, asked.access, 'refuse');
    return;
  }
  stack.store(ctx, top, irq, bound.message);
  if (known && !ctx.machine.off.includes('hypervisor/follow-mask')) stack.unmask(ctx, top, irq);
}

/** The virtual CPU and vector a guest's message names; null when it names none of the guest's. */
export function meaningOf(ctx: HvCtx, asked: GuestMessage): Wish | null {
  const request = requestOf(ctx, asked);
  if (request?.destMode !== 0 || request.deliveryMode > 1) return null;
  const { guest, irq } = asked;
  const cpu = ctx.machine.realms[guest].cpus.find(
    index => ctx.machine.cpus[index].apicId === request.dest,
  );
  return cpu === undefined ? null : { guest, irq, cpu, vector: request.vector };
}

/**
 * A guest invalidates entries of its emulated unit: whatever was looked up beforehand is looked up
 * again. [QEMU x86_iommu_iec_notify_all]
 */
export function onVirtualInvalidation(ctx: HvCtx, op: InvalidateOp): void {
  forgetVirtualEntries(ctx, op);
  if (ctx.machine.off.includes('hypervisor/refresh-routes')) return;
  for (const [device, owner] of ctx.hv.owners.entries()) {
    if (owner !== op.by || ctx.machine.hypervisor.traps[device] !== 'translate') continue;
    for (const irq of irqsOf(ctx, device))
      if (ctx.hv.bindings[irq])
        settle(ctx, { guest: op.by, device, slot: ctx.machine.irqs[irq].slot }, null);
  }
}

/** The device is the hypervisor's own model: its store is nowhere else, and it sends nothing. */
export const isEmulated = (ctx: Pick<HvCtx, 'machine' | 'hv'>, device: number): boolean =>
  ctx.hv.owners[device] !== HOST &&
  ctx.machine.devices[device].reach === 'trapped' &&
  ctx.machine.hypervisor.traps[device] === 'emulate';

/** The store of a device as its owner sees it, as reset leaves it. */
export function resetVirtual(ctx: HvCtx, device: number): void {
  ctx.hv.virtual[device] = initialStore(ctx.machine.devices[device]);
}
