import type { Word } from '../bits/word.ts';
import type { CheckLog } from '../model/check.ts';
import { NONE, type RemapKind } from '../model/machine.ts';
import type { InvalidateOp } from '../model/op.ts';
import type { BlockedOutcome, FaultFate, Refusal, RemapOutcome, UnitEnv } from '../model/remap.ts';
import type { Wire } from '../model/wire.ts';
import {
  carryOutCommand,
  invalidateCommand,
  longEntries,
  loseAmdRegisters,
  recordAmdEvent,
  tableRoot,
  translateAmd,
} from '../units/amdvi.ts';
import {
  carryOut,
  iecDescriptor,
  loseVtdRegisters,
  recordVtdFault,
  tablePage,
  translateVtd,
} from '../units/vtd.ts';
import type { Env, RemapSpec } from './env.ts';
import type { Flight, RemapState, State } from './state.ts';

/** What a remap unit can do, whichever it is: all the engine knows of it. */
export interface RemapUnit<Spec, Remap> {
  /** Words of a table entry. */
  readonly entryWords: (remap: Remap) => number;
  readonly translate: (spec: Spec, remap: Remap, wire: Wire, env: UnitEnv) => RemapOutcome;
  /** The table a requester's entries are in: page or root number; -1 where there is none. */
  readonly tableOf: (remap: Remap, rid: number) => number;
  /** The unit's own note of a refusal, as a driver would find it. */
  readonly record: (spec: Spec, remap: Remap, refusal: Refusal) => FaultFate | 'silent';
  /** What software puts into the unit's queue to drop cached entries, and what the unit then does. */
  readonly command: (scope: Pick<InvalidateOp, 'index' | 'count' | 'rid'>) => Word[];
  readonly carryOut: (remap: Remap, command: readonly Word[]) => boolean;
  /** Power goes: registers and what is cached are lost, memory stays. */
  readonly loseRegisters: (remap: Remap) => void;
}

type SpecOf<K extends RemapKind> = Extract<RemapSpec, { kind: K }>;
type StateOf<K extends RemapKind> = Extract<RemapState, { kind: K }>;

/** Every remap unit, by kind: a new one is a line here, and the compiler asks for the rest. */
export const REMAP_UNITS: { readonly [K in RemapKind]: RemapUnit<SpecOf<K>, StateOf<K>> } = {
  none: {
    entryWords: () => 0,
    translate: () => ({ kind: 'passthrough' }),
    tableOf: () => NONE,
    record: () => 'silent',
    command: () => [],
    carryOut: () => true,
    loseRegisters: () => {},
  },
  vtd: {
    entryWords: () => 4,
    translate: translateVtd,
    tableOf: ({ irta }) => tablePage(irta),
    record: (_spec, remap, { fault, wire }) => recordVtdFault(remap, fault, wire.rid),
    command: ({ index, count }) => iecDescriptor(index, count),
    carryOut,
    loseRegisters: loseVtdRegisters,
  },
  amdvi: {
    entryWords: remap => (longEntries(remap) ? 4 : 1),
    translate: translateAmd,
    tableOf: tableRoot,
    record: recordAmdEvent,
    command: ({ rid }) => invalidateCommand(rid),
    carryOut: carryOutCommand,
    loseRegisters: loseAmdRegisters,
  },
};

/** The functions of the unit a state belongs to; each gets the spec and state of its own kind. */
export const unitOf = ({ kind }: RemapState): RemapUnit<RemapSpec, RemapState> =>
  REMAP_UNITS[kind] as RemapUnit<RemapSpec, RemapState>;

const wireOf = ({ message, rid, pasid }: Flight): Wire => ({
  addressLow: message.addressLow,
  addressHigh: message.addressHigh,
  data: message.data,
  rid,
  pasid,
});

/** The machine's remap unit decides about a message. */
export function translate(env: Env, state: State, flight: Flight, log: CheckLog): RemapOutcome {
  const { remap } = state;
  const spec = env.plan.remap;
  if (spec.kind !== remap.kind) throw new Error('the remap unit is not the one that was planned');
  return unitOf(remap).translate(spec, remap, wireOf(flight), { log, pick: env.pick });
}

/** The table a requester's entries are in: page or root number; -1 where there is none. */
export const tableOf = ({ remap }: State, rid: number): number => unitOf(remap).tableOf(remap, rid);

/** The unit's own note of a refusal, as a driver would find it. */
export const recordFault = (
  env: Env,
  { remap }: State,
  fault: BlockedOutcome,
  flight: Flight,
): FaultFate | 'silent' =>
  unitOf(remap).record(env.plan.remap, remap, { fault, wire: wireOf(flight) });
