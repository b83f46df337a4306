import { bitsIn } from '../bits/bitmap.ts';
import type { Word } from '../bits/word.ts';
import * as stack from '../domains/stack.ts';
import { cpuBack, cpuGone, newPlaceOf } from '../domains/vector-cpu.ts';
import { isEmulated, isTrapped, onTrap, onVirtualInvalidation } from '../hypervisor/trap.ts';
import { writeVirtualEntry } from '../hypervisor/viommu.ts';
import { HOST, NONE } from '../model/machine.ts';
import type {
  DescriptorOp,
  DeviceEntryOp,
  FunctionOp,
  InvalidateOp,
  Op,
  StoreOp,
  TableOp,
} from '../model/op.ts';
import { FUNCTION_REGS } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import { formatRequester } from '../model/requester.ts';
import { deviceEntry } from '../units/amdvi.ts';
import { refreshCopies, writeFunction, writeSlot } from '../units/store.ts';
import { retrigger, retriggerIfPending, takeInterrupts } from './cpu.ts';
import { domainCtx, type Env, EVENT } from './env.ts';
import { endMove } from './moves.ts';
import { raiseIrq, sendUnmasked } from './raise.ts';
import { writeRegister } from './registers.ts';
import { unitOf } from './remap-unit.ts';
import type { State } from './state.ts';

/**
 * Carries one operation out: hardware changes, and says so. What a trap leads to goes to the front
 * of `queue`: the guest waits until the hypervisor is done.
 */
export function runOp(env: Env, state: State, out: Out, op: Op, queue: Op[]): void {
  switch (op.op) {
    case 'store':
    case 'function': {
      const ctx = domainCtx(env, state, out, []);
      const trapped = isTrapped(ctx, op) && !(op.op === 'store' && op.slipped);
      if (op.op === 'store' && op.begins)
        out.emit(actor(env, op.by), { act: 'put', ...op.begins, trapped });
      if (trapped) {
        onTrap(ctx, op);
        queue.unshift(...ctx.ops);
        if (isEmulated(ctx, op.device)) sendUnmasked(env, state, out, op.device);
        return;
      }
      return op.op === 'store'
        ? writeStore(env, state, out, op)
        : writeOfFunction(env, state, out, op);
    }
    case 'entry':
      if (op.by !== HOST) return writeVirtualEntry(domainCtx(env, state, out, []), op);
      return writeEntry(env, state, out, op);
    case 'device-entry':
      return writeDeviceEntry(env, state, out, op);
    case 'invalidate': {
      if (op.by === HOST) return queueInvalidation(env, state, out, op);
      const ctx = domainCtx(env, state, out, []);
      onVirtualInvalidation(ctx, op);
      queue.unshift(...ctx.ops);
      return;
    }
    case 'wait':
      if (op.by !== HOST) return;
      while (state.invalidations.length > 0) invalidateNext(env, state, out);
      return;
    case 'register':
      return writeRegister(env, state, out, op);
    case 'descriptor':
      return writeDescriptor(env, state, out, op);
    case 'interrupts': {
      const { name } = env.machine.cpus[op.cpu];
      state.apics[op.cpu].interrupts = op.on;
      out.emit(actor(env, op.by), {
        act: 'cpu',
        cpu: name,
        change: op.on ? 'interrupts-on' : 'interrupts-off',
      });
      return takeInterrupts(env, state, out, op.cpu);
    }
    case 'scan-pending':
      return scanPending(env, state, out, op.cpu);
    case 'cpu-line':
      return changeLine(env, state, out, op);
    case 'retrigger-if-pending':
      return retriggerIfPending(env, state, out, op);
    case 'retrigger':
      return retrigger(env, state, out, op);
    case 'release':
      return stack.free(domainCtx(env, state, out, []), op.domain, op.irq);
    case 'clean-up':
      return endMove(env, state, out, op);
    case 'raise':
      return raiseIrq(env, state, out, op.irq);
  }
}

const actor = (env: Env, realm: number): string => env.machine.realms[realm].name;

function writeStore(env: Env, state: State, out: Out, op: StoreOp): void {
  const store = state.stores[op.device];
  const written = writeSlot(env.machine.devices[op.device], store, op);
  if (out.level !== 'silent')
    out.emit(actor(env, op.by), {
      act: 'write',
      unit: 'store',
      of: env.machine.devices[op.device].name,
      at: op.slot,
      first: op.first,
      ...written,
    });
  refreshCopies(env.machine.devices[op.device], store);
  sendUnmasked(env, state, out, op.device);
}

function writeOfFunction(env: Env, state: State, out: Out, op: FunctionOp): void {
  const store = state.stores[op.device];
  const written = writeFunction(store, op.reg, op.value);
  out.emit(actor(env, op.by), {
    act: 'write',
    unit: 'function',
    of: env.machine.devices[op.device].name,
    at: NONE,
    first: FUNCTION_REGS.indexOf(op.reg),
    ...written,
  });
  refreshCopies(env.machine.devices[op.device], store);
  sendUnmasked(env, state, out, op.device);
}

