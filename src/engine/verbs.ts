import type { Errno } from '../arch/linux.ts';
import { composedFor, isBusLayer, keepComposed } from '../domains/bus.ts';
import { amdTableRoot } from '../domains/remap-amdvi.ts';
import * as stack from '../domains/stack.ts';
import { leaveCpu } from '../domains/vector-cpu.ts';
import type { AllocRequest, Ctx } from '../domains/verbs.ts';
import { unpost } from '../hypervisor/bind.ts';
import { HOST, NONE } from '../model/machine.ts';
import type { Op } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import type {
  AffinityVerb,
  AllocateVerb,
  CpuVerb,
  RaiseVerb,
  Step,
  Verb,
  WriteVerb,
} from '../model/program.ts';
import { attack } from './attack.ts';
import { assignDevice, createStack } from './boot.ts';
import { domainCtx, type Env } from './env.ts';
import { emit } from './flight.ts';
import { bootKernel, changeUnit, resume, suspend } from './platform.ts';
import { runVcpu, stopVcpu } from './posting.ts';
import { raiseIrq } from './raise.ts';
import { readFaults } from './registers.ts';
import { tableOf } from './remap-unit.ts';
import type { State } from './state.ts';

/** What a verb works with. */
export interface Act {
  readonly env: Env;
  readonly state: State;
  readonly out: Out;
  readonly ctx: Ctx;
  readonly step: Step;
  /** Takes the operations the verb leaves behind. */
  readonly ops: Op[];
}

/** Verbs that act; those that steer (`race`, `choose`, `repeat`) belong to the threads. */
export type ActVerb = Exclude<Verb, { verb: 'race' | 'choose' | 'repeat' | 'wait' }>;

/** Carries out the part of a step that happens at once; operations are left in `ops`. */
export function act(env: Env, state: State, out: Out, step: Step, ops: Op[]): void {
  const what = step.what as ActVerb;
  const error =
    what.verb === 'raise'
      ? raiseTimes(env, state, out, what)
      : perform({ env, state, out, ctx: domainCtx(env, state, out, ops), step, ops }, what);
  if (out.level !== 'silent')
    out.emit(env.machine.realms[step.by].name, { act: 'result', step: step.index, error });
}

/** Verbs that need an interrupt that was allocated before. */
const NEEDS_ALLOCATED: readonly ActVerb['verb'][] = [
  'activate',
  'compose',
  'store',
  'mask',
  'unmask',
  'free',
  'affinity',
];

/** Whether the acting realm has allocated an interrupt and not given it back. */
function isAllocated(a: Act, irq: number): boolean {
  const root = a.state.domains[a.env.plan.vectorDomain[a.step.by]];
  return root?.kind === 'vector' && root.irqs[irq] !== undefined;
}

/** A device raises; no software takes part. */
function raiseTimes(env: Env, state: State, out: Out, what: RaiseVerb): null {
  const how = { alias: what.alias, user: NONE };
  for (let i = 0; i < what.times; i++) raiseIrq(env, state, out, what.irq, how);
  return null;
}

function perform(a: Act, what: Exclude<ActVerb, RaiseVerb>): Errno | null {
  if ('irq' in what && NEEDS_ALLOCATED.includes(what.verb) && !isAllocated(a, what.irq))
    return 'ENOENT';
  switch (what.verb) {
    case 'allocate':
      return allocate(a, what);
    case 'activate':
      return stack.activate(a.ctx, topOf(a, what.irq), what.irq, false);
    case 'compose':
      return compose(a, what.irq);
    case 'store':
      return store(a, what.irq);
    case 'mask':
      stack.mask(a.ctx, topOf(a, what.irq), what.irq);
      return null;
    case 'unmask':
      stack.unmask(a.ctx, topOf(a, what.irq), what.irq);
      return null;
    case 'free':
      stack.stop(a.ctx, topOf(a, what.irq), what.irq);
      return null;
    case 'affinity':
      return affinity(a, what);
    case 'send':
      emit(a.env, a.state, a.out, {
        device: what.device,
        irq: NONE,
        message: what.message,
        rid: what.rid < 0 ? a.env.machine.devices[what.device].rid : what.rid,
        pasid: what.pasid,
      });
      return null;
    case 'invalidate':
      a.ops.push({ op: 'invalidate', by: a.step.by, ...what }, { op: 'wait', by: a.step.by });
      return null;
    case 'write':
      if (!mayWrite(a, what)) return 'EPERM';
      a.ops.push(writeOp(a, what));
      return null;
    case 'cpu':
      return changeCpu(a, what);
    case 'create':
      return createStack(a.env, a.state, a.out, { device: what.device, realm: a.step.by });
    case 'assign':
      return assignDevice(a.env, a.state, a.out, { ...what, ops: a.ops });
    case 'unpost':
      return unpost(domainCtx(a.env, a.state, a.out, a.ops), what.irq);
    case 'hypercall': {
      const { call, behalf, irq, cpu, vector } = what;
      const answer = a.ctx.hypercall({ call, by: a.step.by, behalf, irq, cpu, vector });
      return 'error' in answer ? answer.error : null;
    }
    case 'attack':
      return attack(a, what);
    case 'unit':
      changeUnit(a, what);
      return null;
    case 'faults':
      a.ops.push(...readFaults(a.state, a.step.by));
      return null;
    case 'power':
      if (what.change === 'suspend') suspend(a.env, a.state, a.out);
      else resume(a);
      return null;
    case 'boot':
      bootKernel(a, what.kernel);
      return null;
  }
}

