import {
  POSTED_MSI_VECTOR,
  POSTED_NOTIFICATION_VECTOR,
  POSTED_WAKEUP_VECTOR,
} from '../arch/linux.ts';
import { DESCRIPTOR } from '../arch/posted.ts';
import { IRTA, VTD_CHECKS, VTD_FAULTS, type VtdCheck } from '../arch/vtd.ts';
import { bitsIn } from '../bits/bitmap.ts';
import { get, set } from '../bits/layout.ts';
import { descriptorAt } from '../domains/remap-vtd.ts';
import type { CheckLog } from '../model/check.ts';
import { type CpuSpec, NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { BlockedOutcome, PostedOutcome } from '../model/remap.ts';
import type { InterruptRequest } from '../model/wire.ts';
import { descriptorReservedClear, encodeNdst, post, takePending } from '../units/posted.ts';
import { arrive, deliver, handleVector, takeInterrupts } from './cpu.ts';
import type { Env } from './env.ts';
import type { State } from './state.ts';

/**
 * The virtual CPU whose descriptor an entry names, or the refusal; `NONE` where a unit that does
 * not check posts into memory that is no descriptor. [VTD 5.2.3]
 */
export function findDescriptor(
  env: Env,
  state: State,
  outcome: PostedOutcome,
  log: CheckLog,
): { readonly vcpu: number } | BlockedOutcome {
  const vcpu = descriptorAt(outcome.addressLow, outcome.addressHigh);
  const there = (state.descriptors[vcpu]?.length ?? 0) > 0;
  const test = (rule: VtdCheck, pass: boolean, ref: string, value: number) => {
    const off = !pass && env.machine.off.includes(rule);
    const { source } = VTD_CHECKS[rule];
    log?.push({ rule, source, pass, inputs: [{ ref, value }], ...(off && { off: true as const }) });
    return pass || off;
  };
  if (!test('vtd/descriptor-access', there, 'entry.pda', outcome.addressLow))
    return refusal('vtd/descriptor-access', outcome);
  if (!there) return { vcpu: NONE };
  const clear = descriptorReservedClear(state.descriptors[vcpu], destinationMode(state));
  if (!test('vtd/descriptor-reserved', clear, 'descriptor.reserved', clear ? 0 : 1))
    return refusal('vtd/descriptor-reserved', outcome);
  return { vcpu };
}

const refusal = (rule: VtdCheck, { entry, fpd }: PostedOutcome): BlockedOutcome => ({
  kind: 'blocked',
  rule,
  code: VTD_CHECKS[rule].fault,
  fault: VTD_FAULTS[VTD_CHECKS[rule].fault].name,
  entry,
  recorded: fpd === 0,
});

/** How the unit reads destinations: 32 bits wide in extended interrupt mode. [VTD 9.12] */
const destinationMode = ({ remap }: State): CpuSpec['mode'] =>
  remap.kind === 'vtd' && get(remap.irta, IRTA.fields.eime) ? 'x2apic' : 'xapic';

/** Posts an interrupt into a virtual CPU's descriptor, and notifies where that is called for. */
export function postInterrupt(
  env: Env,
  state: State,
  out: Out,
  at: { readonly vcpu: number; readonly outcome: PostedOutcome; readonly flight: number },
): void {
  const descriptor = state.descriptors[at.vcpu];
  const before = [...descriptor];
  const cpu = env.machine.cpus[at.vcpu];
  const posted = post(descriptor, at.outcome, destinationMode(state));
  out.emit('ir', {
    act: 'post',
    flight: at.flight,
    descriptor: cpu.name,
    vector: at.outcome.vector,
    before,
    after: [...descriptor],
    notify: posted.notify,
  });
  if (out.level === 'full') out.mark(`descriptor ${cpu.name}`);
  out.follow();
  if (!posted.notify) return;
  const runner = state.apics[at.vcpu].runsOn;
  const recognised =
    posted.vector === POSTED_NOTIFICATION_VECTOR &&
    runner !== NONE &&
    env.machine.cpus[runner].apicId === posted.dest;
  if (recognised) syncDescriptor(env, state, out, at.vcpu);
  else
    deliver(env, state, out, {
      request: notification(posted),
      via: 'notify',
      flight: NONE,
      irq: '',
    });
}

const notification = (posted: { vector: number; dest: number }): InterruptRequest => ({
  vector: posted.vector,
  deliveryMode: 0,
  destMode: 0,
  dest: posted.dest,
  redirHint: 0,
  triggerMode: 0,
});

/** The processor moves what is pending in a descriptor into the virtual CPU's own register. */
export function syncDescriptor(env: Env, state: State, out: Out, vcpu: number): void {
  const { name, apicId } = env.machine.cpus[vcpu];
  for (const vector of bitsIn(takePending(state.descriptors[vcpu]))) {
    if (out.level === 'full') out.resume(`descriptor ${name}`);
    const request = notification({ vector, dest: apicId });
    arrive(env, state, out, { request, via: 'posted', flight: NONE, irq: '', cpu: vcpu });
  }
}

/** Most rounds through a descriptor before notifications are let in again. [LINUX irq.c, 6.10] */
const DEMUX_ROUNDS_MAX = 3;

/**
 * The host takes the notification of its own descriptor: the handler of every vector posted there
 * runs, and one end of interrupt is enough for all. [LINUX sysvec_posted_msi_notification]
 */
function demux(env: Env, state: State, out: Out, cpu: number): void {
  for (let round = 0; round < DEMUX_ROUNDS_MAX; round++) {
    const vectors = bitsIn(takePending(state.descriptors[cpu]));
    if (vectors.length === 0) return;
    for (const vector of vectors) {
      if (out.level === 'full') out.resume(`descriptor ${env.machine.cpus[cpu].name}`);
      handleVector(env, state, out, cpu, vector);
    }
  }
}

/** What the host does with a vector of its own. */
export function onSystemVector(
  env: Env,
  state: State,
  out: Out,
  at: { readonly cpu: number; readonly vector: number },
): void {
  if (at.vector === POSTED_MSI_VECTOR && env.machine.hostPosting) demux(env, state, out, at.cpu);
  if (at.vector === POSTED_WAKEUP_VECTOR) wakeBlocked(env, state, out, at.cpu);
}

/**
 * Virtual CPUs that were blocked on this CPU, and have something pending, run again.
 * [LINUX arch/x86/kvm/vmx/posted_intr.c pi_wakeup_handler]
 */
function wakeBlocked(env: Env, state: State, out: Out, cpu: number): void {
  const { on, nv, ndst } = DESCRIPTOR.fields;
  const here = encodeNdst(env.machine.cpus[cpu]);
  for (const [vcpu, descriptor] of state.descriptors.entries()) {
    if (env.machine.cpus[vcpu].runsOn === NONE || state.apics[vcpu].runsOn !== NONE) continue;
    const waits = get(descriptor, nv) === POSTED_WAKEUP_VECTOR && get(descriptor, ndst) === here;
    if (waits && get(descriptor, on)) runVcpu(env, state, out, { vcpu, on: cpu });
  }
}

/** A virtual CPU is loaded onto a physical one. [LINUX arch/x86/kvm/vmx/posted_intr.c] */
export function runVcpu(
  env: Env,
  state: State,
  out: Out,
  change: { readonly vcpu: number; readonly on: number },
): void {
  const { vcpu, on } = change;
  const descriptor = state.descriptors[vcpu];
  state.apics[vcpu].runsOn = on;
  if (!env.machine.off.includes('hypervisor/follow-vcpu'))
    set(descriptor, DESCRIPTOR.fields.ndst, encodeNdst(env.machine.cpus[on]));
  set(descriptor, DESCRIPTOR.fields.nv, POSTED_NOTIFICATION_VECTOR);
  set(descriptor, DESCRIPTOR.fields.sn, 0);
  out.emit('hypervisor', { act: 'cpu', cpu: env.machine.cpus[vcpu].name, change: 'running' });
  syncDescriptor(env, state, out, vcpu);
  takeInterrupts(env, state, out, vcpu);
}

/** A virtual CPU loses its physical one: preempted (it wants to run on) or blocked (it waits). */
export function stopVcpu(
  env: Env,
  state: State,
  out: Out,
  change: { readonly vcpu: number; readonly why: 'preempted' | 'blocked' },
): void {
  const { vcpu, why } = change;
  const descriptor = state.descriptors[vcpu];
  state.apics[vcpu].runsOn = NONE;
  if (why === 'preempted') set(descriptor, DESCRIPTOR.fields.sn, 1);
  else set(descriptor, DESCRIPTOR.fields.nv, POSTED_WAKEUP_VECTOR);
  out.emit('hypervisor', { act: 'cpu', cpu: env.machine.cpus[vcpu].name, change: why });
}
