import { field, layout } from '../bits/layout.ts';
import { DELIVERY_MODES } from './message.ts';

/** Why the unit refuses a request, by fault reason code. [VTD 5.1.4.1], [VTD 7.1.3] */
export const VTD_FAULTS = {
  32: { name: 'request-reserved-nonzero', text: 'reserved field of the request is not zero' },
  33: { name: 'index-beyond-table', text: 'index is beyond the size of the table' },
  34: { name: 'irte-not-present', text: 'the entry is not present' },
  35: { name: 'irte-fetch-failed', text: 'reading the entry failed' },
  36: { name: 'irte-reserved-nonzero', text: 'reserved field of the entry is not zero' },
  37: { name: 'compat-format-blocked', text: 'compatibility format is blocked' },
  38: { name: 'source-id-check-failed', text: 'requester id is not the one the entry allows' },
  39: { name: 'descriptor-access-failed', text: 'access to the posted descriptor failed' },
  40: { name: 'descriptor-reserved-nonzero', text: 'reserved field of the descriptor not zero' },
  135: { name: 'interrupt-address-with-pasid', text: 'write with PASID into the window' },
} as const;
export type VtdFault = keyof typeof VTD_FAULTS;

const common = {
  present: field(0, 1, 'present: the entry may be used'),
  fpd: field(1, 1, 'fault processing disable: refusals are not recorded'),
  avail: field(8, 4, 'free for software', { reserved: 'ignored' }),
  im: field(15, 1, 'IRTE mode', { values: { 0: 'remapped', 1: 'posted' } }),
  sid: field(64, 16, 'source id: requester id the check compares with'),
  sq: field(80, 2, 'source id qualifier', {
    values: {
      0: 'all 16 bits compared',
      1: 'function bit 2 ignored',
      2: 'function bits 2:1 ignored',
      3: 'function bits 2:0 ignored',
    },
  }),
  svt: field(82, 2, 'source validation type', {
    values: {
      0: 'none: any requester may use this entry',
      1: 'requester id compared under sq',
      2: 'bus range: sid 15:8 first bus, sid 7:0 last bus',
      3: 'reserved',
    },
  }),
} as const;

const mbz = (bit: number, width: number) => field(bit, width, 'reserved', { reserved: 'zero' });

/** Interrupt remapping table entry in remapped form (im = 0). */
export const IRTE = layout({
  name: 'VT-d IRTE, remapped form',
  bits: 128,
  source: '[VTD 9.10]',
  fields: {
    ...common,
    destMode: field(2, 1, 'destination mode', { values: { 0: 'physical', 1: 'logical' } }),
    redirHint: field(3, 1, 'redirection hint'),
    triggerMode: field(4, 1, 'trigger mode', { values: { 0: 'edge', 1: 'level' } }),
    deliveryMode: field(5, 3, 'delivery mode', {
      values: Object.fromEntries(DELIVERY_MODES.map((name, value) => [value, name])),
    }),
    rsvd12: mbz(12, 3),
    vector: field(16, 8, 'vector delivered'),
    rsvd24: mbz(24, 8),
    dest: field(32, 32, 'destination APIC id; with EIME=0 the id is in bits 47:40'),
    rsvd84: mbz(84, 44),
  },
});

/** Interrupt remapping table entry in posted form (im = 1). */
export const IRTE_POSTED = layout({
  name: 'VT-d IRTE, posted form',
  bits: 128,
  source: '[VTD 9.11]',
  fields: {
    ...common,
    rsvd2: mbz(2, 6),
    rsvd12: mbz(12, 2),
    urgent: field(14, 1, 'urgent: notify even where suppressed'),
    vector: field(16, 8, 'virtual vector: bit of the PIR'),
    rsvd24: mbz(24, 14),
    pda: field(38, 26, 'descriptor address 31:6'),
    rsvd84: mbz(84, 12),
    pdaHigh: field(96, 32, 'descriptor address 63:32'),
  },
});

/** What EIME=0 leaves reserved in the destination: everything but bits 47:40. [VTD 9.10] */
export const XAPIC_DEST = { shift: 8, mask: 0xff, reserved: 0xffff00ff } as const;

/** Bits of the requester id compared, by SQ. [VTD 9.10] */
export const SQ_MASKS = [0xffff, 0xfffb, 0xfff9, 0xfff8] as const;

export const SVT = { none: 0, requester: 1, busRange: 2, reserved: 3 } as const;

/** Global status register, the bits this simulator models. */
export const GSTS = layout({
  name: 'VT-d global status register',
  bits: 32,
  source: '[VTD 11.4.5]',
  fields: {
    other0: field(0, 23, 'bits of other functions', { reserved: 'ignored' }),
    cfis: field(23, 1, 'compatibility format interrupt status: let through unremapped'),
    irtps: field(24, 1, 'interrupt remapping table pointer was set'),
    ires: field(25, 1, 'interrupt remapping enabled'),
    other26: field(26, 6, 'bits of other functions', { reserved: 'ignored' }),
  },
});

/** Interrupt remapping table address register. */
export const IRTA = layout({
  name: 'VT-d interrupt remapping table address register',
  bits: 64,
  source: '[VTD 11.4.23]',
  fields: {
    size: field(0, 4, 'table has 2^(size+1) entries'),
    rsvd4: field(4, 7, 'reserved', { reserved: 'ignored' }),
    eime: field(11, 1, 'extended interrupt mode: 32-bit destinations, no compatibility format'),
    base: field(12, 52, 'address of the table, bits 63:12'),
  },
});

