import { AMD_IRTE32, AMD_IRTE128 } from '../arch/amdvi.ts';
import { COMPAT, REMAPPABLE } from '../arch/message.ts';
import { FRCD, GSTS, IRTA, IRTE, IRTE_POSTED } from '../arch/vtd.ts';
import { bitsIn } from '../bits/bitmap.ts';
import { decode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { amdTableRoot } from '../domains/remap-amdvi.ts';
import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import { REG } from '../model/op.ts';
import { formatRequester } from '../model/requester.ts';
import { entryInMemory } from '../units/vtd.ts';

/** What a place holds: numbers and texts by field, or one of them. */
export type PlaceValue =
  | number
  | string
  | boolean
  | readonly number[]
  | { readonly [key: string]: PlaceValue };

const INDEXED = /^([a-zA-Z0-9_/-]+)(?:\.([a-zA-Z-]+))?(?:\[(\d+)\])?(?:\.([a-zA-Z]+))?$/;

/**
 * What a place holds now: `ir.irte[3]`, `ir.irte[3].vector`, `ir.gsts`, `ir.faults`,
 * `nic0.msix[1].address`, `nic0.msi[0]`, `p0.irr`, `g1/v0.isr`. Null when there is no such place.
 */
export function readPlace(machine: Machine, state: State, place: string): PlaceValue | null {
  const match = INDEXED.exec(place);
  if (!match) return null;
  const [, owner, part = '', index = '0', field] = match;
  const whole = readWhole(machine, state, { owner, part, index: Number(index) });
  if (whole === null || field === undefined) return whole;
  if (typeof whole !== 'object' || Array.isArray(whole)) return null;
  return (whole as { readonly [key: string]: PlaceValue })[field] ?? null;
}

interface Place {
  readonly owner: string;
  readonly part: string;
  readonly index: number;
}

function readWhole(machine: Machine, state: State, place: Place): PlaceValue | null {
  if (place.owner === 'ir') return readUnit(machine, state, place);
  if (place.part === 'vectors') return readVectors(machine, state, place.owner);
  const device = machine.devices.findIndex(spec => spec.name === place.owner);
  if (device >= 0) return readSlot(machine, state, device, place);
  const cpu = machine.cpus.findIndex(spec => spec.name === place.owner);
  if (cpu < 0) return null;
  const apic = state.apics[cpu];
  if (place.part === 'irr' || place.part === 'isr') return bitsIn(apic[place.part]);
  if (place.part === 'esr' || place.part === 'tpr') return apic[place.part];
  return null;
}

/** Counters of a realm's allocator, or of one CPU of it. */
function readVectors(machine: Machine, state: State, owner: string): PlaceValue | null {
  const cpu = machine.cpus.find(spec => spec.name === owner);
  const realm = cpu ? cpu.realm : machine.realms.findIndex(spec => spec.name === owner);
  const domain = machine.domains.findIndex(d => d.kind === 'vector' && d.realm === realm);
  const layer = state.domains[domain];
  if (layer?.kind !== 'vector') return null;
  if (!cpu) {
    const { available, reserved, allocated, onlineMaps } = layer.matrix;
    return { available, reserved, allocated, online: onlineMaps };
  }
  const position = machine.realms[realm].cpus.indexOf(machine.cpus.indexOf(cpu));
  const map = layer.matrix.cpus[position];
  if (!map) return null;
  const { available, allocated, managed, managedAllocated } = map;
  return { available, allocated, managed, managedAllocated, vectors: bitsIn(map.allocMap) };
}

function readUnit(machine: Machine, state: State, place: Place): PlaceValue | null {
  const { remap } = state;
  if (remap.kind === 'none') return null;
  if (remap.kind === 'amdvi') {
    if (place.part !== 'irte') return place.part === 'events' ? remap.events.length : null;
    const words = remap.tables[amdTableRoot(machine, machine.devices[0])]?.[place.index] ?? [0];
    return words.length === 1 ? decode(AMD_IRTE32, words) : decode(AMD_IRTE128, pad(words));
  }
  if (place.part === 'irte') {
    const words = entryInMemory(remap, place.index);
    return entryView(words);
  }
  if (place.part === 'gsts') return decode(GSTS, [remap.gsts]);
  if (place.part === 'irta') return decode(IRTA, remap.irta);
  if (place.part === 'faults') return remap.frcd.filter(record => record.some(Boolean)).length;
  if (place.part === 'fault') return decode(FRCD, remap.frcd[place.index] ?? [0, 0, 0, 0]);
  if (place.part === 'cache') return entryView(remap.cache[place.index] ?? [0, 0, 0, 0]);
  return null;
}

const pad = (words: readonly Word[]): Word[] => [0, 1, 2, 3].map(i => words[i] ?? 0);

function entryView(words: readonly Word[]): PlaceValue {
  const posted = get(words, IRTE.fields.im) === 1;
  const fields = posted ? decode(IRTE_POSTED, words) : decode(IRTE, words);
  return { ...fields, present: fields.present === 1, sid: formatRequester(fields.sid) };
}

function readSlot(machine: Machine, state: State, device: number, place: Place): PlaceValue | null {
  const spec = machine.devices[device];
  const store = state.stores[device];
  if (place.part === 'enable' || place.part === 'functionMask') return store[place.part];
  if (place.part === 'pending') return store.pending;
  if (place.part !== spec.store && place.part !== spec.store.split('-')[0]) return null;
  const words = store.slots[place.index];
  if (!words) return null;
  const message = words.slice(0, REG.control);
  const remappable = (words[REG.addressLow] >>> 4) & 1;
  return {
    ...(remappable ? decode(REMAPPABLE, message) : decode(COMPAT, message)),
    format: remappable ? 'remappable' : 'compat',
    address: words[REG.addressLow],
    addressHigh: words[REG.addressHigh],
    data: words[REG.data],
    control: words[REG.control],
  };
}
