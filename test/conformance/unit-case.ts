import type { Word } from '../../src/bits/word.ts';
import type { RemapSpec } from '../../src/engine/env.ts';
import type { RemapState } from '../../src/engine/state.ts';
import type { Wire } from '../../src/model/wire.ts';

/**
 * A unit with one good entry and a request that names it, as the laws of all units need it. What it
 * says of words is cut out of them by the specification's bit numbers, not by the tables of
 * `arch/`.
 */
export interface Probe {
  readonly spec: RemapSpec;
  readonly state: RemapState;
  readonly wire: Wire;
  /** The request becomes another one. */
  readonly ask: (change: Partial<Wire>) => void;
  /** Rules that are switched off. */
  readonly switchOff: (rules: readonly string[]) => void;
  readonly setCache: (policy: 'never' | 'always' | 'either') => void;
  /** Index of the good entry. */
  readonly index: number;
  /** The requester's own table as it lies in memory, and the number of entries the unit is told. */
  readonly table: () => Record<number, Word[]>;
  readonly entries: () => number;
  /** Vector and destination an entry gives. */
  readonly says: (words: readonly Word[]) => { readonly vector: number; readonly dest: number };
  /** Sets registers, and what else stands before the table, from words that were drawn. */
  readonly setUp: (drawn: readonly Word[]) => void;
  /** Whether the request may pass as it is. */
  readonly mayPass: () => boolean;
  /** One way to break each check of a good request, in the order of evaluation. */
  readonly breaks: Readonly<Record<string, () => void>>;
}

/** What the suite has to know of a kind of unit with tables. */
export interface UnitCase {
  readonly probe: (profile: string) => Probe;
  /** The checks of the unit, by what a failing one gives: a key of `faults`, or of its names. */
  readonly checks: Readonly<Record<string, { readonly fault: string | number }>>;
  /** Names of all refusals. */
  readonly faults: readonly string[];
  /** Checks that are not made on the way of a good request; tests of their own look at them. */
  readonly elsewhere: readonly string[];
  /** Checks that a profile does not make, though the specification asks for them. */
  readonly lacks: Readonly<Record<string, readonly string[]>>;
  /** Profiles that read entries beyond the end of a table, a defect of those emulators. */
  readonly readsBeyond: readonly string[];
  /** Words of an entry, and any words made into an entry that is in use and likely to let requests in. */
  readonly entryWords: number;
  readonly soundEntry: (drawn: readonly Word[]) => Word[];
}
