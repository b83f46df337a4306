import type { Word } from '../bits/word.ts';
import type { Holding, Ledger, SlotLore } from '../check/ledger.ts';
import type { Thread } from '../engine/state.ts';
import type { InvalidateOp } from '../model/op.ts';
import type { ApicState } from '../units/apic.ts';
import { equal } from './plain.ts';
import type { Watched } from './world.ts';

/** Makes worlds that need not be told apart equal: works on the parts a transition looked at. */
export type Normalise = (watched: Watched) => void;

/** One rule of a normalisation: what it does to the parts whose names begin so. */
export interface PartRule {
  readonly prefix: string;
  readonly apply: (content: never, watched: Watched, name: string) => unknown;
}

const covers = (prefix: string, name: string): boolean =>
  name === prefix || name.startsWith(`${prefix}[`) || name.startsWith(`${prefix}.`);

/** Combines rules into one pass over the parts that were looked at. */
export function normaliser(watched: Watched, rules: readonly PartRule[]): Normalise {
  const byPart: (readonly PartRule[])[] = [];
  return ({ contents, looked, names }) => {
    // Rules may look at more parts: the list grows while it is gone through.
    for (const part of looked) {
      byPart[part] ??= rules.filter(rule => covers(rule.prefix, names[part]));
      for (const rule of byPart[part])
        contents[part] = rule.apply(contents[part] as never, watched, names[part]);
    }
  };
}

/** A rule about contents of one type, which it may change in place. */
export const partRule = <T>(
  prefix: string,
  apply: (content: T, watched: Watched, name: string) => T,
): PartRule => ({ prefix, apply: apply as PartRule['apply'] });

/** Things of the past no later event depends on. */
export const PAST: readonly PartRule[] = [
  partRule<Thread[]>('state.threads', threads => {
    for (const thread of threads) {
      thread.startedNs = 0;
      thread.quiet = 0;
      if (thread.frames.length === 0 && thread.ops.length === 0) thread.by = 0;
    }
    return threads;
  }),
  // One that is still to come serves all that asked for the same: it comes after all of them asked.
  partRule<InvalidateOp[]>('state.invalidations', queue =>
    queue.filter((op, i) => queue.findIndex(other => equal(op, other)) === i),
  ),
  // A vector that was given back is nobody's; only what is on its way remembers whose it was.
  partRule<Holding | undefined>('ledger.vectors', (holding, { world }) =>
    holding?.live === 0 && world.state.flights.length === 0 ? undefined : holding,
  ),
  partRule<Ledger['flights']>('ledger.flights', (flights, { world }) =>
    world.state.flights.length === 0 ? {} : flights,
  ),
];

/**
 * What only a driver would read later, and no property here asks for: fault records, event logs,
 * error status.
 */
export const LOGS: readonly PartRule[] = [
  partRule<ApicState>('state.apics', apic => {
    apic.esr = 0;
    return apic;
  }),
  partRule<Word[][]>('state.remap.frcd', records => records.map(words => words.map(() => 0))),
  partRule<number>('state.remap.nextRecord', () => 0),
  partRule<unknown[]>('state.remap.events', () => []),
  partRule<number>('state.remap.fsts', () => 0),
  partRule<number>('state.remap.status', () => 0),
];

/** Messages that were in a slot before its last one: only halves of two could tell. */
export const OLD_MESSAGES: readonly PartRule[] = [
  partRule<SlotLore | undefined>('ledger.slots', slot => {
    if (slot) slot.puts.length = Math.min(slot.puts.length, 1);
    return slot;
  }),
];
