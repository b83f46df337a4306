import { AMD_CHECKS, AMD_FAULTS, type AmdCheck, type AmdFaultFacts, DTE } from '../arch/amdvi.ts';
import {
  AMD_EVENTS,
  AMD_STATUS,
  EVENT_DEV_TAB_HARDWARE_ERROR,
  EVENT_ILLEGAL_DEV_TABLE_ENTRY,
  EVENT_INVALID_DEVICE_REQUEST,
  EVENT_IO_PAGE_FAULT,
  EVENT_PAGE_TAB_HARDWARE_ERROR,
  INTERRUPT_ADDRESS,
  INTERRUPT_ADDRESS_HIGH,
  INTERRUPT_RANGE,
} from '../arch/amdvi-log.ts';
import { COMPAT } from '../arch/message.ts';
import { encode, get, set } from '../bits/layout.ts';
import { type Word, word } from '../bits/word.ts';
import type { FaultFate, Refusal } from '../model/remap.ts';
import { messageWords, type Wire } from '../model/wire.ts';
import {
  type AmdSpec,
  type AmdState,
  amdDevice,
  deviceEntry,
  deviceEntryAddress,
  entryAddress,
} from './amdvi-state.ts';

const MASTER_ABORT = 1;

interface Address {
  readonly addressLow: Word;
  readonly addressHigh: Word;
}

const split = (address: number): Address => ({
  addressLow: address % 2 ** 32,
  addressHigh: Math.floor(address / 2 ** 32),
});

/** Where the bus says an interrupt request goes: what it asks for, as bits of an address. */
function interruptAddress(wire: Wire): Address {
  const words = messageWords(wire);
  const f = COMPAT.fields;
  const [low] = encode(INTERRUPT_ADDRESS, {
    messageType: get(words, f.deliveryMode),
    level: get(words, f.triggerMode),
    destMode: get(words, f.destMode),
    dest: get(words, f.dest),
    vector: get(words, f.vector),
    range: INTERRUPT_RANGE,
  });
  return { addressLow: word(low), addressHigh: INTERRUPT_ADDRESS_HIGH };
}

/** What an event tells besides what the fault's table says. */
interface Circumstances {
  readonly state: AmdState;
  readonly deviceId: number;
  readonly index: number;
  readonly wire: Wire;
}

/** The four words of the event a refusal gives. [AMD 2.5] */
function eventWords(facts: AmdFaultFacts, { state, deviceId, index, wire }: Circumstances): Word[] {
  const { code } = AMD_EVENTS[facts.event];
  const reservedNonzero = facts.reservedNonzero ?? 0;
  const dte = deviceEntry(state, deviceId);
  const domain = get(dte, DTE.fields.domainId);
  const asked = interruptAddress(wire);
  const base = { code, deviceId, ...asked };
  const failed = { code, deviceId, interrupt: 1, type: MASTER_ABORT };
  switch (facts.event) {
    case 'illegalDevTableEntry':
      return encode(EVENT_ILLEGAL_DEV_TABLE_ENTRY, { ...base, interrupt: 1, reservedNonzero });
    case 'ioPageFault':
      return encode(EVENT_IO_PAGE_FAULT, {
        ...base,
        domain,
        interrupt: 1,
        present: facts.present ?? 0,
        reservedNonzero,
      });
    case 'devTabHardwareError': {
      const at = split(deviceEntryAddress(state, deviceId));
      return encode(EVENT_DEV_TAB_HARDWARE_ERROR, { ...failed, ...at });
    }
    case 'pageTabHardwareError': {
      const at = split(entryAddress(state, get(dte, DTE.fields.intTabRoot), index));
      return encode(EVENT_PAGE_TAB_HARDWARE_ERROR, { ...failed, domain, ...at });
    }
    case 'invalidDeviceRequest':
      return encode(EVENT_INVALID_DEVICE_REQUEST, { ...base, type: facts.type ?? 0 });
  }
}

/**
 * Writes an event, as a driver would later read it. A full log loses it, and logging stops until
 * software clears `AMD_STATUS.eventOverflow`. [AMD 2.5.1]
 */
export function recordAmdEvent(spec: AmdSpec, state: AmdState, refusal: Refusal): FaultFate {
  const { fault, wire } = refusal;
  if (!fault.recorded) return 'suppressed';
  const status = [state.status];
  const stopped = get(status, AMD_STATUS.fields.eventOverflow) === 1;
  if (stopped || state.events.length >= spec.eventLogSize) {
    set(status, AMD_STATUS.fields.eventOverflow, 1);
    state.status = status[0];
    return 'overflow';
  }
  const facts = AMD_FAULTS[AMD_CHECKS[fault.rule as AmdCheck].fault];
  const deviceId = amdDevice(wire, spec);
  state.events.push(eventWords(facts, { state, deviceId, index: fault.entry, wire }));
  set(status, AMD_STATUS.fields.eventLogInt, 1);
  state.status = status[0];
  return 'recorded';
}

/** Software has read the oldest `count` events: their places are free. [AMD 3.4.14] */
export const dropEvents = (state: AmdState, count: number): void => {
  state.events.splice(0, count);
};

/** Software writes the status register: its sticky bits are cleared by ones. [AMD 3.4.13] */
export function writeAmdStatus(state: AmdState, value: Word): void {
  const status = [state.status];
  const { eventOverflow, eventLogInt } = AMD_STATUS.fields;
  for (const bit of [eventOverflow, eventLogInt]) if (get([value], bit)) set(status, bit, 0);
  state.status = status[0];
}
