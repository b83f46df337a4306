import * as stack from '../domains/stack.ts';
import { HOST, type TrapAction } from '../model/machine.ts';
import { inWindow, readCompat } from '../model/message.ts';
import { type FunctionOp, REG, type StoreOp } from '../model/op.ts';
import { type Message, sameMessage } from '../model/wire.ts';
import { isMasked, messageOf, writeSlot } from '../units/store.ts';
import { bind, unbind } from './bind.ts';
import type { HvCtx } from './state.ts';

/** An access of a guest to a trapped message store. */
export type Access = StoreOp | FunctionOp;

/** Whether an operation of a guest on a device's store traps now. */
export const isTrapped = (ctx: HvCtx, access: Access): boolean =>
  access.by !== HOST &&
  ctx.hv.protected[access.device] === 1 &&
  ctx.machine.devices[access.device].reach === 'trapped';

function report(ctx: HvCtx, access: Access, action: TrapAction): void {
  ctx.out.emit(ctx.machine.realms[access.by].name, {
    act: 'trap',
    device: ctx.machine.devices[access.device].name,
    slot: access.op === 'store' ? access.slot : -1,
    first: access.op === 'store' ? access.first : 0,
    words: access.op === 'store' ? access.words : [access.value],
    action,
  });
}

/** The store as its owner sees it takes the write. */
function writeVirtual(ctx: HvCtx, access: Access): void {
  const store = ctx.hv.virtual[access.device];
  if (access.op === 'function') store[access.reg] = access.value;
  else writeSlot(store, access.slot, access.first, access.words);
}

/**
 * A guest's access traps: by the table of the hypervisor it is translated, kept from the device,
 * passed on, or refused. Operations that follow for the host are left in `ctx.ops`.
 */
export function onTrap(ctx: HvCtx, access: Access): void {
  const action = ctx.machine.hypervisor.traps[access.device];
  report(ctx, access, action);
  ctx.out.mark(`host for ${access.by}`);
  ctx.out.follow();
  if (action === 'refuse') return;
  writeVirtual(ctx, access);
  if (action === 'pass') ctx.ops.push({ ...access, by: HOST });
  if (action === 'translate') translate(ctx, access);
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
  if (access.op === 'function' && access.reg === 'enable' && access.value === 0) {
    for (const [irq, spec] of ctx.machine.irqs.entries())
      if (spec.device === access.device) unbind(ctx, irq);
    return;
  }
  const device = ctx.machine.devices[access.device];
  const virtual = ctx.hv.virtual[access.device];
  for (const slot of touched(ctx, access)) {
    const irq = ctx.machine.irqs.findIndex(
      spec => spec.device === access.device && spec.slot === slot,
    );
    if (!virtual.enable || isMasked(device, virtual, slot)) hold(ctx, access.device, irq);
    else letGo(ctx, access, irq, messageOf(device, virtual, slot));
  }
}

/** The guest masked the slot, or switched the function off: the host side is masked. */
function hold(ctx: HvCtx, device: number, irq: number): void {
  if (ctx.hv.bindings[irq]) stack.mask(ctx, ctx.machine.stacks[HOST][device], irq);
}

/** The guest's message is complete: its meaning is bound, and the host's own message stored. */
function letGo(ctx: HvCtx, access: Access, irq: number, message: Message): void {
  const top = ctx.machine.stacks[HOST][access.device];
  const known = ctx.hv.bindings[irq];
  if (known && sameMessage(known.message, message)) {
    stack.store(ctx, top, irq, message);
    stack.unmask(ctx, top, irq);
    return;
  }
  const wish = meaningOf(ctx, access.by, irq, message);
  const bound = wish ? bind(ctx, wish) : ({ error: 'EINVAL' } as const);
  if ('error' in bound) {
    report(ctx, access, 'refuse');
    return;
  }
  stack.store(ctx, top, irq, bound.message);
  if (known) stack.unmask(ctx, top, irq);
}

/** The virtual CPU and vector a guest's message names; null when it names none of the guest's. */
function meaningOf(ctx: HvCtx, guest: number, irq: number, message: Message) {
  if (!inWindow(message)) return null;
  const request = readCompat(message, ctx.machine.extendedIds);
  const cpu = ctx.machine.realms[guest].cpus.find(
    index => ctx.machine.cpus[index].apicId === request.dest,
  );
  if (cpu === undefined || request.destMode !== 0 || request.deliveryMode > 1) return null;
  return { guest, irq, cpu, vector: request.vector };
}
