import {
  AMD_CONTROL,
  DEVTAB_BASE,
  DTE,
  DTES_PER_PAGE,
  INT_CTL,
  IOAPIC_DEVICE_ID,
} from '../arch/amdvi.ts';
import { get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { RemapProfile } from '../model/machine.ts';
import type { Wire } from '../model/wire.ts';

/** Whose behaviour the unit shows: the specification's, or that of a known emulator. */
export type AmdProfile = RemapProfile<'amdvi'>;

/** Whether a profile is an emulator's. */
export const isEmulator = (profile: AmdProfile): boolean => profile !== 'spec';

/** What is fixed about an AMD-Vi unit. */
export interface AmdSpec {
  readonly kind: 'amdvi';
  readonly profile: AmdProfile;
  /** May a cached entry be used after memory changed: `either` asks the choice door. */
  readonly cache: 'never' | 'always' | 'either';
  /** Number of events the log holds until software reads them. */
  readonly eventLogSize: number;
  /** Rules switched off on purpose; see `AMD_CHECKS`. */
  readonly off: readonly string[];
}

/** Memory behind a table root, by index: one word, or four where GAEn = 1; absent reads as zero. */
export type AmdTable = Record<number, Word[]>;

/** Registers, memory and cache of an AMD-Vi unit, all as words. */
export interface AmdState {
  kind: 'amdvi';
  /** Control register, low and high word, see `AMD_CONTROL`. */
  control: Word[];
  /** Device table base address register, low and high word, see `DEVTAB_BASE`. */
  deviceTableBase: Word[];
  /** Device table in memory by requester id, eight words each, see `DTE`; absent reads as zero. */
  deviceTable: Record<number, Word[]>;
  /** Interrupt tables in memory by `DTE` field `intTabRoot`. */
  tables: Record<number, AmdTable>;
  /** Pages of 4096 bytes whose reads fail. */
  unreadable: number[];
  /** Cached interrupt table entries by requester id, then index. */
  cache: Record<number, AmdTable>;
  /** Events not yet read by software, oldest first, see `arch/amdvi-log.ts`. */
  events: Word[][];
  /** Status register, see `AMD_STATUS`. */
  status: Word;
}

const ZERO_DTE: readonly Word[] = [0, 0, 0, 0, 0, 0, 0, 0];
const ZERO_ENTRY: readonly Word[] = [0, 0, 0, 0];
/** Size of the pages memory is readable or unreadable by. */
export const PAGE_BYTES = 4096;
const ROOT_UNIT_BYTES = 64;
const ENTRY_BYTES = { short: 4, long: 16 } as const;
const DTE_BYTES = PAGE_BYTES / DTES_PER_PAGE;
const QEMU_NO_SOURCE_ID = 0xffff;

/** Requester id the device table is read by: that of the IO-APIC for requests without one. [QEMU] */
export const amdDevice = (wire: Wire, spec: AmdSpec): number =>
  wire.rid < 0 || (isEmulator(spec.profile) && wire.rid === QEMU_NO_SOURCE_ID)
    ? IOAPIC_DEVICE_ID
    : wire.rid;

/** Whether interrupt table entries have 128 bits. */
export const longEntries = (state: AmdState): boolean =>
  get(state.control, AMD_CONTROL.fields.gaEn) === 1;

/** The device table entry of a requester id as it stands in memory. */
export const deviceEntry = (state: AmdState, device: number): readonly Word[] =>
  state.deviceTable[device] ?? ZERO_DTE;

/** Number of requester ids the device table has entries for. */
export const deviceTableEntries = (state: AmdState): number =>
  DTES_PER_PAGE * (get(state.deviceTableBase, DEVTAB_BASE.fields.size) + 1);

/** Address of a device table entry. */
export const deviceEntryAddress = (state: AmdState, device: number): number =>
  get(state.deviceTableBase, DEVTAB_BASE.fields.base) * PAGE_BYTES + device * DTE_BYTES;

/** The interrupt table entry as it stands in memory. */
export const amdEntryInMemory = (state: AmdState, root: number, index: number): readonly Word[] =>
  state.tables[root]?.[index] ?? ZERO_ENTRY;

/** Address of an interrupt table entry. */
export const entryAddress = (state: AmdState, root: number, index: number): number =>
  root * ROOT_UNIT_BYTES + index * (longEntries(state) ? ENTRY_BYTES.long : ENTRY_BYTES.short);

/** Whether the page an address lies in can be read. */
export const readable = (state: AmdState, address: number): boolean =>
  !state.unreadable.includes(Math.floor(address / PAGE_BYTES));

/**
 * Root of the interrupt table a requester id's requests are looked up in; -1 where its entry does
 * not remap. Two requester ids share a table when these are equal. [AMD 2.2.2.1]
 */
export function tableRoot(state: AmdState, device: number): number {
  const dte = deviceEntry(state, device);
  const remaps = get(dte, DTE.fields.iv) === 1 && get(dte, DTE.fields.intCtl) === INT_CTL.remap;
  return remaps ? get(dte, DTE.fields.intTabRoot) : -1;
}

/** Power goes: registers, the log and the cache are empty afterwards, memory stays. */
export function loseAmdRegisters(state: AmdState): void {
  state.control = [0, 0];
  state.deviceTableBase = [0, 0];
  state.cache = {};
  state.events = [];
  state.status = 0;
}
