import { AMD_CONTROL, AMD_IRTE32, AMD_IRTE128, DTE } from '../arch/amdvi.ts';
import { AMD_EVENTS, AMD_STATUS, type AmdEvent, EVENT_LAYOUTS } from '../arch/amdvi-log.ts';
import { FRCD, FSTS, GSTS, IRTA, IRTE, IRTE_POSTED } from '../arch/vtd.ts';
import { decode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { amdTableRoot, requesterIds } from '../domains/remap-amdvi.ts';
import type { State } from '../engine/state.ts';
import type { DeviceSpec, Machine } from '../model/machine.ts';
import { formatRequester } from '../model/requester.ts';
import type { AmdState } from '../units/amdvi.ts';
import { entryInMemory, type VtdState } from '../units/vtd.ts';
import type { PlaceValue } from './state-path.ts';

const NOTHING: readonly Word[] = [0, 0, 0, 0];

/** What a part of the remap unit holds, by its name after `ir.`; null where there is no such part. */
export function readUnit(
  machine: Machine,
  { remap }: State,
  part: string,
  index: number,
): PlaceValue | null {
  if (remap.kind === 'vtd') return readVtd(remap, part, index);
  if (remap.kind === 'amdvi') return readAmd(machine, remap, part, index);
  return null;
}

function readVtd(remap: VtdState, part: string, index: number): PlaceValue | null {
  const isHeld = (record: readonly Word[]): boolean => get(record, FRCD.fields.fault) === 1;
  switch (part) {
    case 'irte':
      return vtdEntry(entryInMemory(remap, index));
    case 'cache':
      return vtdEntry(remap.cache[index] ?? NOTHING);
    case 'gsts':
      return decode(GSTS, [remap.gsts]);
    case 'fsts':
      return decode(FSTS, [remap.fsts]);
    case 'irta':
      return decode(IRTA, remap.irta);
    case 'faults':
      return remap.frcd.filter(isHeld).length;
    case 'fault':
      return recordView(remap.frcd[index] ?? NOTHING);
    default:
      return null;
  }
}

function recordView(record: readonly Word[]): PlaceValue {
  const fields = decode(FRCD, record);
  return { ...fields, sid: formatRequester(fields.sid) };
}

function vtdEntry(words: readonly Word[]): PlaceValue {
  const posted = get(words, IRTE.fields.im) === 1;
  const fields = posted ? decode(IRTE_POSTED, words) : decode(IRTE, words);
  return { ...fields, present: fields.present === 1, sid: formatRequester(fields.sid) };
}

function readAmd(
  machine: Machine,
  remap: AmdState,
  part: string,
  index: number,
): PlaceValue | null {
  switch (part) {
    case 'irte':
      return amdEntry(machine, remap.tables[amdTableRoot(machine, machine.devices[0])]?.[index]);
    case 'events':
      return remap.events.length;
    case 'event':
      return eventView(remap.events[index]);
    case 'status':
      return decode(AMD_STATUS, [remap.status]);
    case 'control':
      return decode(AMD_CONTROL, remap.control);
    default:
      return null;
  }
}

function amdEntry(machine: Machine, words: readonly Word[] = NOTHING): PlaceValue {
  const short = machine.remap.kind === 'amdvi' && machine.remap.entryBits === 32;
  return short
    ? decode(AMD_IRTE32, words)
    : decode(
        AMD_IRTE128,
        [0, 1, 2, 3].map(i => words[i] ?? 0),
      );
}

const EVENTS = Object.keys(AMD_EVENTS) as AmdEvent[];

/** An event by its name and its own fields; all zeros where the log has none there. */
function eventView(words: readonly Word[] = NOTHING): PlaceValue {
  const { code, deviceId } = EVENT_LAYOUTS.ioPageFault.fields;
  const event = EVENTS.find(name => AMD_EVENTS[name].code === get(words, code));
  const fields = decode(EVENT_LAYOUTS[event ?? 'ioPageFault'], words);
  return {
    ...fields,
    name: event ? AMD_EVENTS[event].name : '',
    deviceId: formatRequester(get(words, deviceId)),
  };
}

/**
 * What the remap unit holds for a device: entries of the table its messages are looked up in, what
 * the unit remembers of them, and its device table entry. Null where there is no such part.
 */
export function readOfDevice(
  machine: Machine,
  { remap }: State,
  device: DeviceSpec,
  at: { readonly part: string; readonly index: number },
): PlaceValue | null {
  const { part, index } = at;
  if (remap.kind === 'vtd' && (part === 'irte' || part === 'cache'))
    return readVtd(remap, part, index);
  if (remap.kind !== 'amdvi') return null;
  const [rid] = requesterIds(machine, device);
  if (part === 'irte')
    return amdEntry(machine, remap.tables[amdTableRoot(machine, device)]?.[index]);
  if (part === 'cache') return amdEntry(machine, remap.cache[rid]?.[index]);
  if (part === 'dte') return decode(DTE, remap.deviceTable[rid] ?? new Array(8).fill(0));
  return null;
}
