import {
  AMD_CHECKS,
  AMD_IRTE32,
  AMD_IRTE128,
  type AmdCheck,
  DTE,
  INT_CTL,
  INT_TAB_LEN_MAX,
  INT_TYPE_MAX,
} from '../arch/amdvi.ts';
import { AMD_INDEXED, COMPAT, type DeliveryMode } from '../arch/message.ts';
import { type Field, get, isClear, reservedMasks } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { CheckInput } from '../model/check.ts';
import { inWindow } from '../model/message.ts';
import type { Wire } from '../model/wire.ts';
import {
  type AmdProfile,
  type AmdSpec,
  type AmdState,
  deviceEntryAddress,
  deviceTableEntries,
  entryAddress,
  longEntries,
  readable,
} from './amdvi-state.ts';
import type { Rule } from './rules.ts';

/** One request on its way through the unit: what the rules look at. */
export interface AmdRequest {
  readonly spec: AmdSpec;
  readonly state: AmdState;
  readonly wire: Wire;
  readonly words: Word[];
  /** Requester id the device table is read by. */
  readonly device: number;
  readonly mode: DeliveryMode;
  readonly index: number;
  dte: readonly Word[];
  entry: readonly Word[];
}

const D = DTE.fields;
const E = AMD_IRTE32.fields;
const DTE_RESERVED = reservedMasks(DTE);
const SHORT_RESERVED = reservedMasks(AMD_IRTE32);
const LONG_RESERVED = reservedMasks(AMD_IRTE128);

/** Which bit of the device table entry lets an unmapped delivery mode pass. [AMD 2.2.2.1] */
const PASS_BITS: Partial<Record<DeliveryMode, Field>> = {
  nmi: D.nmiPass,
  init: D.initPass,
  extint: D.eIntPass,
};

const passBit = (r: AmdRequest): number => {
  const bit = PASS_BITS[r.mode];
  return bit ? get(r.dte, bit) : 0;
};

/** Number of entries the requester's table has. */
const tableEntries = (r: AmdRequest): number => 2 ** get(r.dte, D.intTabLen);

const root = (r: AmdRequest): number => get(r.dte, D.intTabRoot);

/** Whether the entry is of the guest virtual APIC form; 32-bit entries have none. */
const guestMode = (r: AmdRequest): number => get(r.entry, E.guestMode);

const input = (ref: string, value: number): CheckInput => ({ ref, value });
const ofMessage = (r: AmdRequest, name: string, f: Field): CheckInput =>
  input(`message.${name}`, get(r.words, f));
const ofDte = (r: AmdRequest, name: string, f: Field): CheckInput =>
  input(`ir.dte[${r.device}].${name}`, get(r.dte, f));
const ofEntry = (r: AmdRequest, name: string, f: Field): CheckInput =>
  input(`ir.table[${root(r)}].irte[${r.index}].${name}`, get(r.entry, f));

const row = (
  rule: AmdCheck,
  holds: (r: AmdRequest) => boolean,
  inputs: (r: AmdRequest) => CheckInput[],
): Rule<AmdRequest> => ({ rule, source: AMD_CHECKS[rule].source, holds, inputs });

const dteBounds = row(
  'amdvi/dte-bounds',
  r => r.device < deviceTableEntries(r.state),
  r => [input('message.rid', r.device), input('ir.devtab.entries', deviceTableEntries(r.state))],
);
const dteAccess = row(
  'amdvi/dte-access',
  r => readable(r.state, deviceEntryAddress(r.state, r.device)),
  r => [input('ir.devtab.address', deviceEntryAddress(r.state, r.device))],
);
const dteReserved = row(
  'amdvi/dte-reserved',
  r => isClear(r.dte, DTE_RESERVED),
  r => r.dte.map((value, i) => input(`ir.dte[${r.device}].word${i}`, value)),
);
const noPasid = row(
  'amdvi/pasid',
  r => r.wire.pasid < 0,
  r => [input('message.pasid', r.wire.pasid)],
);
const window = row(
  'amdvi/window',
  r => inWindow(r.wire),
  r => [
    ofMessage(r, 'window', AMD_INDEXED.fields.window),
    ofMessage(r, 'addressHigh', AMD_INDEXED.fields.addressHigh),
  ],
);