function writeEntry(env: Env, state: State, out: Out, op: TableOp): void {
  const { remap } = state;
  if (remap.kind === 'none') return;
  const { tables } = remap;
  tables[op.table] ??= {};
  const table = tables[op.table];
  const entry: Word[] = table[op.index] ?? new Array(unitOf(remap).entryWords(remap)).fill(0);
  const before = entry.slice(op.first, op.first + op.words.length);
  for (let i = 0; i < op.words.length; i++) entry[op.first + i] = op.words[i];
  if (entry.some(value => value !== 0)) table[op.index] = entry;
  else delete table[op.index];
  if (out.level !== 'silent')
    out.emit(actor(env, op.by), {
      act: 'write',
      unit: 'table',
      of: `${op.table}`,
      at: op.index,
      first: op.first,
      before,
      after: op.words,
    });
}

function writeDeviceEntry(env: Env, state: State, out: Out, op: DeviceEntryOp): void {
  const { remap } = state;
  if (remap.kind !== 'amdvi') return;
  const entry = [...deviceEntry(remap, op.rid)];
  const before = entry.slice(op.first, op.first + op.words.length);
  entry.splice(op.first, op.words.length, ...op.words);
  remap.deviceTable[op.rid] = entry;
  out.emit(actor(env, op.by), {
    act: 'write',
    unit: 'device-table',
    of: formatRequester(op.rid),
    at: op.rid,
    first: op.first,
    before,
    after: op.words,
  });
}

function queueInvalidation(env: Env, state: State, out: Out, op: InvalidateOp): void {
  state.invalidations.push(op);
  out.emit(actor(env, op.by), { act: 'queue', ...scopeOf(op) });
  if (out.level === 'full') out.mark('invalidations');
  env.schedule(env.machine.latency.remapNs, EVENT.invalidate, 0);
}

const scopeOf = ({ index, count, rid }: InvalidateOp) => ({
  scope: rid >= 0 ? ('device' as const) : count === 0 ? ('global' as const) : ('index' as const),
  index,
  count,
  rid,
});

/** The unit carries out the oldest invalidation; nothing happens when none is left. */
export function invalidateNext(_env: Env, state: State, out: Out): void {
  const op = state.invalidations.shift();
  if (!op) return;
  if (out.level === 'full') out.resume('invalidations');
  const unit = unitOf(state.remap);
  if (!unit.carryOut(state.remap, unit.command(op))) throw new Error('an unsound invalidation');
  out.emit('ir', { act: 'invalidate', ...scopeOf(op) });
}

function writeDescriptor(env: Env, state: State, out: Out, op: DescriptorOp): void {
  const descriptor = state.descriptors[op.descriptor];
  const before = descriptor.slice(op.first, op.first + op.words.length);
  for (const [i, value] of op.words.entries()) descriptor[op.first + i] = value;
  out.emit(actor(env, op.by), {
    act: 'write',
    unit: 'descriptor',
    of: env.machine.cpus[op.descriptor].name,
    at: NONE,
    first: op.first,
    before,
    after: op.words,
  });
}

/** The vector layer of a CPU's realm and the CPU's position in it. */
function vectorLayer(env: Env, state: State, out: Out, cpu: number) {
  const ctx = domainCtx(env, state, out, []);
  const { realm } = env.machine.cpus[cpu];
  const layer = stack.layerAt(ctx, env.plan.vectorDomain[realm]);
  return { ctx, layer, position: env.plan.position[cpu] };
}

/** What is pending on a leaving CPU is sent to where it belongs now. */
function scanPending(env: Env, state: State, out: Out, cpu: number): void {
  const { ctx, layer, position } = vectorLayer(env, state, out, cpu);
  for (const vector of bitsIn(state.apics[cpu].irr)) {
    const place = newPlaceOf(ctx, layer, position, vector);
    if (place) retrigger(env, state, out, place);
  }
}

function changeLine(
  env: Env,
  state: State,
  out: Out,
  op: { readonly by: number; readonly cpu: number; readonly online: number },
): void {
  const { ctx, layer, position } = vectorLayer(env, state, out, op.cpu);
  const apic = state.apics[op.cpu];
  if (apic.online === op.online) return;
  apic.online = op.online;
  apic.interrupts = op.online;
  if (op.online) cpuBack(ctx, layer, position);
  else {
    apic.irr = apic.irr.map(() => 0);
    apic.isr = apic.isr.map(() => 0);
    cpuGone(ctx, layer, position);
  }
  out.emit(actor(env, op.by), {
    act: 'cpu',
    cpu: env.machine.cpus[op.cpu].name,
    change: op.online ? 'online' : 'offline',
  });
  for (const left of ctx.ops) runOp(env, state, out, left, []);
}
