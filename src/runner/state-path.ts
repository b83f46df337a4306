import { RTE, RTE_REMAPPABLE } from '../arch/ioapic.ts';
import { COMPAT, REMAPPABLE } from '../arch/message.ts';
import { DESCRIPTOR, PIR_WORDS } from '../arch/posted.ts';
import { bitsIn } from '../bits/bitmap.ts';
import { decode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import { REG } from '../model/op.ts';
import { isMasked } from '../units/store.ts';
import { rteMessage } from '../units/store-ioapic.ts';
import { readOfDevice, readUnit } from './state-unit.ts';

/** What a place holds: numbers and texts by field, or one of them. */
export type PlaceValue =
  | number
  | string
  | boolean
  | readonly number[]
  | { readonly [key: string]: PlaceValue };

const INDEXED = /^([a-zA-Z0-9_/-]+)(?:\.([a-zA-Z-]+))?(?:\[(\d+)\])?(?:\.([a-zA-Z0-9]+))?$/;

/**
 * What a place holds now: `ir.irte[3]`, `ir.irte[3].vector`, `ir.gsts`, `ir.faults`,
 * `nic0.irte[3]`, `nic0.msix[1].address`, `nic0.pending`, `ioapic.ioapic[4]`, `p0.irr`,
 * `g1/v0.descriptor`. Null when there is no such place.
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
  const { owner, part, index } = place;
  if (owner === 'ir') return readUnit(machine, state, part, index);
  if (part === 'vectors') return readVectors(machine, state, owner);
  const device = machine.devices.findIndex(spec => spec.name === owner);
  if (device >= 0)
    return (
      readOfDevice(machine, state, machine.devices[device], { part, index }) ??
      readStore(machine, state, device, place)
    );
  const cpu = machine.cpus.findIndex(spec => spec.name === owner);
  return cpu < 0 ? null : readCpu(machine, state, cpu, part);
}

function readCpu(machine: Machine, state: State, cpu: number, part: string): PlaceValue | null {
  const apic = state.apics[cpu];
  switch (part) {
    case 'irr':
    case 'isr':
    case 'tmr':
      return bitsIn(apic[part]);
    case 'esr':
    case 'tpr':
    case 'online':
    case 'interrupts':
      return apic[part];
    case 'on':
      return machine.cpus[apic.runsOn]?.name ?? '';
    case 'descriptor':
      return descriptorView(state.descriptors[cpu]);
    default:
      return null;
  }
}

function descriptorView(words: readonly Word[]): PlaceValue | null {
  if (words.length === 0) return null;
  const { on, sn, nv, ndst } = decode(DESCRIPTOR, words);
  return { pir: bitsIn(words.slice(0, PIR_WORDS)), on, sn, nv, ndst };
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

function readStore(
  machine: Machine,
  state: State,
  device: number,
  { part, index }: Place,
): PlaceValue | null {
  const spec = machine.devices[device];
  const store = state.stores[device];
  if (part === 'enable' || part === 'functionMask' || part === 'multiple') return store[part];
  if (part === 'pending') return store.pending;
  if (part !== spec.store && part !== spec.store.split('-')[0]) return null;
  const words = store.slots[index];
  if (!words) return null;
  const masked = isMasked(spec, store, index);
  if (spec.store === 'ioapic') return { ...pinView(words), masked };
  const message = words.slice(0, REG.control);
  const remappable = isRemappable(words[REG.addressLow]);
  return {
    ...(remappable ? decode(REMAPPABLE, message) : decode(COMPAT, message)),
    format: remappable ? 'remappable' : 'compat',
    address: words[REG.addressLow],
    addressHigh: words[REG.addressHigh],
    data: words[REG.data],
    control: words[REG.control],
    masked,
  };
}

const isRemappable = (addressLow: Word): boolean =>
  get([addressLow, 0, 0], REMAPPABLE.fields.format) === 1;

/** A redirection table entry, and the message its pin sends. */
function pinView(words: readonly Word[]): { readonly [key: string]: PlaceValue } {
  const { addressLow, data } = rteMessage(words);
  const remappable = isRemappable(addressLow);
  return {
    ...(remappable ? decode(RTE_REMAPPABLE, words) : decode(RTE, words)),
    format: remappable ? 'remappable' : 'compat',
    address: addressLow,
    data,
  };
}
