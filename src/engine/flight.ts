import type { CheckResult } from '../model/check.ts';
import { NONE } from '../model/machine.ts';
import { inWindow, readCompat } from '../model/message.ts';
import { checkLog, type Out } from '../model/out.ts';
import type { BlockedOutcome, RemapOutcome } from '../model/remap.ts';
import { passBridge } from '../units/bridge.ts';
import { deliver } from './cpu.ts';
import { type Env, EVENT } from './env.ts';
import { findDescriptor, postInterrupt } from './posting.ts';
import { recordFault, tableOf, translate } from './remap-unit.ts';
import type { Flight, State } from './state.ts';

export { type Emission, emit } from './emit.ts';

/** A message moves one hop on. */
export function hop(env: Env, state: State, out: Out, at: number): void {
  const flight = state.flights[at];
  if (!flight) throw new Error(`no message in place ${at}`);
  if (out.level === 'full') out.resume(`flight ${at}`);
  switch (flight.hop) {
    case 'bus':
      crossBridges(env, state, out, at, flight);
      break;
    case 'remap':
      throughRemap(env, state, out, at, flight);
      break;
    case 'apic':
      land(state, at);
      if (flight.request)
        deliver(env, state, out, { request: flight.request, via: 'wire', flight: at, irq: '' });
      break;
  }
}

function land(state: State, at: number): void {
  state.flights[at] = null;
  while (state.flights.length > 0 && state.flights[state.flights.length - 1] === null)
    state.flights.pop();
}

function crossBridges(env: Env, state: State, out: Out, at: number, flight: Flight): void {
  for (const index of env.machine.devices[flight.device].bridges) {
    const bridge = env.machine.bridges[index];
    const checks = checkLog(out);
    const outcome = passBridge(bridge, flight.rid, env.machine.off, checks);
    if (outcome.kind === 'refused') {
      refuse(out, bridge.name, { rule: outcome.rule, rid: flight.rid, flight: at, checks });
      land(state, at);
      return;
    }
    if (outcome.rid !== flight.rid || checks?.length) {
      out.emit(
        bridge.name,
        { act: 'retag', flight: at, bridge: bridge.name, before: flight.rid, after: outcome.rid },
        checks ?? [],
      );
      out.mark(`flight ${at}`);
    }
    flight.rid = outcome.rid;
  }
  if (!inWindow(flight.message) && !translateDma(env, out, at, flight)) {
    out.emit(env.machine.devices[flight.device].name, {
      act: 'stray',
      flight: at,
      message: flight.message,
    });
    land(state, at);
    return;
  }
  flight.hop = 'remap';
  env.schedule(env.machine.latency.remapNs, EVENT.hop, at);
}

const PAGE_MASK = 0xfffff000;

/**
 * A write outside the window is translated as ordinary memory. A result inside the window must not
 * become an interrupt; true when it does all the same. [VTD 3.14]
 */
function translateDma(env: Env, out: Out, at: number, flight: Flight): boolean {
  const { addressLow, addressHigh, data } = flight.message;
  const device = env.machine.devices[flight.device];
  const page = device.iova[(addressLow & PAGE_MASK) >>> 0];
  if (page === undefined || addressHigh !== 0) return false;
  const translated = { addressLow: (page | (addressLow & ~PAGE_MASK)) >>> 0, addressHigh: 0, data };
  if (!inWindow(translated)) return false;
  const off = env.machine.off.includes('dma/interrupt-range');
  const check: CheckResult = {
    rule: 'dma/interrupt-range',
    source: '[VTD 3.14]',
    pass: false,
    inputs: [{ ref: 'message.translated', value: translated.addressLow }],
    ...(off && { off: true as const }),
  };
  if (off) flight.message = translated;
  else refuse(out, 'ir', { rule: check.rule, rid: flight.rid, flight: at, checks: [check] });
  return off;
}

function refuse(
  out: Out,
  unit: string,
  why: { rule: string; rid: number; flight: number; checks: CheckResult[] | null },
): void {
  out.emit(
    unit,
    {
      act: 'fault',
      flight: why.flight,
      unit,
      reason: why.rule,
      name: why.rule,
      rid: why.rid,
      entry: -1,
      fate: 'silent',
    },
    why.checks ?? [],
  );
}

/** What becomes of a message that does not come by the remap unit. */
const AROUND: RemapOutcome = { kind: 'passthrough' };

function throughRemap(env: Env, state: State, out: Out, at: number, flight: Flight): void {
  const checks = checkLog(out);
  const decided = env.machine.devices[flight.device].remapped
    ? translate(env, state, flight, checks)
    : AROUND;
  const target = decided.kind === 'posted' ? findDescriptor(env, state, decided, checks) : null;
  const outcome = target && 'kind' in target ? target : decided;
  if (out.level !== 'silent') {
    const { message, rid } = flight;
    const table = tableOf(state, rid);
    out.emit('ir', { act: 'translate', flight: at, message, rid, table, outcome }, checks ?? []);
    if (out.level === 'full') out.mark(`flight ${at}`);
    out.follow();
  }
  const request = requestOf(env, flight, outcome);
  if (request) {
    flight.request = request;
    flight.hop = 'apic';
    env.schedule(env.machine.latency.cpuNs, EVENT.hop, at);
    return;
  }
  land(state, at);
  if (outcome.kind === 'blocked') blocked(env, state, out, { at, flight, outcome });
  if (outcome.kind === 'posted' && target && 'vcpu' in target && target.vcpu !== NONE)
    postInterrupt(env, state, out, { vcpu: target.vcpu, outcome, flight: at });
}

function requestOf(env: Env, flight: Flight, outcome: RemapOutcome) {
  if (outcome.kind === 'remapped') return outcome.request;
  if (outcome.kind === 'passthrough') return readCompat(flight.message, env.machine.extendedIds);
  return null;
}

function blocked(
  env: Env,
  state: State,
  out: Out,
  refusal: { at: number; flight: Flight; outcome: BlockedOutcome },
): void {
  const { at, flight, outcome } = refusal;
  const fate = recordFault(env, state, outcome, flight);
  if (out.level === 'silent') return;
  const { kind } = state.remap;
  const code = outcome.code ? `0x${outcome.code.toString(16)}` : outcome.fault;
  out.emit('ir', {
    act: 'fault',
    flight: at,
    unit: 'ir',
    reason: `${kind}/${code}`,
    name: outcome.fault,
    rid: flight.rid,
    entry: outcome.entry,
    fate,
  });
}
