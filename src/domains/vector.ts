import { type Errno, MANAGED_SHUTDOWN_VECTOR } from '../arch/linux.ts';
import { NONE } from '../model/machine.ts';
import * as matrix from './matrix.ts';
import { movesFor } from './vector-move.ts';
import {
  globalCpu,
  messageTo,
  SLOT,
  targetOf,
  type VectorIrq,
  type VectorState,
  vectorOf,
} from './vector-state.ts';
import { type AllocRequest, type Ctx, type Layer, servesAsParent, type Verbs } from './verbs.ts';

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

/**
 * Gives one place of an interrupt back. What its slot holds from now says whether a late arrival is
 * worth a warning: `shutdown` not, `unused` yes. [LINUX vector.c clear_irq_vector,
 * free_moved_vector]
 */
export function release(
  ctx: Ctx,
  layer: Layer,
  place: { irq: number; cpu: number; vector: number },
  slot: 'shutdown' | 'unused',
): void {
  const state = vectorOf(ctx, layer.index);
  const managed = state.irqs[place.irq]?.managed === 1;
  matrix.free(state.matrix, { cpu: place.cpu, vector: place.vector, managed });
  state.table[place.cpu][place.vector] = SLOT[slot];
  report(ctx, layer, { act: 'free' }, place);
}

/** The old place of an interrupt that moved is given back, if it still has one. */
export function freeMoved(
  ctx: Ctx,
  layer: Layer,
  irq: number,
  slot: 'shutdown' | 'unused' = 'unused',
): void {
  const state = vectorOf(ctx, layer.index);
  const mine = state.irqs[irq];
  if (!mine || mine.prevCpu < 0) return;
  release(ctx, layer, { irq, cpu: mine.prevCpu, vector: mine.prevVector }, slot);
  forgetMoved(state, irq);
}

/** Nothing is known any more of the old place of an interrupt. */
export function forgetMoved(state: VectorState, irq: number): void {
  const mine = state.irqs[irq];
  mine.prevCpu = NONE;
  mine.prevVector = NONE;
  state.cleanups = state.cleanups.filter(other => other !== irq);
}

/** An interrupt without a vector points at one that does nothing. [LINUX vector.c] */
export function pointAtShutdown(state: VectorState, irq: number): void {
  const mine = state.irqs[irq];
  mine.reserved = 1;
  mine.cpu = state.matrix.cpus.findIndex(cpu => cpu.status === 'online');
  mine.vector = MANAGED_SHUTDOWN_VECTOR;
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
  supports: servesAsParent,

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
    pointAtShutdown(vectorOf(ctx, layer.index), irq);
    return null;
  },

  deactivate() {},

  free(ctx, layer, irq) {
    const state = vectorOf(ctx, layer.index);
    const mine = state.irqs[irq];
    if (!mine) return;
    freeMoved(ctx, layer, irq, 'shutdown');
    if (mine.reserved && !mine.managed) matrix.removeReserved(state.matrix);
    else if (!mine.given && !mine.reserved)
      release(ctx, layer, { irq, cpu: mine.cpu, vector: mine.vector }, 'shutdown');
    if (mine.managed) matrix.removeManaged(state.matrix, mine.affinity);
    delete state.irqs[irq];
  },

  compose(ctx, layer, irq) {
    const mine = vectorOf(ctx, layer.index).irqs[irq];
    if (!mine || (mine.vector < 0 && !mine.given)) return { error: 'EINVAL' };
    return { message: messageTo(ctx.machine, targetOf(ctx, layer.index, irq)) };
  },

  setAffinity(ctx, layer, irq, request) {
    const state = vectorOf(ctx, layer.index);
    const mine = state.irqs[irq];
    const position = ctx.machine.realms[layer.spec.realm].cpus.indexOf(request.cpu);
    if (mine?.given) {
      mine.given = { cpu: request.cpu, vector: request.vector };
      return { moves: [] };
    }
    if (!mine || position < 0) return { error: 'EINVAL' };
    if (mine.managed && request.how !== 'cpu-down') return { error: 'EIO' };
    if (!mine.managed) mine.affinity = [position];
    const stays = mine.cpu === position && request.vector < 0;
    if (mine.reserved || stays) return { moves: [] };
    if (mine.prevCpu >= 0) return { error: 'EBUSY' };
    const got = mine.managed
      ? matrix.allocManaged(state.matrix, [position])
      : take(state, [position], request.vector, false);
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
