import { highestBit } from '../bits/bitmap.ts';
import { layerAt } from '../domains/stack.ts';
import { cleanUp, scheduleCleanup } from '../domains/vector-cleanup.ts';
import type { Out } from '../model/out.ts';
import { domainCtx, type Env } from './env.ts';
import type { State } from './state.ts';

/** An interrupt of a vector layer that arrived somewhere; CPUs as `Machine.cpus` counts. */
export interface Arrived {
  readonly domain: number;
  readonly irq: number;
  readonly cpu: number;
  readonly vector: number;
}

/**
 * An interrupt that moved has arrived at its new place: from now on nothing can come to the old
 * one. An arrival at the old place says nothing. [LINUX arch/x86/kernel/apic/vector.c
 * irq_complete_move]
 */
export function completeMove(env: Env, state: State, out: Out, at: Arrived): void {
  const layer = state.domains[at.domain];
  if (layer.kind !== 'vector') return;
  const mine = layer.irqs[at.irq];
  if (!mine || mine.prevCpu < 0) return;
  if (mine.cpu !== env.plan.position[at.cpu] || mine.vector !== at.vector) return;
  endMove(env, state, out, at);
}

/** The old place of an interrupt that moved is to be given back, as soon as its CPU can. */
export function endMove(
  env: Env,
  state: State,
  out: Out,
  at: { readonly domain: number; readonly irq: number },
): void {
  const layer = state.domains[at.domain];
  if (layer.kind !== 'vector') return;
  const mine = layer.irqs[at.irq];
  if (!mine || mine.prevCpu < 0) return;
  const old = env.machine.realms[env.machine.domains[at.domain].realm].cpus[mine.prevCpu];
  const ctx = domainCtx(env, state, out, []);
  scheduleCleanup(ctx, layerAt(ctx, at.domain), at.irq);
  cleanUpAt(env, state, out, old);
}

/** A CPU that has nothing better to do gives back old vectors of interrupts that moved away. */
export function cleanUpAt(env: Env, state: State, out: Out, cpu: number): void {
  const domain = env.plan.vectorDomain[env.machine.cpus[cpu].realm];
  const layer = state.domains[domain];
  if (layer?.kind !== 'vector' || layer.cleanups.length === 0) return;
  const apic = state.apics[cpu];
  if (!apic.interrupts || highestBit(apic.isr) >= 0) return;
  const ctx = domainCtx(env, state, out, []);
  cleanUp(ctx, layerAt(ctx, domain), env.plan.position[cpu], apic.irr);
}