/** The topmost layer of the acting realm's stack for a device. */
function topOf(a: Act, irq: number): number {
  const top = a.env.machine.stacks[a.step.by][a.env.machine.irqs[irq].device];
  if (top < 0) throw new Error(`step ${a.step.index}: ${a.step.text} has no stack to work on`);
  return top;
}

function allocate(a: Act, what: AllocateVerb): Errno | null {
  const top = topOf(a, what.irq);
  const refused = a.state.refused[`${a.step.by}/${a.env.machine.irqs[what.irq].device}`];
  if (refused) return refused;
  const contiguous = false;
  for (let i = 0; i < what.count; i++) {
    const request: AllocRequest = { ...what, first: what.irq, contiguous };
    const error = stack.start(a.ctx, top, what.irq + i, request);
    if (!error) continue;
    for (let back = i - 1; back >= 0; back--) stack.stop(a.ctx, top, what.irq + back);
    return error;
  }
  return null;
}

function compose(a: Act, irq: number): Errno | null {
  const top = topOf(a, irq);
  const composed = stack.compose(a.ctx, top, irq);
  if ('error' in composed) return composed.error;
  const layer = stack.layerAt(a.ctx, top);
  if (isBusLayer(layer)) keepComposed(a.ctx, layer, irq, composed.message);
  return null;
}

function store(a: Act, irq: number): Errno | null {
  const top = topOf(a, irq);
  const layer = stack.layerAt(a.ctx, top);
  if (!isBusLayer(layer)) return 'ENOSYS';
  if (!composedFor(a.ctx, layer, irq)) {
    const error = compose(a, irq);
    if (error) return error;
  }
  const message = composedFor(a.ctx, layer, irq);
  if (!message) return 'EINVAL';
  keepComposed(a.ctx, layer, irq, null);
  return stack.store(a.ctx, top, irq, message);
}

function affinity(a: Act, what: AffinityVerb): Errno | null {
  const { irq, cpu, vector, how } = what;
  const moved = stack.setAffinity(a.ctx, topOf(a, irq), irq, { cpu, vector, how, atomic: false });
  return 'error' in moved ? moved.error : null;
}

/** Tables and registers of the unit are the host's; a guest has those of its emulated one. */
const mayWrite = (a: Act, { target }: WriteVerb): boolean =>
  target.kind === 'slot' ||
  a.step.by === HOST ||
  (target.kind === 'entry' && a.env.machine.realms[a.step.by].viommu !== null);

function writeOp(a: Act, what: WriteVerb): Op {
  const by = a.step.by;
  const { target, first, words } = what;
  switch (target.kind) {
    case 'slot':
      return { op: 'store', by, device: target.device, slot: target.slot, first, words };
    case 'entry':
      return {
        op: 'entry',
        by,
        table: tableFor(a, target.device),
        index: target.index,
        first,
        words,
      };
    case 'device-entry': {
      const { rid } = a.env.machine.devices[target.device];
      return { op: 'device-entry', by, rid, first, words };
    }
    case 'descriptor':
      return { op: 'descriptor', by, descriptor: target.cpu, first, words };
    case 'register':
      return { op: 'register', by, reg: target.name, value: words[0] };
  }
}

/** The table the unit finds entries of a device in now; where it looks in none, the driver's own. */
function tableFor({ env, state }: Act, device: number): number {
  const spec = env.machine.devices[device];
  const table = tableOf(state, spec.rid);
  return table === NONE && state.remap.kind === 'amdvi' ? amdTableRoot(env.machine, spec) : table;
}

function changeCpu(a: Act, what: CpuVerb): Errno | null {
  const { env, state, out } = a;
  switch (what.change) {
    case 'interrupts-on':
    case 'interrupts-off': {
      const on = what.change === 'interrupts-on' ? 1 : 0;
      a.ops.push({ op: 'interrupts', by: a.step.by, cpu: what.cpu, on });
      return null;
    }
    case 'run':
      runVcpu(env, state, out, { vcpu: what.cpu, on: what.on });
      return null;
    case 'preempt':
      stopVcpu(env, state, out, { vcpu: what.cpu, why: 'preempted' });
      return null;
    case 'block':
      stopVcpu(env, state, out, { vcpu: what.cpu, why: 'blocked' });
      return null;
    case 'offline':
    case 'online':
      return changeLine(a, what.cpu, what.change);
  }
}

/** A CPU that is where it shall be already is left alone; the last one stays. [LINUX kernel/cpu.c] */
function changeLine(a: Act, cpu: number, change: 'offline' | 'online'): Errno | null {
  const { plan, machine } = a.env;
  const { apics } = a.state;
  const { realm } = machine.cpus[cpu];
  const domain = plan.vectorDomain[realm];
  if (domain < 0) return 'ENODEV';
  const online = machine.realms[realm].cpus.filter(index => apics[index].online);
  if (online.includes(cpu) === (change === 'online')) return null;
  if (change === 'online') a.ops.push({ op: 'cpu-line', by: a.step.by, cpu, online: 1 });
  else if (online.length === 1) return 'EBUSY';
  else leaveCpu(a.ctx, stack.layerAt(a.ctx, domain), plan.position[cpu]);
  return null;
}
