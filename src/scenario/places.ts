import { AMD_CONTROL, AMD_IRTE32, AMD_IRTE128, DTE } from '../arch/amdvi.ts';
import { AMD_STATUS, EVENT_LAYOUTS } from '../arch/amdvi-log.ts';
import { RTE, RTE_REMAPPABLE } from '../arch/ioapic.ts';
import { COMPAT, REMAPPABLE } from '../arch/message.ts';
import { FRCD, FSTS, GSTS, IRTA, IRTE, IRTE_POSTED } from '../arch/vtd.ts';
import type { Layout } from '../bits/layout.ts';
import type { CpuSpec, DeviceSpec, Machine } from '../model/machine.ts';
import { REG_NAMES } from '../model/op.ts';

/** A register, table or slot an expectation on state may name. */
export interface PlaceSpec {
  /** Number of entries; 0 where there is no index. */
  readonly entries: number;
  /** Names of its fields; null for a plain value. */
  readonly fields: readonly string[] | null;
}

/** Places by owner (`ir`, a device, a CPU) and part (`irte`, `msix`, `irr`). */
export type Places = Readonly<Record<string, Readonly<Record<string, PlaceSpec>>>>;

const plain: PlaceSpec = { entries: 0, fields: null };
const fieldsOf = (...layouts: readonly Layout[]): string[] => [
  ...new Set(layouts.flatMap(layout => Object.keys(layout.fields))),
];

/** Counters of a realm’s allocator, and of one CPU of it. */
const REALM_VECTORS: PlaceSpec = {
  entries: 0,
  fields: ['available', 'reserved', 'allocated', 'online'],
};
const CPU_VECTORS: PlaceSpec = {
  entries: 0,
  fields: ['available', 'allocated', 'managed', 'managedAllocated', 'vectors'],
};

/** Everything that can be asked for in `state: { of: … }`. */
export function placesOf(machine: Machine): Places {
  return {
    ...Object.fromEntries(machine.realms.map(({ name }) => [name, { vectors: REALM_VECTORS }])),
    ir: unitPlaces(machine),
    ...Object.fromEntries(
      machine.devices.map(device => [
        device.name,
        { ...storePlaces(device), ...devicePlaces(machine) },
      ]),
    ),
    ...Object.fromEntries(machine.cpus.map(cpu => [cpu.name, cpuPlaces(cpu, machine.hostPosting)])),
  };
}

function cpuPlaces({ runsOn }: CpuSpec, hostPosting: boolean): Record<string, PlaceSpec> {
  const posted = runsOn >= 0 || hostPosting;
  return {
    irr: plain,
    isr: plain,
    tmr: plain,
    esr: plain,
    tpr: plain,
    online: plain,
    interrupts: plain,
    on: plain,
    vectors: CPU_VECTORS,
    ...(posted && { descriptor: DESCRIPTOR_PLACE }),
  };
}

const DESCRIPTOR_PLACE: PlaceSpec = { entries: 0, fields: ['pir', 'on', 'sn', 'nv', 'ndst'] };

const whole = (...layouts: readonly Layout[]): PlaceSpec => ({
  entries: 0,
  fields: fieldsOf(...layouts),
});

/** Entries of an interrupt table, as memory or the unit's cache has them. */
function entries({ remap }: Machine): PlaceSpec | null {
  switch (remap.kind) {
    case 'none':
      return null;
    case 'vtd':
      return { entries: remap.entries, fields: fieldsOf(IRTE, IRTE_POSTED) };
    case 'amdvi': {
      const layout = remap.entryBits === 32 ? AMD_IRTE32 : AMD_IRTE128;
      return { entries: remap.entries, fields: fieldsOf(layout) };
    }
  }
}

function unitPlaces(machine: Machine): Record<string, PlaceSpec> {
  const { remap } = machine;
  const irte = entries(machine);
  if (remap.kind === 'none' || !irte) return {};
  if (remap.kind === 'amdvi')
    return {
      irte,
      event: {
        entries: remap.eventLogSize,
        fields: [...fieldsOf(...Object.values(EVENT_LAYOUTS)), 'name'],
      },
      events: plain,
      status: whole(AMD_STATUS),
      control: whole(AMD_CONTROL),
    };
  return {
    irte,
    cache: irte,
    fault: { entries: remap.faultRecords, fields: fieldsOf(FRCD) },
    faults: plain,
    fsts: whole(FSTS),
    gsts: whole(GSTS),
    irta: whole(IRTA),
  };
}

/** What the remap unit holds for a device. */
function devicePlaces(machine: Machine): Record<string, PlaceSpec> {
  const irte = entries(machine);
  if (!irte) return {};
  const dte = machine.remap.kind === 'amdvi' && { dte: whole(DTE) };
  return { irte, cache: irte, ...dte };
}

const SLOT_FIELDS = [...fieldsOf(COMPAT, REMAPPABLE), 'address', ...REG_NAMES.slice(1), 'masked'];
const PIN_FIELDS = [...fieldsOf(RTE, RTE_REMAPPABLE), 'address', 'data', 'masked'];

function storePlaces(device: DeviceSpec): Record<string, PlaceSpec> {
  const entries = device.store === 'msi' ? 1 : device.slots;
  const slot = { entries, fields: device.store === 'ioapic' ? PIN_FIELDS : SLOT_FIELDS };
  const short = device.store.split('-')[0];
  return {
    [device.store]: slot,
    [short]: slot,
    enable: plain,
    functionMask: plain,
    multiple: plain,
    pending: plain,
  };
}

/** What an expectation names, taken apart. */
const PLACE = /^([A-Za-z0-9_/-]+)\.([A-Za-z-]+)(?:\[(\d+)\])?(?:\.([A-Za-z0-9]+))?$/;

/** What is wrong with the name of a place: the words that would do, and those written. */
export interface BadPlace {
  readonly message: string;
  /** The word that is wrong, and words that would not be. */
  readonly word: string;
  readonly known: readonly string[];
}

/** The place a text names, or what is wrong with the text. */
export function findPlace(places: Places, text: string): PlaceSpec | BadPlace {
  const match = PLACE.exec(text);
  if (!match)
    return {
      message: `'${text}' names no place, such as ir.irte[3] or p0.irr`,
      word: '',
      known: [],
    };
  const [, owner, part, index, field] = match;
  const parts = places[owner];
  if (!parts) return unknown(`there is no unit, device or CPU '${owner}'`, owner, places);
  const spec = parts[part];
  if (!spec) return unknown(`${owner} has no ${part}`, part, parts);
  if (Number(index ?? 0) >= Math.max(1, spec.entries)) {
    const range = spec.entries > 0 ? `0 to ${spec.entries - 1}` : 'none';
    return { message: `${owner}.${part} has no index ${index}: ${range}`, word: '', known: [] };
  }
  if (field !== undefined && !spec.fields?.includes(field))
    return {
      message: `${owner}.${part} has no field ${field}`,
      word: field,
      known: spec.fields ?? [],
    };
  return field === undefined ? spec : plain;
}

const unknown = (message: string, word: string, known: object): BadPlace => ({
  message,
  word,
  known: Object.keys(known),
});
