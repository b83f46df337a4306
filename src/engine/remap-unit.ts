import type { CheckLog } from '../model/check.ts';
import type { BlockedOutcome, FaultFate, RemapOutcome, UnitEnv } from '../model/remap.ts';
import type { Wire } from '../model/wire.ts';
import { recordAmdEvent, tableRoot, translateAmd } from '../units/amdvi.ts';
import { recordVtdFault, tablePage, translateVtd } from '../units/vtd.ts';
import type { Env } from './env.ts';
import type { Flight, State } from './state.ts';

const wireOf = (flight: Flight): Wire => ({
  addressLow: flight.message.addressLow,
  addressHigh: flight.message.addressHigh,
  data: flight.message.data,
  rid: flight.rid,
  pasid: flight.pasid,
});

/** The machine's remap unit decides about a message. */
export function translate(env: Env, state: State, flight: Flight, log: CheckLog): RemapOutcome {
  const unitEnv: UnitEnv = { log, pick: env.pick };
  const { remap } = env.plan;
  switch (state.remap.kind) {
    case 'none':
      return { kind: 'passthrough' };
    case 'vtd':
      if (remap.kind !== 'vtd') break;
      return translateVtd(remap, state.remap, wireOf(flight), unitEnv);
    case 'amdvi':
      if (remap.kind !== 'amdvi') break;
      return translateAmd(remap, state.remap, wireOf(flight), unitEnv);
  }
  throw new Error('the remap unit is not the one that was planned');
}

/** The table a requester's entries are in: page or root number; -1 where there is none. */
export function tableOf(state: State, rid: number): number {
  switch (state.remap.kind) {
    case 'none':
      return -1;
    case 'vtd':
      return tablePage(state.remap.irta);
    case 'amdvi':
      return tableRoot(state.remap, rid);
  }
}

/** The unit's own note of a refusal, as a driver would find it. */
export function recordFault(
  env: Env,
  state: State,
  fault: BlockedOutcome,
  flight: Flight,
): FaultFate | 'silent' {
  const { remap } = env.plan;
  if (state.remap.kind === 'vtd') return recordVtdFault(state.remap, fault, flight.rid);
  if (state.remap.kind === 'amdvi' && remap.kind === 'amdvi')
    return recordAmdEvent(remap, state.remap, { fault, wire: wireOf(flight) });
  return 'silent';
}
