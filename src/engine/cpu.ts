import { SYSTEM_VECTORS } from '../arch/linux.ts';
import { hasBit } from '../bits/bitmap.ts';
import { layerAt } from '../domains/stack.ts';
import { finishMove } from '../domains/vector.ts';
import { SLOT, type VectorState } from '../domains/vector-state.ts';
import { HOST } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { DeliverHappening, ServiceHappening } from '../model/record.ts';
import { type InterruptRequest, modeName } from '../model/wire.ts';
import { accept, beginService, deliverable, endOfInterrupt, targets } from '../units/apic.ts';
import { domainCtx, type Env } from './env.ts';
import type { State } from './state.ts';

/** An interrupt request and how it came. */
export interface Arrival {
  readonly request: InterruptRequest;
  readonly via: DeliverHappening['via'];
  /** The message it came from; -1 where software sent it. */
  readonly flight: number;
  /** Interrupt that is injected; empty otherwise. */
  readonly irq: string;
}

/** A request reaches the local APICs it names. */
export function deliver(env: Env, state: State, out: Out, arrival: Arrival): void {
  const hit = targets(env.plan.physical, state.apics, arrival.request);
  if (hit.length === 0) {
    out.emit('apic', { act: 'deliver', cpu: '', outcome: 'no-target', ...arrival });
    return;
  }
  for (const cpu of hit) arrive(env, state, out, { ...arrival, cpu });
}

/** A request arrives at one CPU; the CPU takes it at once if it can. */
export function arrive(env: Env, state: State, out: Out, arrival: Arrival & { cpu: number }): void {
  const direct = env.plan.directVcpu[arrival.cpu];
  const cpu = direct < 0 ? arrival.cpu : direct;
  const { request, via, flight, irq } = arrival;
  const outcome = accept(state.apics[cpu], request);
  const { name } = env.machine.cpus[cpu];
  if (out.level !== 'silent') {
    out.emit(name, { act: 'deliver', cpu: name, flight, request, outcome, via, irq });
    out.mark(`pending ${name} ${modeName(request)} ${request.vector}`);
  }
  if (outcome === 'accepted') takeInterrupts(env, state, out, cpu);
}

/** The CPU takes what is waiting, highest first, until nothing may interrupt it any more. */
export function takeInterrupts(env: Env, state: State, out: Out, cpu: number): void {
  const apic = state.apics[cpu];
  if (env.machine.cpus[cpu].runsOn >= 0 && apic.runsOn < 0) return;
  takeSpecial(env, state, out, cpu);
  for (let vector = deliverable(apic); vector >= 0; vector = deliverable(apic)) {
    beginService(apic, vector);
    if (out.level === 'full') out.resume(`pending ${env.machine.cpus[cpu].name} fixed ${vector}`);
    serve(env, state, out, cpu, vector);
    if (env.machine.latency.handlerNs > 0) {
      env.schedule(env.machine.latency.handlerNs, 'eoi', cpu);
      return;
    }
    endOfInterrupt(apic);
  }
}

/** The handler is done: end of interrupt, and on to whatever waited. */
export function endHandler(env: Env, state: State, out: Out, cpu: number): void {
  const vector = endOfInterrupt(state.apics[cpu]);
  const { name } = env.machine.cpus[cpu];
  if (vector >= 0) out.emit(name, { act: 'eoi', cpu: name, vector });
  takeInterrupts(env, state, out, cpu);
}

const SPECIAL = ['nmi', 'smi', 'init', 'extint'] as const;

function takeSpecial(env: Env, state: State, out: Out, cpu: number): void {
  const apic = state.apics[cpu];
  if (!apic.online) return;
  const { name } = env.machine.cpus[cpu];
  for (const mode of SPECIAL) {
    if (!apic[mode] || (mode === 'extint' && !apic.interrupts)) continue;
    apic[mode] = 0;
    if (out.level === 'silent') continue;
    out.emit(name, { act: 'service', cpu: name, vector: -1, mode, irq: '', outcome: 'spurious' });
  }
}

