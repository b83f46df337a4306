import { type Errno, MANAGED_SHUTDOWN_VECTOR } from '../arch/linux.ts';
import { NONE } from '../model/machine.ts';
import { compatMessage } from '../model/message.ts';
import * as matrix from './matrix.ts';
import { movesFor } from './vector-move.ts';
import {
  globalCpu,
  SLOT,
  targetOf,
  type VectorIrq,
  type VectorState,
  vectorOf,
} from './vector-state.ts';
import type { AllocRequest, Ctx, Layer, Verbs } from './verbs.ts';

function report(
  ctx: Ctx,
  layer: Layer,
  what: { act: 'alloc'; error: Errno | null } | { act: 'free' },
  place: { irq: number; cpu: number; vector: number },
): void {
  const cpu = place.cpu < 0 ? '' : ctx.machine.cpus[globalCpu(ctx, layer, place.cpu)].name;
  ctx.out.emit(ctx.machine.realms[layer.spec.realm].name, {
    ...what,
    domain: layer.spec.name,
    kind: 'vector',
    irq: ctx.machine.irqs[place.irq].name,
    cpu,
    vector: place.vector,
    table: -1,
    entry: -1,
  });
}

/** Takes a vector for `irq` on one of `cpus`: the one asked for, or the allocator's choice. */
export function take(
  state: VectorState,
  cpus: readonly number[],
  wanted: number,
  reserved: boolean,
): matrix.Allocation {
  if (wanted < 0) return matrix.alloc(state.matrix, { cpus, reserved });
  const cpu = cpus[0];
  if (matrix.assign(state.matrix, { cpu, vector: wanted }) === 'warned')
    return { ok: false, error: 'ENOSPC' };
  if (reserved) matrix.removeReserved(state.matrix);
  return { ok: true, cpu, vector: wanted };
}

const allCpus = (state: VectorState): number[] => state.table.map((_, cpu) => cpu);

/** A real vector in place of a promise: inside the affinity, else anywhere. [LINUX vector.c] */
function assignReal(ctx: Ctx, layer: Layer, irq: number): Errno | null {
  const state = vectorOf(ctx, layer.index);
  const mine = state.irqs[irq];
  let got = mine.managed
    ? matrix.allocManaged(state.matrix, mine.affinity)
    : take(state, mine.affinity.length ? mine.affinity : allCpus(state), mine.wanted, true);
  if (!got.ok && !mine.managed && mine.affinity.length && mine.wanted < 0)
    got = take(state, allCpus(state), mine.wanted, true);
  if (!got.ok) {
    report(ctx, layer, { act: 'alloc', error: got.error }, { irq, cpu: -1, vector: -1 });
    return got.error;
  }
  mine.cpu = got.cpu;
  mine.vector = got.vector;
  mine.reserved = 0;
  state.table[got.cpu][got.vector] = irq;
  report(ctx, layer, { act: 'alloc', error: null }, { irq, cpu: got.cpu, vector: got.vector });
  return null;
}

/** Gives one place of an interrupt back; its slot stays quiet about late arrivals. */
export function release(
  ctx: Ctx,
  layer: Layer,
  place: { irq: number; cpu: number; vector: number },
): void {
  const state = vectorOf(ctx, layer.index);
  const managed = state.irqs[place.irq]?.managed === 1;
  matrix.free(state.matrix, { cpu: place.cpu, vector: place.vector, managed });
  state.table[place.cpu][place.vector] = SLOT.shutdown;
  report(ctx, layer, { act: 'free' }, place);
}

/** The move of an interrupt is over: its old vector is given back. */
export function finishMove(ctx: Ctx, layer: Layer, irq: number): void {
  const mine = vectorOf(ctx, layer.index).irqs[irq];
  if (!mine || mine.prevCpu < 0) return;
  release(ctx, layer, { irq, cpu: mine.prevCpu, vector: mine.prevVector });
  mine.prevCpu = NONE;
  mine.prevVector = NONE;
}

const newIrq = (request: AllocRequest, cpu: number): VectorIrq => ({
  cpu: NONE,
  vector: NONE,
  prevCpu: NONE,
  prevVector: NONE,
  reserved: 1,
  affinity: cpu < 0 ? [] : [cpu],
  managed: 0,
  wanted: request.vector,
  given: null,
});

