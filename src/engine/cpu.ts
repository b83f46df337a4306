import { systemVector } from '../arch/linux.ts';
import { hasBit } from '../bits/bitmap.ts';
import { SLOT, type VectorState } from '../domains/vector-state.ts';
import { HOST, NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { DeliverHappening, ServiceHappening } from '../model/record.ts';
import type { InterruptRequest } from '../model/wire.ts';
import {
  accept,
  beginService,
  deliverable,
  endOfInterrupt,
  isLevel,
  targets,
} from '../units/apic.ts';
import { type Env, EVENT } from './env.ts';
import { cleanUpAt, completeMove } from './moves.ts';
import { endAtPins } from './pins.ts';
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
  const { request, via, flight, irq } = arrival;
  for (const cpu of hit) arrive(env, state, out, { request, via, flight, irq, cpu });
}

/** A request arrives at one CPU; the CPU takes it at once if it can. */
export function arrive(env: Env, state: State, out: Out, arrival: Arrival & { cpu: number }): void {
  const direct = env.plan.directVcpu[arrival.cpu];
  const cpu = direct < 0 ? arrival.cpu : direct;
  const { request, via, flight, irq } = arrival;
  const outcome = accept(state.apics[cpu], request, env.machine.off);
  const { name } = env.machine.cpus[cpu];
  if (out.level !== 'silent') {
    out.emit(name, { act: 'deliver', cpu: name, flight, request, outcome, via, irq });
    if (out.level === 'full') out.mark(`pending ${name} ${request.vector}`);
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
    if (out.level === 'full') out.resume(`pending ${env.machine.cpus[cpu].name} ${vector}`);
    const irq = handleVector(env, state, out, cpu, vector);
    if (!acknowledges(env, cpu, irq)) continue;
    if (env.machine.latency.handlerNs > 0) {
      env.schedule(env.machine.latency.handlerNs, EVENT.eoi, cpu);
      return;
    }
    endVector(env, state, out, cpu);
  }
  cleanUpAt(env, state, out, cpu);
}

/** End of interrupt: the APIC forgets the highest vector in service; -1 when there was none. */
function endVector(env: Env, state: State, out: Out, cpu: number): number {
  const apic = state.apics[cpu];
  const vector = endOfInterrupt(apic);
  if (vector < 0 || env.plan.ioapics.length === 0) return vector;
  const irq = slotOf(env, state, cpu, vector);
  endAtPins(env, state, out, { vector, irq, broadcast: isLevel(apic, vector) });
  return vector;
}

/** What a CPU believes a vector of its own to be: an interrupt, or one of `SLOT`. */
function slotOf(env: Env, state: State, cpu: number, vector: number): number {
  const domain = env.plan.vectorDomain[env.machine.cpus[cpu].realm];
  return domain < 0
    ? SLOT.unused
    : (tableOf(state, domain)[env.plan.position[cpu]]?.[vector] ?? SLOT.unused);
}

/** The handler is done: end of interrupt, and on to whatever waited. */
export function endHandler(env: Env, state: State, out: Out, cpu: number): void {
  const vector = endVector(env, state, out, cpu);
  const { name } = env.machine.cpus[cpu];
  if (vector >= 0) out.emit(name, { act: 'eoi', cpu: name, vector });
  takeInterrupts(env, state, out, cpu);
}

const SPECIAL = ['nmi', 'smi', 'init', 'extint'] as const;

function takeSpecial(env: Env, state: State, out: Out, cpu: number): void {
  const apic = state.apics[cpu];
  if (!apic.online || !(apic.nmi || apic.smi || apic.init || apic.extint)) return;
  const { name } = env.machine.cpus[cpu];
  for (const mode of SPECIAL) {
    if (!apic[mode] || (mode === 'extint' && !apic.interrupts)) continue;
    apic[mode] = 0;
    if (out.level === 'silent') continue;
    out.emit(name, { act: 'service', cpu: name, vector: -1, mode, irq: '', outcome: 'spurious' });
  }
}

/**
 * With posting for the host, handlers of remapped interrupts leave the acknowledgement to the
 * notification through which they are called. Called by a vector of their own, they leave it out.
 * [LINUX 6.10 intel_ir_chip_post_msi]
 */
function acknowledges(env: Env, cpu: number, irq: number): boolean {
  const { machine } = env;
  if (!machine.hostPosting || irq < 0 || machine.cpus[cpu].realm !== HOST) return true;
  let at = machine.stacks[HOST][machine.irqs[irq].device];
  while (at !== NONE && machine.domains[at].kind !== 'remap') at = machine.domains[at].parent;
  return at === NONE;
}

/** The handler of a vector runs; the interrupt it belongs to, or less than 0. */
export function handleVector(
  env: Env,
  state: State,
  out: Out,
  cpu: number,
  vector: number,
): number {
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
  const binding = outcome === 'forwarded' ? state.hypervisor.bindings[found] : undefined;
  if (binding && binding.cpu !== NONE) inject(env, state, out, { ...binding, irq: found });
  if (outcome === 'system') env.onSystemVector(env, state, out, { cpu, vector });
  return found;
}

/** The hypervisor puts an interrupt before a virtual CPU. */
export function inject(
  env: Env,
  state: State,
  out: Out,
  at: { readonly irq: number; readonly cpu: number; readonly vector: number },
): void {
  const { cpu } = at;
  const request = fixedRequest(at.vector, env.machine.cpus[cpu].apicId);
  const { name } = env.machine.irqs[at.irq];
  arrive(env, state, out, { request, via: 'inject', flight: -1, irq: name, cpu });
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
  return systemVector(env.machine.kernel, vector) === undefined ? 'spurious' : 'system';
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
