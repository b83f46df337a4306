import { DELIVERY_MODES, REMAPPABLE } from '../arch/message.ts';
import {
  COMPAT_FAULT_INDEX,
  FRCD,
  FSTS,
  GSTS,
  IRTA,
  IRTE,
  IRTE_POSTED,
  SQ_MASKS,
  SVT,
  VTD_CHECKS,
  VTD_FAULTS,
  type VtdCheck,
  type VtdFault,
  XAPIC_DEST,
} from '../arch/vtd.ts';
import { encode, type Field, get, reservedMasks, set } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { CheckInput } from '../model/check.ts';
import { NONE } from '../model/machine.ts';
import type {
  BlockedOutcome,
  EntryOutcome,
  FaultFate,
  RemapOutcome,
  UnitEnv,
} from '../model/remap.ts';
import { messageWords, type Wire } from '../model/wire.ts';
import { firstBroken, type Rule } from './rules.ts';

export type { FaultFate } from '../model/remap.ts';

/** Whose behaviour the unit shows: the specification's, or that of a known emulator. */
export type VtdProfile = 'spec' | 'qemu';

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
  /** Fault recording registers, see `FRCD`. */
  frcd: Word[][];
  /** Fault status, see `FSTS`. */
  fsts: Word;
}

const ZERO_ENTRY: readonly Word[] = [0, 0, 0, 0];
const REMAPPED_RESERVED = reservedMasks(IRTE);
const POSTED_RESERVED = reservedMasks(IRTE_POSTED);
const SUBHANDLE_MODULUS_QEMU = 0x10000;
const QEMU_NO_SOURCE_ID = 0xffff;

/** One request on its way through the unit: what the rules look at. */
interface Request {
  readonly spec: VtdSpec;
  readonly state: VtdState;
  readonly wire: Wire;
  readonly words: Word[];
  readonly eime: number;
  readonly index: number;
  readonly entries: number;
  entry: readonly Word[];
  tableReadable: boolean;
}

const F = IRTE.fields;

/** Number of entries the table pointer register declares. */
export const tableEntries = (irta: readonly Word[]): number =>
  2 ** (get(irta, IRTA.fields.size) + 1);

/** Page number of the table's base: the key into `tables`. */
export const tablePage = (irta: readonly Word[]): number => get(irta, IRTA.fields.base);

/** The entry as it stands in memory. */
export const entryInMemory = (state: VtdState, index: number): readonly Word[] =>
  state.tables[tablePage(state.irta)]?.[index] ?? ZERO_ENTRY;

/** Index a remappable message names, without the limit of the table. [VTD 5.1.3] */
export function requestIndex(words: readonly Word[], profile: VtdProfile): number {
  const handle = get(words, REMAPPABLE.fields.handle);
  if (!get(words, REMAPPABLE.fields.shv)) return handle;
  const sum = handle + get(words, REMAPPABLE.fields.subhandle);
  return profile === 'qemu' ? sum % SUBHANDLE_MODULUS_QEMU : sum;
}

const isRemappable = (words: readonly Word[]): boolean =>
  get(words, REMAPPABLE.fields.format) === 1;

const isPosted = (r: Request): boolean => r.spec.profile !== 'qemu' && get(r.entry, F.im) === 1;

const dataReservedClear = (r: Request): boolean =>
  !get(r.words, REMAPPABLE.fields.shv) || get(r.words, REMAPPABLE.fields.dataHigh) === 0;

/** Whether the requester id satisfies the check the entry asks for. [VTD 9.10] */
export function sourceAllowed(entry: readonly Word[], rid: number, profile: VtdProfile): boolean {
  const sid = get(entry, F.sid);
  if (profile === 'qemu' && rid === QEMU_NO_SOURCE_ID) return true;
  switch (get(entry, F.svt)) {
    case SVT.none:
      return true;
    case SVT.requester: {
      const mask = SQ_MASKS[get(entry, F.sq)];
      return (sid & mask) === (rid & mask);
    }
    case SVT.busRange: {
      const bus = rid >>> 8;
      const [first, last] = profile === 'qemu' ? [sid & 0xff, sid >>> 8] : [sid >>> 8, sid & 0xff];
      return first <= bus && bus <= last;
    }
    default:
      return false;
  }
}