/**
 * Fault recording register. Of an interrupt only index, requester id and reason count; the rest is
 * about memory requests.
 */
export const FRCD = layout({
  name: 'VT-d fault recording register',
  bits: 128,
  source: '[VTD 11.4.14]',
  fields: {
    info: field(0, 48, 'address bits 47:12 of a memory request; 0 for interrupts'),
    index: field(48, 16, 'index of the entry the request named'),
    sid: field(64, 16, 'requester id'),
    rsvd80: field(80, 12, 'reserved', { reserved: 'ignored' }),
    t2: field(92, 1, 'type of a memory request, bit 1'),
    priv: field(93, 1, 'privileged mode requested'),
    exe: field(94, 1, 'execute permission requested'),
    pp: field(95, 1, 'the request carried a PASID'),
    reason: field(96, 8, 'fault reason', {
      values: Object.fromEntries(
        Object.entries(VTD_FAULTS).map(([code, fault]) => [Number(code), fault.name]),
      ),
    }),
    pasid: field(104, 20, 'PASID, where pp is set'),
    at: field(124, 2, 'address type of a memory request'),
    t1: field(126, 1, 'type of a memory request, bit 0', { values: { 0: 'write', 1: 'read' } }),
    fault: field(127, 1, 'the record holds a fault'),
  },
});

/** Fault status register. */
export const FSTS = layout({
  name: 'VT-d fault status register',
  bits: 32,
  source: '[VTD 11.4.9]',
  fields: {
    overflow: field(0, 1, 'PFO: a fault was lost because no record was free'),
    pending: field(1, 1, 'PPF: a fault is recorded'),
    afo: field(2, 1, 'AFO: the advanced fault log has overflowed'),
    apf: field(3, 1, 'APF: the advanced fault log has something new'),
    iqe: field(4, 1, 'IQE: invalidation queue error'),
    ice: field(5, 1, 'ICE: invalidation completion error'),
    ite: field(6, 1, 'ITE: invalidation time-out'),
    pro: field(7, 1, 'PRO: a page request was lost'),
    record: field(8, 8, 'FRI: index of the first pending record'),
    rsvd16: field(16, 16, 'reserved', { reserved: 'ignored' }),
  },
});

/** Type of a descriptor that invalidates interrupt entries. [VTD 6.5.2.7] */
export const IEC_TYPE = 4;

/** Interrupt entry cache invalidate descriptor; more types of other widths use bits 11:9 besides. */
export const IEC_DESCRIPTOR = layout({
  name: 'VT-d interrupt entry cache invalidate descriptor',
  bits: 128,
  source: '[VTD 6.5.2.7]',
  fields: {
    type: field(0, 4, 'descriptor type', { values: { 4: 'interrupt entry cache' } }),
    granularity: field(4, 1, 'granularity', { values: { 0: 'global', 1: 'index selective' } }),
    rsvd5: mbz(5, 22),
    mask: field(27, 5, 'index mask: 2^mask entries'),
    index: field(32, 16, 'first index'),
    rsvd48: mbz(48, 16),
    rsvd64: mbz(64, 32),
    rsvd96: mbz(96, 32),
  },
});

/** A check of the unit, and what a failing one gives. */
export interface VtdCheckFacts {
  readonly fault: VtdFault;
  /** The FPD bit of the entry silences the record. */
  readonly fpd: boolean;
  readonly source: string;
  /** Where the sources disagree, or none was read that says so. */
  readonly unsure?: string;
}

/** The checks of the unit in the order of evaluation. */
export const VTD_CHECKS = {
  'vtd/pasid': {
    fault: 0x87,
    fpd: false,
    source: '[VTD 3.14]',
    unsure: 'a fault of DMA remapping; units without scalable mode know no PASID',
  },
  'vtd/compat-format': {
    fault: 0x25,
    fpd: false,
    source: '[VTD 5.1.4]',
    unsure: 'index in the record: what would be the handle in logs of [LINUX], 0 in [QEMU], [VBOX]',
  },
  'vtd/request-reserved': {
    fault: 0x20,
    fpd: false,
    source: '[VTD 5.1.4]',
    unsure: 'index in the record: that of the request here, 0 in [QEMU], [VBOX]',
  },
  'vtd/index-bounds': { fault: 0x21, fpd: false, source: '[VTD 5.1.3]' },
  'vtd/table-access': { fault: 0x23, fpd: false, source: '[VTD 5.1.4]' },
  'vtd/present': { fault: 0x22, fpd: true, source: '[VTD 5.1.4], [VTD 9.10]' },
  'vtd/entry-reserved': {
    fault: 0x24,
    fpd: true,
    source: '[VTD 5.1.4], [VTD 9.10]',
    unsure: 'SVT=3 is refused with 0x26 and reserved delivery modes pass in [QEMU]',
  },
  'vtd/source-id': { fault: 0x26, fpd: true, source: '[VTD 5.1.4], [VTD 9.10]' },
  'vtd/descriptor-access': { fault: 0x27, fpd: true, source: '[VTD 5.2.3]' },
  'vtd/descriptor-reserved': {
    fault: 0x28,
    fpd: true,
    source: '[VTD 5.2.3], [VTD 9.12]',
    unsure: 'bits 511:320 may be free for software, as [SDM 31.6] says of the processor',
  },
} as const satisfies Record<string, VtdCheckFacts>;
export type VtdCheck = keyof typeof VTD_CHECKS;
