import { POSTED_NOTIFICATION_VECTOR, POSTED_WAKEUP_VECTOR } from '../arch/linux.ts';
import { DESCRIPTOR } from '../arch/posted.ts';
import { VTD_CHECKS, VTD_FAULTS, type VtdCheck } from '../arch/vtd.ts';
import { bitsIn } from '../bits/bitmap.ts';
import { get, set } from '../bits/layout.ts';
import { descriptorAt } from '../domains/remap-vtd.ts';
import type { CheckLog } from '../model/check.ts';
import { NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { BlockedOutcome, PostedOutcome } from '../model/remap.ts';
import type { InterruptRequest } from '../model/wire.ts';
import { descriptorReservedClear, encodeNdst, post, takePending } from '../units/posted.ts';
import { arrive, deliver, takeInterrupts } from './cpu.ts';
import type { Env } from './env.ts';
import type { State } from './state.ts';

/** The virtual CPU whose descriptor an entry names, or the refusal. [VTD 5.2.3] */
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
    return refusal('vtd/descriptor-access', outcome.entry);
  const clear = descriptorReservedClear(state.descriptors[vcpu]);
  if (!test('vtd/descriptor-reserved', clear, 'descriptor.reserved', clear ? 0 : 1))
    return refusal('vtd/descriptor-reserved', outcome.entry);
  return { vcpu };
}

const refusal = (rule: VtdCheck, entry: number): BlockedOutcome => ({
  kind: 'blocked',
  rule,
  code: VTD_CHECKS[rule].fault,
  fault: VTD_FAULTS[VTD_CHECKS[rule].fault].name,
  entry,
  recorded: true,
});

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
  const posted = post(descriptor, at.outcome, cpu.mode);
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

/** The host takes a wakeup vector: blocked virtual CPUs with something pending run again. */
export function onSystemVector(
  env: Env,
  state: State,
  out: Out,
  at: { readonly cpu: number; readonly vector: number },
): void {
  if (at.vector !== POSTED_WAKEUP_VECTOR) return;
  for (const [vcpu, descriptor] of state.descriptors.entries()) {
    const blocked = descriptor.length > 0 && state.apics[vcpu].runsOn === NONE;
    if (blocked && get(descriptor, DESCRIPTOR.fields.on))
      runVcpu(env, state, out, { vcpu, on: at.cpu });
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