function entryReservedClear(r: Request): boolean {
  const { entry } = r;
  if (isPosted(r)) {
    if (!r.spec.posting) return false;
    return POSTED_RESERVED.every((mask, i) => (entry[i] & mask) === 0);
  }
  if (!REMAPPED_RESERVED.every((mask, i) => (entry[i] & mask) === 0)) return false;
  if (r.spec.profile === 'qemu') return true;
  if (!r.eime && (entry[1] & XAPIC_DEST.reserved) !== 0) return false;
  const mode = DELIVERY_MODES[get(entry, F.deliveryMode)];
  return get(entry, F.svt) !== SVT.reserved && mode !== 'reserved3' && mode !== 'reserved6';
}

const input = (ref: string, value: number): CheckInput => ({ ref, value });
const ofMessage = (r: Request, name: string, f: Field): CheckInput =>
  input(`message.${name}`, get(r.words, f));
const ofEntry = (r: Request, name: string, f: Field): CheckInput =>
  input(`ir.irte[${r.index}].${name}`, get(r.entry, f));

const row = (
  rule: VtdCheck,
  holds: (r: Request) => boolean,
  inputs: (r: Request) => CheckInput[],
): Rule<Request> => ({ rule, source: VTD_CHECKS[rule].source, holds, inputs });

const noPasid = row(
  'vtd/pasid',
  r => r.wire.pasid < 0,
  r => [input('message.pasid', r.wire.pasid)],
);
const compatAllowed = row(
  'vtd/compat-format',
  r => isRemappable(r.words) || (!r.eime && get([r.state.gsts], GSTS.fields.cfis) === 1),
  r => [
    ofMessage(r, 'format', REMAPPABLE.fields.format),
    input('ir.gsts.cfis', get([r.state.gsts], GSTS.fields.cfis)),
    input('ir.irta.eime', r.eime),
  ],
);
const addressHighClear = (r: Request): boolean => r.wire.addressHigh === 0;
const requestReserved = row(
  'vtd/request-reserved',
  r => addressHighClear(r) && dataReservedClear(r),
  r => [
    ofMessage(r, 'addressHigh', REMAPPABLE.fields.addressHigh),
    ofMessage(r, 'shv', REMAPPABLE.fields.shv),
    ofMessage(r, 'dataHigh', REMAPPABLE.fields.dataHigh),
  ],
);
const indexBounds = row(
  'vtd/index-bounds',
  r => r.index < r.entries,
  r => [input('message.index', r.index), input('ir.irta.entries', r.entries)],
);
const tableAccess = row(
  'vtd/table-access',
  r => r.tableReadable,
  r => [input('ir.irta.base', tablePage(r.state.irta))],
);
const present = row(
  'vtd/present',
  r => get(r.entry, F.present) === 1,
  r => [ofEntry(r, 'present', F.present)],
);
const entryReserved = row('vtd/entry-reserved', entryReservedClear, r =>
  r.entry.map((value, i) => input(`ir.irte[${r.index}].word${i}`, value)),
);
const sourceId = row(
  'vtd/source-id',
  r => sourceAllowed(r.entry, r.wire.rid, r.spec.profile),
  r => [
    input('message.rid', r.wire.rid),
    ofEntry(r, 'sid', F.sid),
    ofEntry(r, 'sq', F.sq),
    ofEntry(r, 'svt', F.svt),
  ],
);

/** Rules of every request, of remappable ones, and of the entry they name. */
interface RuleSet {
  readonly format: readonly Rule<Request>[];
  readonly request: readonly Rule<Request>[];
  readonly entry: readonly Rule<Request>[];
}

/** QEMU lets compatibility format through and looks at the data word last. [QEMU] */
const RULES: Record<VtdProfile, RuleSet> = {
  spec: {
    format: [noPasid, compatAllowed],
    request: [requestReserved, indexBounds, tableAccess],
    entry: [present, entryReserved, sourceId],
  },
  qemu: {
    format: [noPasid],
    request: [{ ...requestReserved, holds: addressHighClear }, indexBounds, tableAccess],
    entry: [present, entryReserved, sourceId, { ...requestReserved, holds: dataReservedClear }],
  },
};

/** Index the fault record shows; -1 where the request has none. */
function faultIndex(r: Request, fault: VtdFault): number {
  if (fault === 0x87) return NONE;
  if (fault === 0x20 && r.spec.profile === 'qemu') return 0;
  return isRemappable(r.words) ? r.index : get(r.words, COMPAT_FAULT_INDEX);
}

function blocked(r: Request, rule: string): BlockedOutcome {
  const { fault, fpd } = VTD_CHECKS[rule as VtdCheck];
  const silent = fpd && get(r.entry, F.fpd) === 1;
  return {
    kind: 'blocked',
    rule,
    code: fault,
    fault: VTD_FAULTS[fault].name,
    entry: faultIndex(r, fault),
    recorded: !silent,
  };
}

