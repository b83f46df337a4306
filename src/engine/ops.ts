import type { Word } from '../bits/word.ts';
import * as stack from '../domains/stack.ts';
import { isTrapped, onTrap } from '../hypervisor/trap.ts';
import { NONE } from '../model/machine.ts';
import type { FunctionOp, InvalidateOp, Op, RegisterOp, StoreOp, TableOp } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import { invalidateDevice } from '../units/amdvi.ts';
import { raise, takeUnmasked, writeSlot } from '../units/store.ts';
import { invalidateEntries } from '../units/vtd.ts';
import { retrigger, retriggerIfPending, takeInterrupts } from './cpu.ts';
import { domainCtx, type Env } from './env.ts';
import { emit } from './flight.ts';
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
      if (isTrapped(ctx, op)) {
        onTrap(ctx, op);
        queue.unshift(...ctx.ops);
        return;
      }
      return op.op === 'store'
        ? writeStore(env, state, out, op)
        : writeFunction(env, state, out, op);
    }
    case 'entry':
      return writeEntry(env, state, out, op);
    case 'invalidate':
      return invalidate(env, state, out, op);
    case 'register':
      return writeRegister(env, state, out, op);
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
    case 'retrigger-if-pending':
      return retriggerIfPending(env, state, out, op);
    case 'retrigger':
      return retrigger(env, state, out, op);
    case 'release':
      return stack.free(domainCtx(env, state, out, []), op.domain, op.irq);
    case 'raise':
      return raiseIrq(env, state, out, op.irq);
    default:
      throw new Error(`operation ${op.op} is not known here`);
  }
}

const actor = (env: Env, realm: number): string => env.machine.realms[realm].name;

/** A device wants to raise an interrupt: it sends, or remembers, or cannot. */
export function raiseIrq(env: Env, state: State, out: Out, irq: number): void {
  const { device, slot, name } = env.machine.irqs[irq];
  const spec = env.machine.devices[device];
  const outcome = raise(spec, state.stores[device], slot, spec.pasid);
  if (out.level !== 'silent')
    out.emit(spec.name, { act: 'raise', irq: name, outcome: outcome.kind });
  if (outcome.kind !== 'sent') return;
  emit(env, state, out, { device, irq, message: outcome.message, rid: spec.rid, pasid: NONE });
}

/** Interrupts that waited for a mask and can go now. */
function sendUnmasked(env: Env, state: State, out: Out, device: number): void {
  const spec = env.machine.devices[device];
  for (const slot of takeUnmasked(spec, state.stores[device]))
    raiseIrq(env, state, out, env.plan.irq[device][slot]);
}

function writeStore(env: Env, state: State, out: Out, op: StoreOp): void {
  const before = writeSlot(state.stores[op.device], op.slot, op.first, op.words);
  if (out.level !== 'silent')
    out.emit(actor(env, op.by), {
      act: 'write',
      unit: 'store',
      of: env.machine.devices[op.device].name,
      at: op.slot,
      first: op.first,
      before,
      after: op.words,
    });
  sendUnmasked(env, state, out, op.device);
}

function writeFunction(env: Env, state: State, out: Out, op: FunctionOp): void {
  const store = state.stores[op.device];
  const before = [store[op.reg]];
  store[op.reg] = op.value;
  out.emit(actor(env, op.by), {
    act: 'write',
    unit: 'function',
    of: env.machine.devices[op.device].name,
    at: NONE,
    first: op.reg === 'enable' ? 0 : 1,
    before,
    after: [op.value],
  });
  sendUnmasked(env, state, out, op.device);
}

function writeEntry(env: Env, state: State, out: Out, op: TableOp): void {
  if (state.remap.kind === 'none') return;
  const tables = state.remap.tables;
  tables[op.table] ??= {};
  const table = tables[op.table];
  const entry: Word[] = table[op.index] ?? [0, 0, 0, 0];
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

function invalidate(env: Env, state: State, out: Out, op: InvalidateOp): void {
  if (state.remap.kind === 'vtd') invalidateEntries(state.remap, op.index, op.count);
  if (state.remap.kind === 'amdvi') invalidateDevice(state.remap, op.rid);
  out.emit(actor(env, op.by), {
    act: 'invalidate',
    scope: op.count === 0 ? 'global' : 'index',
    index: op.index,
    count: op.count,
  });
}

function writeRegister(env: Env, state: State, out: Out, op: RegisterOp): void {
  if (state.remap.kind !== 'vtd' || (op.reg !== 'gsts' && op.reg !== 'fsts'))
    throw new Error(`no register ${op.reg}`);
  const before = [state.remap[op.reg]];
  state.remap[op.reg] = op.value;
  out.emit(actor(env, op.by), {
    act: 'write',
    unit: 'register',
    of: op.reg,
    at: NONE,
    first: 0,
    before,
    after: [op.value],
  });
}
