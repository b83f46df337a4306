import type { Errno } from '../arch/linux.ts';
import { flavourOf } from '../domains/remap.ts';
import * as stack from '../domains/stack.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import type { Message } from '../model/wire.ts';
import type { Binding, HvCtx } from './state.ts';

/** Where a guest wants an interrupt of a device of its own. */
export interface Wish {
  readonly guest: number;
  readonly irq: number;
  /** Virtual CPU as `Machine.cpus` counts, and the guest's vector; `NONE`: nowhere yet. */
  readonly cpu: number;
  readonly vector: number;
}

export type Bound = { readonly message: Message } | { readonly error: Errno };

/** The topmost layer of the host's stack for an interrupt's device. */
export const hostTop = (machine: Machine, irq: number): number =>
  machine.stacks[HOST][machine.irqs[irq].device];

/** The guest's own CPUs are all it may name. */
function mayTarget(ctx: HvCtx, wish: Wish): boolean {
  if (wish.cpu === NONE || ctx.machine.off.includes('hypervisor/check-target')) return true;
  return ctx.machine.realms[wish.guest].cpus.includes(wish.cpu);
}

/** Physical CPU and vector the host side asks for: the guest's own where it has the CPU to itself. */
function hostPlace(ctx: HvCtx, wish: Wish): { cpu: number; vector: number } {
  const { machine } = ctx;
  const { interrupts, cpus } = machine.realms[wish.guest];
  const cpu = machine.cpus[wish.cpu === NONE ? cpus[0] : wish.cpu];
  return { cpu: cpu.runsOn, vector: interrupts === 'direct' ? wish.vector : NONE };
}

const canPost = (ctx: HvCtx, wish: Wish): boolean =>
  wish.cpu !== NONE && ctx.machine.realms[wish.guest].interrupts === 'posted';

function post(ctx: HvCtx, wish: Wish): Errno | null {
  const posting = { descriptor: wish.cpu, vector: wish.vector };
  return stack.setVcpu(ctx, hostTop(ctx.machine, wish.irq), wish.irq, posting);
}

function startHostSide(ctx: HvCtx, wish: Wish): Errno | null {
  const { irq } = wish;
  const request = { ...hostPlace(ctx, wish), entry: NONE, first: irq, count: 1 };
  const top = hostTop(ctx.machine, irq);
  const error = stack.start(ctx, top, irq, {
    ...request,
    contiguous: false,
    reserve: false,
    managed: [],
  });
  if (error || !canPost(ctx, wish)) return error;
  return post(ctx, wish);
}

/** An interrupt that has a host side already gets a new target. */
function moveHostSide(ctx: HvCtx, wish: Wish, old: Binding): Errno | null {
  if (old.cpu === wish.cpu && old.vector === wish.vector) return null;
  if (canPost(ctx, wish) && (old.posted || old.cpu === NONE)) return post(ctx, wish);
  const mode = ctx.machine.realms[wish.guest].interrupts;
  const place = hostPlace(ctx, wish);
  const sameCpu = old.cpu === NONE || ctx.machine.cpus[old.cpu].runsOn === place.cpu;
  if (mode !== 'direct' && sameCpu) return null;
  const entry = entryToMove(ctx, wish.irq);
  const request = { ...place, entry, how: 'kernel', atomic: true } as const;
  const moved = stack.setAffinity(ctx, hostTop(ctx.machine, wish.irq), wish.irq, request);
  return 'error' in moved ? moved.error : null;
}

/**
 * The table entry of an interrupt: known to the remap layer. A hypervisor that keeps no record of
 * its own asks the device, which says what its guest likes. [XSA-337]
 */
function entryToMove(ctx: HvCtx, irq: number): number {
  const { machine } = ctx;
  const trusts = machine.off.includes('hypervisor/recorded-message');
  if (!trusts || machine.remap.kind === 'none') return NONE;
  const { device, slot, name } = machine.irqs[irq];
  const message = ctx.readStore(device, slot);
  ctx.out.emit('hypervisor', {
    act: 'readback',
    device: machine.devices[device].name,
    slot,
    irq: name,
    message,
  });
  return flavourOf(machine, HOST).indexOf(message);
}

/**
 * Gives an interrupt of an assigned device a host side, or moves the one it has, and composes the
 * message the device must send for it.
 */
export function bind(ctx: HvCtx, wish: Wish): Bound {
  if (!mayTarget(ctx, wish)) return { error: 'EPERM' };
  const old = ctx.hv.bindings[wish.irq];
  const error = old ? moveHostSide(ctx, wish, old) : startHostSide(ctx, wish);
  if (error) return { error };
  const composed = stack.compose(ctx, hostTop(ctx.machine, wish.irq), wish.irq);
  if ('error' in composed) return composed;
  const { guest, irq, cpu, vector } = wish;
  const stays = old !== undefined && old.cpu !== NONE && old.posted === 0;
  const posted = canPost(ctx, wish) && !stays ? 1 : 0;
  ctx.hv.bindings[irq] = { guest, cpu, vector, message: composed.message, posted };
  report(ctx, 'bind', wish);
  return composed;
}

function report(
  ctx: HvCtx,
  act: 'bind' | 'unbind' | 'unpost',
  at: { readonly irq: number; readonly cpu: number; readonly vector: number },
): void {
  ctx.out.emit('hypervisor', {
    act,
    irq: ctx.machine.irqs[at.irq].name,
    cpu: ctx.machine.cpus[at.cpu]?.name ?? '',
    vector: at.vector,
  });
}

/**
 * Takes the host side of an interrupt down: entry cleared, caches flushed, then the index free.
 * Rights on it go with it.
 */
export function unbind(ctx: HvCtx, irq: number): void {
  const old = ctx.hv.bindings[irq];
  if (!old) return;
  delete ctx.hv.bindings[irq];
  report(ctx, 'unbind', { irq, cpu: old.cpu, vector: old.vector });
  stack.stop(ctx, hostTop(ctx.machine, irq), irq);
  if (!ctx.machine.off.includes('hypervisor/revoke-rights')) revoke(ctx, irq);
}

/** Another realm than the owner may bind an interrupt from now, or may no longer. */
export function grant(ctx: HvCtx, irq: number, realm: number): void {
  ctx.hv.rights[irq] = realm;
  reportRight(ctx, irq, realm, true);
}

function revoke(ctx: HvCtx, irq: number): void {
  const realm = ctx.hv.rights[irq];
  if (realm === undefined) return;
  delete ctx.hv.rights[irq];
  reportRight(ctx, irq, realm, false);
}

function reportRight(ctx: HvCtx, irq: number, realm: number, given: boolean): void {
  const { irqs, realms } = ctx.machine;
  ctx.out.emit('hypervisor', {
    act: 'right',
    irq: irqs[irq].name,
    realm: realms[realm].name,
    given,
  });
}

/** Posting of an interrupt ends: it comes to the host from now, which injects it. */
export function unpost(ctx: HvCtx, irq: number): Errno | null {
  const binding = ctx.hv.bindings[irq];
  if (!binding?.posted) return 'ENOENT';
  binding.posted = 0;
  report(ctx, 'unpost', { irq, cpu: binding.cpu, vector: binding.vector });
  return stack.setVcpu(ctx, hostTop(ctx.machine, irq), irq, null);
}