function serve(env: Env, state: State, out: Out, cpu: number, vector: number): void {
  const { realm, name } = env.machine.cpus[cpu];
  const domain = env.plan.vectorDomain[realm];
  const table = domain < 0 ? {} : (tableOf(state, domain)[env.plan.position[cpu]] ?? {});
  const found = table[vector] ?? SLOT.unused;
  const outcome = outcomeOf(env, state, { realm, found, vector });
  if (found === SLOT.shutdown || found === SLOT.retriggered) table[vector] = SLOT.unused;
  if (out.level !== 'silent') {
    const irq = found >= 0 ? env.machine.irqs[found].name : '';
    out.emit(name, { act: 'service', cpu: name, vector, mode: 'fixed', irq, outcome });
  }
  if (found >= 0) completeMove(env, state, out, { domain, irq: found, cpu, vector });
  if (outcome === 'forwarded') inject(env, state, out, found);
  if (outcome === 'system') env.onSystemVector(env, state, out, { cpu, vector });
}

/** The host's handler of an assigned device's interrupt passes it on to the guest's CPU. */
function inject(env: Env, state: State, out: Out, irq: number): void {
  const binding = state.hypervisor.bindings[irq];
  if (!binding) return;
  const { apicId } = env.machine.cpus[binding.cpu];
  const request = fixedRequest(binding.vector, apicId);
  const { name } = env.machine.irqs[irq];
  arrive(env, state, out, { request, via: 'inject', flight: -1, irq: name, cpu: binding.cpu });
}

const fixedRequest = (vector: number, dest: number): InterruptRequest => ({
  vector,
  deliveryMode: 0,
  destMode: 0,
  dest,
  redirHint: 0,
  triggerMode: 0,
});

const tableOf = (state: State, domain: number): VectorState['table'] => {
  const vector = state.domains[domain];
  if (vector.kind !== 'vector') throw new Error(`domain ${domain} is no vector layer`);
  return vector.table;
};

function outcomeOf(
  env: Env,
  state: State,
  at: { readonly realm: number; readonly found: number; readonly vector: number },
): ServiceHappening['outcome'] {
  const { realm, found, vector } = at;
  if (found >= 0) {
    const owner = state.hypervisor.owners[env.machine.irqs[found].device];
    if (realm !== HOST || owner === HOST) return 'handled';
    return state.hypervisor.bindings[found] ? 'forwarded' : 'spurious';
  }
  if (found === SLOT.shutdown || found === SLOT.retriggered) return 'expected-spurious';
  return vector in SYSTEM_VECTORS ? 'system' : 'spurious';
}

/**
 * An interrupt arrived at its new place: the old vector is given back, unless something is still
 * pending there. [LINUX arch/x86/kernel/apic/vector.c __send_cleanup_vector]
 */
function completeMove(
  env: Env,
  state: State,
  out: Out,
  at: { domain: number; irq: number; cpu: number; vector: number },
): void {
  const vector = state.domains[at.domain];
  if (vector.kind !== 'vector') return;
  const mine = vector.irqs[at.irq];
  if (!mine || mine.prevCpu < 0) return;
  const old = env.machine.realms[env.machine.cpus[at.cpu].realm].cpus[mine.prevCpu];
  if (hasBit(state.apics[old].irr, mine.prevVector)) return;
  const ctx = domainCtx(env, state, out, []);
  finishMove(ctx, layerAt(ctx, at.domain), at.irq);
}

/** Sends a vector to another CPU where it is still pending on this one. */
export function retriggerIfPending(
  env: Env,
  state: State,
  out: Out,
  move: { cpu: number; vector: number; toCpu: number },
): void {
  const apic = state.apics[move.cpu];
  if (!hasBit(apic.irr, move.vector)) return;
  retrigger(env, state, out, { cpu: move.toCpu, vector: move.vector });
}

/** Software sends a vector to a CPU. */
export function retrigger(
  env: Env,
  state: State,
  out: Out,
  to: { cpu: number; vector: number },
): void {
  const { apicId } = env.machine.cpus[to.cpu];
  const request = fixedRequest(to.vector, apicId);
  arrive(env, state, out, { request, via: 'retrigger', flight: -1, irq: '', cpu: to.cpu });
}
