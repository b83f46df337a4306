import { DELIVERY_MODES, REMAPPABLE } from '../arch/message.ts';
import {
  GSTS,
  IRTE,
  IRTE_POSTED,
  SQ_MASKS,
  SVT,
  VTD_CHECKS,
  type VtdCheck,
  XAPIC_DEST,
} from '../arch/vtd.ts';
import { type Field, get, getIn, isClear, reservedMasks } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { CheckInput } from '../model/check.ts';
import type { Wire } from '../model/wire.ts';
import type { Rule } from './rules.ts';
import { tablePage, type VtdProfile, type VtdSpec, type VtdState } from './vtd-state.ts';

const REMAPPED_RESERVED = reservedMasks(IRTE);
const POSTED_RESERVED = reservedMasks(IRTE_POSTED);
const SUBHANDLE_MODULUS_QEMU = 0x10000;
const QEMU_NO_SOURCE_ID = 0xffff;

/** One request on its way through the unit: what the rules look at. */
export interface VtdRequest {
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

/** Index a remappable message names, without the limit of the table. [VTD 5.1.3] */
export function requestIndex(words: readonly Word[], profile: VtdProfile): number {
  const handle = get(words, REMAPPABLE.fields.handle);
  if (!get(words, REMAPPABLE.fields.shv)) return handle;
  const sum = handle + get(words, REMAPPABLE.fields.subhandle);
  return profile === 'qemu' ? sum % SUBHANDLE_MODULUS_QEMU : sum;
}

export const isRemappable = (words: readonly Word[]): boolean =>
  get(words, REMAPPABLE.fields.format) === 1;

export const isPosted = (r: VtdRequest): boolean =>
  r.spec.profile !== 'qemu' && get(r.entry, F.im) === 1;

const dataReservedClear = (r: VtdRequest): boolean =>
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

/** Whether an entry is free of reserved bits and values. [VTD 9.10] */
export function entryReservedClear(r: VtdRequest): boolean {
  const { entry } = r;
  if (isPosted(r)) return r.spec.posting && isClear(entry, POSTED_RESERVED);
  if (!isClear(entry, REMAPPED_RESERVED)) return false;
  if (r.spec.profile === 'qemu') return true;
  if (!r.eime && (entry[1] & XAPIC_DEST.reserved) !== 0) return false;
  const mode = DELIVERY_MODES[get(entry, F.deliveryMode)];
  return get(entry, F.svt) !== SVT.reserved && mode !== 'reserved3' && mode !== 'reserved6';
}

const input = (ref: string, value: number): CheckInput => ({ ref, value });
const ofMessage = (r: VtdRequest, name: string, f: Field): CheckInput =>
  input(`message.${name}`, get(r.words, f));
const ofEntry = (r: VtdRequest, name: string, f: Field): CheckInput =>
  input(`ir.irte[${r.index}].${name}`, get(r.entry, f));

const row = (
  rule: VtdCheck,
  holds: (r: VtdRequest) => boolean,
  inputs: (r: VtdRequest) => CheckInput[],
): Rule<VtdRequest> => ({ rule, source: VTD_CHECKS[rule].source, holds, inputs });

const noPasid = row(
  'vtd/pasid',
  r => r.wire.pasid < 0,
  r => [input('message.pasid', r.wire.pasid)],
);
const compatAllowed = row(
  'vtd/compat-format',
  r => isRemappable(r.words) || (!r.eime && getIn(r.state.gsts, GSTS.fields.cfis) === 1),
  r => [
    ofMessage(r, 'format', REMAPPABLE.fields.format),
    input('ir.gsts.cfis', getIn(r.state.gsts, GSTS.fields.cfis)),
    input('ir.irta.eime', r.eime),
  ],
);
const addressHighClear = (r: VtdRequest): boolean => r.wire.addressHigh === 0;
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
  readonly format: readonly Rule<VtdRequest>[];
  readonly request: readonly Rule<VtdRequest>[];
  readonly entry: readonly Rule<VtdRequest>[];
}

/**
 * QEMU looks at the high address first, lets compatibility format through, and looks at the data
 * word last. [QEMU hw/i386/intel_iommu.c vtd_interrupt_remap_msi]
 */
export const VTD_RULES: Record<VtdProfile, RuleSet> = {
  spec: {
    format: [noPasid, compatAllowed],
    request: [requestReserved, indexBounds, tableAccess],
    entry: [present, entryReserved, sourceId],
  },
  qemu: {
    format: [noPasid, { ...requestReserved, holds: addressHighClear }],
    request: [indexBounds, tableAccess],
    entry: [present, entryReserved, sourceId, { ...requestReserved, holds: dataReservedClear }],
  },
};
