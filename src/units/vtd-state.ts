import { GSTS, IRTA } from '../arch/vtd.ts';
import { encode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { RemapProfile, VtdPlan } from '../model/machine.ts';

/** Whose behaviour the unit shows: the specification's, or that of a known emulator. */
export type VtdProfile = RemapProfile<'vtd'>;

/** What is fixed about a VT-d unit. */
export interface VtdSpec {
  readonly kind: 'vtd';
  readonly profile: VtdProfile;
  /** May a cached entry be used after memory changed: `either` asks the choice door. */
  readonly cache: 'never' | 'always' | 'either';
  /** Entries that are not present are cached too. [VTD 6.1, CAP.CM] */
  readonly cachesNotPresent: boolean;
  /** Number of fault recording registers. */
  readonly faultRecords: number;
  /** The unit knows the posted form (CAP.PI); without it `im` is a reserved bit. */
  readonly posting: boolean;
  /** Rules switched off on purpose; see `VTD_CHECKS`. */
  readonly off: readonly string[];
}

/** Memory behind a table pointer, by index; an absent entry reads as zero. */
export type EntryTable = Record<number, Word[]>;

/** Registers, memory and cache of a VT-d unit, all as words. */
export interface VtdState {
  kind: 'vtd';
  /** Global status, see `GSTS`. */
  gsts: Word;
  /** Table pointer as latched by SIRTP, low and high word, see `IRTA`. */
  irta: Word[];
  /** Tables in memory by page number of their base. */
  tables: Record<number, EntryTable>;
  /** Pages whose reads fail. */
  unreadable: number[];
  cache: EntryTable;
  /** Fault recording registers, see `FRCD`, and the one the next fault goes to. */
  frcd: Word[][];
  nextRecord: number;
  /** Fault status, see `FSTS`. */
  fsts: Word;
}

export const ZERO_ENTRY: readonly Word[] = [0, 0, 0, 0];

/** Number of entries the table pointer register declares. */
export const tableEntries = (irta: readonly Word[]): number => 2 << get(irta, IRTA.fields.size);

/** Page number of the table's base: the key into `tables`. */
export const tablePage = (irta: readonly Word[]): number => get(irta, IRTA.fields.base);

/** The entry as it stands in memory. */
export const entryInMemory = (state: VtdState, index: number): readonly Word[] =>
  state.tables[tablePage(state.irta)]?.[index] ?? ZERO_ENTRY;

/** A VT-d unit as software has set it up: an empty table at page `base`, nothing cached. */
export function initialVtd(plan: VtdPlan, base: number): VtdState {
  const size = Math.log2(plan.entries) - 1;
  return {
    kind: 'vtd',
    gsts: encode(GSTS, {
      ires: plan.enabled ? 1 : 0,
      irtps: plan.enabled ? 1 : 0,
      cfis: plan.compatFormat === 'pass' ? 1 : 0,
    })[0],
    irta: encode(IRTA, { size, eime: plan.eime ? 1 : 0, base }),
    tables: { [base]: {} },
    unreadable: plan.unreadable.map(() => base),
    cache: {},
    frcd: Array.from({ length: plan.faultRecords }, () => [0, 0, 0, 0]),
    nextRecord: 0,
    fsts: 0,
  };
}

/** Power goes: registers and the cache are empty afterwards, memory stays. */
export function loseVtdRegisters(state: VtdState): void {
  state.gsts = 0;
  state.irta = [0, 0];
  state.cache = {};
  state.frcd = state.frcd.map(record => record.map(() => 0));
  state.nextRecord = 0;
  state.fsts = 0;
}
