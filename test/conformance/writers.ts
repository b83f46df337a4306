import { AMD_EVENTS, EVENT_LAYOUTS } from '../../src/arch/amdvi-log.ts';
import { get } from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import { recordAmdEvent } from '../../src/units/amdvi.ts';
import { recordVtdFault } from '../../src/units/vtd.ts';
import * as amd from '../units/amdvi-scene.ts';
import * as vtd from '../units/vtd-scene.ts';
import { AMD_BREAKS } from './amdvi-case.ts';
import { VTD_BREAKS } from './vtd-case.ts';

/** A record and the status after it, for every refusal of a VT-d unit. */
const vtdNotes = (): { record: Word[]; status: Word[] }[] =>
  Object.values(VTD_BREAKS).map(spoil => {
    const s = vtd.scene();
    spoil(s);
    const fault = vtd.translate(s);
    if (fault.kind !== 'blocked') throw new Error('not blocked');
    recordVtdFault(s.state, fault, s.wire.rid);
    return { record: s.state.frcd[0], status: [s.state.fsts] };
  });

/** An event and the status after it, for every refusal of an AMD-Vi unit. */
const amdNotes = (): { event: Word[]; status: Word[] }[] =>
  Object.values(AMD_BREAKS).map(spoil => {
    const s = amd.scene();
    spoil(s);
    const fault = amd.translate(s);
    if (fault.kind !== 'blocked') throw new Error('not blocked');
    recordAmdEvent(s.spec, s.state, { fault, wire: s.wire });
    return { event: s.state.events[0], status: [s.state.status] };
  });

const { code, addressLow, addressHigh } = EVENT_LAYOUTS.ioPageFault.fields;

const eventsOf = (event: keyof typeof AMD_EVENTS) => (): Word[][] =>
  amdNotes().flatMap(note =>
    get(note.event, code) === AMD_EVENTS[event].code ? [note.event] : [],
  );

/** Words that hardware writes into each layout it writes, by the name the layout is exported under. */
export const WRITERS: Readonly<Record<string, () => Word[][]>> = {
  FRCD: () => vtdNotes().map(({ record }) => record),
  FSTS: () => vtdNotes().map(({ status }) => status),
  AMD_STATUS: () => amdNotes().map(({ status }) => status),
  EVENT_ILLEGAL_DEV_TABLE_ENTRY: eventsOf('illegalDevTableEntry'),
  EVENT_IO_PAGE_FAULT: eventsOf('ioPageFault'),
  EVENT_DEV_TAB_HARDWARE_ERROR: eventsOf('devTabHardwareError'),
  EVENT_PAGE_TAB_HARDWARE_ERROR: eventsOf('pageTabHardwareError'),
  EVENT_INVALID_DEVICE_REQUEST: eventsOf('invalidDeviceRequest'),
  INTERRUPT_ADDRESS: () =>
    eventsOf('ioPageFault')().flatMap(event =>
      get(event, addressHigh) === 0xfffffffd ? [[get(event, addressLow)]] : [],
    ),
};