/** Reads an entry, through the interrupt entry cache where the unit has one. */
function fetchEntry(spec: VtdSpec, state: VtdState, index: number, env: UnitEnv): readonly Word[] {
  const memory = entryInMemory(state, index);
  if (spec.cache === 'never') return memory;
  const cached = state.cache[index];
  if (cached) {
    if (spec.cache === 'always' || sameWords(cached, memory)) return cached;
    if (env.pick(2, 'interrupt entry cache: 0 fetches again, 1 hits') === 1) return cached;
  }
  const cacheable = spec.cachesNotPresent || get(memory, F.present) === 1;
  if (cacheable) state.cache[index] = [...memory];
  else delete state.cache[index];
  return memory;
}

const sameWords = (a: readonly Word[], b: readonly Word[]): boolean =>
  a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];

function accept(r: Request): EntryOutcome {
  const { entry } = r;
  if (isPosted(r)) {
    const P = IRTE_POSTED.fields;
    return {
      kind: 'posted',
      entry: r.index,
      addressLow: (get(entry, P.pda) << 6) >>> 0,
      addressHigh: get(entry, P.pdaHigh),
      vector: get(entry, P.vector),
      urgent: get(entry, P.urgent),
    };
  }
  const dest = r.eime ? entry[1] : (entry[1] >>> XAPIC_DEST.shift) & XAPIC_DEST.mask;
  return {
    kind: 'remapped',
    entry: r.index,
    request: {
      vector: get(entry, F.vector),
      deliveryMode: get(entry, F.deliveryMode),
      destMode: get(entry, F.destMode),
      dest,
      redirHint: get(entry, F.redirHint),
      triggerMode: get(entry, F.triggerMode),
    },
  };
}

/**
 * What the unit does with a write into the interrupt window: the rules of `VTD_CHECKS` in their
 * order. Changes nothing but the entry cache. [VTD 5.1]
 */
export function translateVtd(
  spec: VtdSpec,
  state: VtdState,
  wire: Wire,
  env: UnitEnv,
): RemapOutcome {
  if (!get([state.gsts], GSTS.fields.ires)) return { kind: 'passthrough' };
  const words = messageWords(wire);
  const r: Request = {
    spec,
    state,
    wire,
    words,
    eime: get(state.irta, IRTA.fields.eime),
    index: requestIndex(words, spec.profile),
    entries: tableEntries(state.irta),
    entry: ZERO_ENTRY,
    tableReadable: !state.unreadable.includes(tablePage(state.irta)),
  };
  const rules = RULES[spec.profile];
  const refuse = (stage: readonly Rule<Request>[]) => firstBroken(stage, r, spec.off, env.log);
  const badFormat = refuse(rules.format);
  if (badFormat) return blocked(r, badFormat.rule);
  if (!isRemappable(words)) return { kind: 'passthrough' };
  const badRequest = refuse(rules.request);
  if (badRequest) return blocked(r, badRequest.rule);
  r.entry = fetchEntry(spec, state, r.index, env);
  const badEntry = refuse(rules.entry);
  const outcome = badEntry ? blocked(r, badEntry.rule) : accept(r);
  const stale = spec.cache !== 'never' && !sameWords(r.entry, entryInMemory(state, r.index));
  return stale ? { ...outcome, stale } : outcome;
}

/** Writes a fault record, as a driver would later read it. [VTD 7.3] */
export function recordVtdFault(state: VtdState, fault: BlockedOutcome, rid: number): FaultFate {
  if (!fault.recorded) return 'suppressed';
  const free = state.frcd.findIndex(record => get(record, FRCD.fields.fault) === 0);
  const status = [state.fsts];
  if (free < 0) {
    set(status, FSTS.fields.overflow, 1);
    state.fsts = status[0];
    return 'overflow';
  }
  state.frcd[free] = encode(FRCD, {
    fault: 1,
    reason: fault.code,
    sid: rid,
    index: Math.max(fault.entry, 0),
  });
  if (!get(status, FSTS.fields.pending)) {
    set(status, FSTS.fields.pending, 1);
    set(status, FSTS.fields.record, free);
  }
  state.fsts = status[0];
  return 'recorded';
}

/** Drops cached entries: `count` entries from `index`, or all of them. [VTD 6.5.2.7] */
export function invalidateEntries(state: VtdState, index: number, count: number): void {
  if (count === 0) state.cache = {};
  else
    for (const key of Object.keys(state.cache)) {
      const at = Number(key);
      if (at >= index && at < index + count) delete state.cache[at];
    }
}
