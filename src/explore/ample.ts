import type { Env, Event } from '../engine/env.ts';
import type { Thread } from '../engine/state.ts';
import { isDone } from '../engine/threads.ts';
import { HOST } from '../model/machine.ts';
import { type Op, REG } from '../model/op.ts';
import type { Verb } from '../model/program.ts';
import type { World } from './world.ts';

/** What something may touch: the stores of these devices, or anything. */
type Footprint = ReadonlySet<number> | 'anything';

/**
 * Of what may happen next, what has to be tried. A write to a store nobody else can come near before
 * it is made comes to the same in every order: it is made at once, and all else waits. Whatever
 * sends, traps, or works on what is shared is tried in every order.
 */
export function ampleEvents(env: Env, world: World, events: readonly Event[]): readonly Event[] {
  if (events.length < 2) return events;
  const alone = events.find(event => {
    const device = ownStore(env, world, event);
    if (device === null) return false;
    const others = othersOf(env, world, event.of);
    return others !== 'anything' && !others.has(device);
  });
  return alone ? [alone] : events;
}

/** The device whose store an event writes, where it does nothing else. */
function ownStore(env: Env, { state }: World, { kind, of }: Event): number | null {
  if (kind !== 'thread') return null;
  const [op] = state.threads[of].ops;
  return op?.op === 'store' && isQuietWrite(env, op) ? op.device : null;
}

/** A write that neither traps nor lets anything go. */
function isQuietWrite({ machine }: Env, op: Extract<Op, { op: 'store' }>): boolean {
  const trapped = op.by !== HOST && machine.devices[op.device].reach === 'trapped';
  return !trapped && op.first + op.words.length <= REG.control;
}

/** What all others may touch before this thread goes on. */
function othersOf(env: Env, { state }: World, thread: number): Footprint {
  const found = new Set<number>();
  for (const flight of state.flights) if (flight) found.add(flight.device);
  for (const [i, other] of state.threads.entries()) {
    if (i === thread || isDone(other)) continue;
    const footprint = footprintOf(env, other);
    if (footprint === 'anything') return 'anything';
    for (const device of footprint) found.add(device);
  }
  if (!isDone(state.threads[0])) return found;
  for (const { realm, irq } of env.program.actions)
    if (realm !== state.threads[thread].by) found.add(env.machine.irqs[irq].device);
  return found;
}

/** What a thread may touch before it ends, or waits for others to end. */
function footprintOf(env: Env, { ops, frames }: Thread): Footprint {
  const found = new Set<number>();
  for (const op of ops) {
    if (op.op !== 'store' && op.op !== 'function') return 'anything';
    found.add(op.device);
  }
  for (const { sequence, next, rounds } of frames) {
    const steps = env.program.sequences[sequence].slice(rounds > 1 ? 0 : next);
    for (const index of steps) {
      const device = deviceOf(env, env.program.steps[index].what);
      if (device === null) return 'anything';
      found.add(device);
    }
  }
  return found;
}

/** The one device a step works on; null where it may touch more. */
function deviceOf({ machine }: Env, what: Verb): number | null {
  switch (what.verb) {
    case 'raise':
    case 'store':
    case 'compose':
    case 'mask':
    case 'unmask':
    case 'affinity':
    case 'allocate':
    case 'free':
      return machine.irqs[what.irq].device;
    default:
      return null;
  }
}