/** A managed interrupt sets a vector aside on each of its CPUs. [LINUX vector.c] */
function allocManaged(ctx: Ctx, layer: Layer, irq: number, request: AllocRequest): Errno | null {
  const state = vectorOf(ctx, layer.index);
  const { cpus } = ctx.machine.realms[layer.spec.realm];
  const affinity = request.managed.map(cpu => cpus.indexOf(cpu)).sort((a, b) => a - b);
  const set = matrix.reserveManaged(state.matrix, affinity);
  if (!set.ok) return set.error;
  state.irqs[irq] = { ...newIrq(request, NONE), affinity, managed: 1 };
  return null;
}

/** The Vector layer: root of every stack, gives (CPU, vector) pairs out. */
export const vectorVerbs: Verbs = {
  supports(ctx, layer, need) {
    if (need.store !== 'ims-device' && need.store !== 'ims-queue') return null;
    const realm = ctx.machine.realms[layer.spec.realm];
    const asBareMetal = ctx.machine.imsOnBareMetal ? null : 'ENODEV';
    if (realm.kind === 'host' || !realm.knowsItIsVm) return asBareMetal;
    return need.store === 'ims-queue' ? 'ENODEV' : null;
  },

  alloc(ctx, layer, irq, request) {
    if (request.contiguous && request.count > 1) return 'ENOSYS';
    const state = vectorOf(ctx, layer.index);
    if (state.irqs[irq]) return 'EBUSY';
    const { realm } = layer.spec;
    const position = ctx.machine.realms[realm].cpus.indexOf(request.cpu);
    if (position < 0 && request.cpu >= 0 && request.vector >= 0) {
      const given = { cpu: request.cpu, vector: request.vector };
      state.irqs[irq] = { ...newIrq(request, NONE), reserved: 0, given };
      return null;
    }
    if (request.managed.length > 0) return allocManaged(ctx, layer, irq, request);
    matrix.reserve(state.matrix);
    state.irqs[irq] = newIrq(request, position);
    return null;
  },

  activate(ctx, layer, irq, reserve) {
    const mine = vectorOf(ctx, layer.index).irqs[irq];
    if (!mine.reserved) return null;
    if (!reserve) return assignReal(ctx, layer, irq);
    mine.cpu = mine.affinity[0] ?? 0;
    mine.vector = MANAGED_SHUTDOWN_VECTOR;
    return null;
  },

  deactivate() {},

  free(ctx, layer, irq) {
    const state = vectorOf(ctx, layer.index);
    const mine = state.irqs[irq];
    if (!mine) return;
    finishMove(ctx, layer, irq);
    if (mine.reserved && !mine.managed) matrix.removeReserved(state.matrix);
    else if (!mine.given && !mine.reserved)
      release(ctx, layer, { irq, cpu: mine.cpu, vector: mine.vector });
    if (mine.managed) matrix.removeManaged(state.matrix, mine.affinity);
    delete state.irqs[irq];
  },

  compose(ctx, layer, irq) {
    const mine = vectorOf(ctx, layer.index).irqs[irq];
    if (!mine || (mine.vector < 0 && !mine.given)) return { error: 'EINVAL' };
    return { message: compatMessage(targetOf(ctx, layer.index, irq)) };
  },

  setAffinity(ctx, layer, irq, request) {
    const state = vectorOf(ctx, layer.index);
    const mine = state.irqs[irq];
    const position = ctx.machine.realms[layer.spec.realm].cpus.indexOf(request.cpu);
    if (mine?.given) {
      mine.given = { cpu: request.cpu, vector: request.vector };
      return { moves: [] };
    }
    if (!mine || mine.reserved || position < 0) return { error: 'EINVAL' };
    mine.affinity = [position];
    if (mine.cpu === position && request.vector < 0) return { moves: [] };
    if (mine.prevCpu >= 0) return { error: 'EBUSY' };
    const got = take(state, [position], request.vector, false);
    const { cpu, vector } = got.ok ? got : { cpu: -1, vector: -1 };
    const error = got.ok ? null : got.error;
    report(ctx, layer, { act: 'alloc', error }, { irq, cpu, vector });
    if (!got.ok) return { error: got.error };
    mine.prevCpu = mine.cpu;
    mine.prevVector = mine.vector;
    mine.cpu = cpu;
    mine.vector = vector;
    state.table[cpu][vector] = irq;
    return { moves: movesFor(ctx, layer, irq, request) };
  },
};
