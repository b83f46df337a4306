import type { Errno } from '../arch/linux.ts';
import * as stack from '../domains/stack.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import type { Message } from '../model/wire.ts';
import type { Binding, HvCtx } from './state.ts';

/** Where a guest wants an interrupt of a device of its own. */
export interface Wish {
  readonly guest: number;
  readonly irq: number;
  /** Virtual CPU as `Machine.cpus` counts, and the guest's vector. */
  readonly cpu: number;
  readonly vector: number;
}

export type Bound = { readonly message: Message } | { readonly error: Errno };

const hostTop = (machine: Machine, irq: number): number =>
  machine.stacks[HOST][machine.irqs[irq].device];

/** The guest's own CPUs are all it may name. */
function mayTarget(ctx: HvCtx, wish: Wish): boolean {
  if (ctx.machine.off.includes('hypervisor/check-target')) return true;
  return ctx.machine.realms[wish.guest].cpus.includes(wish.cpu);
}

/** Physical CPU and vector the host side asks for: the guest's own where it has the CPU to itself. */
function hostPlace(ctx: HvCtx, wish: Wish): { cpu: number; vector: number } {
  const { machine } = ctx;
  const direct = machine.realms[wish.guest].interrupts === 'direct';
  return { cpu: machine.cpus[wish.cpu].runsOn, vector: direct ? wish.vector : NONE };
}

function post(ctx: HvCtx, wish: Wish): Errno | null {
  if (ctx.machine.realms[wish.guest].interrupts !== 'posted') return null;
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
  return error ?? post(ctx, wish);
}

/** An interrupt that has a host side already gets a new target. */
function moveHostSide(ctx: HvCtx, wish: Wish, old: Binding): Errno | null {
  if (old.cpu === wish.cpu && old.vector === wish.vector) return null;
  const mode = ctx.machine.realms[wish.guest].interrupts;
  if (mode === 'posted') return post(ctx, wish);
  const place = hostPlace(ctx, wish);
  const sameCpu = ctx.machine.cpus[old.cpu].runsOn === place.cpu;
  if (mode === 'inject' && sameCpu) return null;
  const request = { ...place, how: 'kernel', atomic: true } as const;
  const moved = stack.setAffinity(ctx, hostTop(ctx.machine, wish.irq), wish.irq, request);
  return 'error' in moved ? moved.error : null;
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
  ctx.hv.bindings[irq] = { guest, cpu, vector, message: composed.message };
  ctx.out.emit('hypervisor', {
    act: 'bind',
    irq: ctx.machine.irqs[irq].name,
    cpu: ctx.machine.cpus[cpu].name,
    vector,
  });
  return composed;
}

/** Takes the host side of an interrupt down: entry cleared, caches flushed, then the index free. */
export function unbind(ctx: HvCtx, irq: number): void {
  const old = ctx.hv.bindings[irq];
  if (!old) return;
  delete ctx.hv.bindings[irq];
  ctx.out.emit('hypervisor', {
    act: 'unbind',
    irq: ctx.machine.irqs[irq].name,
    cpu: ctx.machine.cpus[old.cpu].name,
    vector: old.vector,
  });
  stack.stop(ctx, hostTop(ctx.machine, irq), irq);
}