const modeInput = (r: AmdRequest): CheckInput[] => [
  ofMessage(r, 'deliveryMode', COMPAT.fields.deliveryMode),
];
const smi = row('amdvi/smi', r => r.mode !== 'smi', modeInput);
const deliveryMode = row(
  'amdvi/delivery-mode',
  r => r.mode !== 'reserved3' && r.mode !== 'reserved6',
  modeInput,
);
const physicalDestination = row(
  'amdvi/physical-destination',
  r => get(r.words, AMD_INDEXED.fields.destMode) === 0,
  r => [ofMessage(r, 'destMode', AMD_INDEXED.fields.destMode), ...modeInput(r)],
);
const passed = row(
  'amdvi/pass-bit',
  r => passBit(r) === 1,
  r => [
    ...modeInput(r),
    ofDte(r, 'nmiPass', D.nmiPass),
    ofDte(r, 'initPass', D.initPass),
    ofDte(r, 'eIntPass', D.eIntPass),
  ],
);

/** Up to version 9.2 QEMU looked for the pass bits in the fourth quadword. [QEMU 63dc0b864739] */
const passedInWrongWord: Rule<AmdRequest> = {
  ...passed,
  holds: r => {
    const bit = PASS_BITS[r.mode];
    return bit !== undefined && get(r.dte, { ...bit, bit: bit.bit + QUADWORD_BITS }) === 1;
  },
};
const QUADWORD_BITS = 64;

const intCtlInput = (r: AmdRequest): CheckInput[] => [ofDte(r, 'intCtl', D.intCtl)];
const intCtlAbort = row(
  'amdvi/intctl-abort',
  r => get(r.dte, D.intCtl) !== INT_CTL.abort,
  intCtlInput,
);
const intCtlReserved = row(
  'amdvi/intctl-reserved',
  r => get(r.dte, D.intCtl) !== INT_CTL.reserved,
  intCtlInput,
);

const tableLength = row(
  'amdvi/table-length',
  r => get(r.dte, D.intTabLen) <= INT_TAB_LEN_MAX,
  r => [ofDte(r, 'intTabLen', D.intTabLen)],
);
const indexBounds = row(
  'amdvi/index-bounds',
  r => r.index < tableEntries(r),
  r => [input('message.index', r.index), ofDte(r, 'intTabLen', D.intTabLen)],
);
const tableAccess = row(
  'amdvi/table-access',
  r => readable(r.state, entryAddress(r.state, root(r), r.index)),
  r => [ofDte(r, 'intTabRoot', D.intTabRoot)],
);

const remapEnabled = row(
  'amdvi/remap-enabled',
  r => get(r.entry, E.remapEn) === 1,
  r => [ofEntry(r, 'remapEn', E.remapEn)],
);
const noGuestMode = row(
  'amdvi/guest-mode',
  r => guestMode(r) === 0,
  r => [ofEntry(r, 'guestMode', E.guestMode)],
);
const entryReserved = row(
  'amdvi/entry-reserved',
  r => isClear(r.entry, longEntries(r.state) ? LONG_RESERVED : SHORT_RESERVED),
  r => r.entry.map((value, i) => input(`ir.table[${root(r)}].irte[${r.index}].word${i}`, value)),
);
const interruptType = row(
  'amdvi/interrupt-type',
  r => get(r.entry, E.intType) <= INT_TYPE_MAX,
  r => [ofEntry(r, 'intType', E.intType)],
);

/** Rules by the stage a request has come to. */
export interface AmdRules {
  /** Before the device table is read, and on its entry. */
  readonly device: readonly Rule<AmdRequest>[];
  readonly deviceEntry: readonly Rule<AmdRequest>[];
  /** On every request of a device whose map is valid. */
  readonly request: readonly Rule<AmdRequest>[];
  /** On requests that are not Fixed or Arbitrated, and on those that are. */
  readonly unmapped: readonly Rule<AmdRequest>[];
  readonly control: readonly Rule<AmdRequest>[];
  /** Before the interrupt table is read, and on its entry. */
  readonly table: readonly Rule<AmdRequest>[];
  readonly entry: readonly Rule<AmdRequest>[];
}

const shared = {
  deviceEntry: [dteReserved],
  unmapped: [smi, deliveryMode, physicalDestination, passed],
  control: [intCtlAbort, intCtlReserved],
} as const;

/** QEMU knows no bounds of tables, no PASID, and no reserved bits of interrupt table entries. [QEMU] */
const QEMU_RULES: AmdRules = {
  ...shared,
  device: [dteAccess],
  request: [window],
  table: [tableAccess],
  entry: [remapEnabled, noGuestMode, interruptType],
};

export const AMD_RULES: Record<AmdProfile, AmdRules> = {
  spec: {
    ...shared,
    device: [dteBounds, dteAccess],
    request: [noPasid, window],
    table: [tableLength, indexBounds, tableAccess],
    entry: [remapEnabled, noGuestMode, entryReserved, interruptType],
  },
  qemu: QEMU_RULES,
  'qemu-9.2': {
    ...QEMU_RULES,
    unmapped: [smi, deliveryMode, physicalDestination, passedInWrongWord],
  },
};
