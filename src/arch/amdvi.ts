import { type Field, field, layout } from '../bits/layout.ts';
import type { AmdEvent } from './amdvi-log.ts';

const mbz = (bit: number, width: number): Field =>
  field(bit, width, 'reserved', { reserved: 'zero' });
const software = (bit: number, width: number, text: string): Field =>
  field(bit, width, text, { reserved: 'ignored' });

/** Control register, the bits this simulator models. */
export const AMD_CONTROL = layout({
  name: 'AMD-Vi control register',
  bits: 64,
  source: '[AMD 3.4.1, offset 0x18]',
  fields: {
    iommuEn: field(0, 1, 'the unit is enabled'),
    other1: software(1, 16, 'bits of other functions'),
    gaEn: field(17, 1, 'interrupt table entries', { values: { 0: '32 bits', 1: '128 bits' } }),
    other18: software(18, 32, 'bits of other functions'),
    xtEn: field(50, 1, '32-bit destinations; clear: 8 bits'),
    other51: software(51, 13, 'bits of other functions'),
  },
});

/** Device table base address register. */
export const DEVTAB_BASE = layout({
  name: 'AMD-Vi device table base address register',
  bits: 64,
  source: '[AMD 3.4.1, offset 0x00]',
  fields: {
    size: field(0, 9, 'table has 128 * (size + 1) entries'),
    rsvd9: software(9, 3, 'reserved'),
    base: field(12, 40, 'address of the table, bits 51:12'),
    rsvd52: software(52, 12, 'reserved'),
  },
});

/** Entries of the device table in a page of 4096 bytes: each has 32. [AMD 2.2.2] */
export const DTES_PER_PAGE = 128;

/** What the unit does with Fixed and Arbitrated requests. [AMD 2.2.2.1] */
export const INT_CTL = { abort: 0, pass: 1, remap: 2, reserved: 3 } as const;

/** Largest IntTabLen that is not reserved: 2048 entries. [AMD 2.2.2.1] */
export const INT_TAB_LEN_MAX = 11;

/** Indices a Fixed or Arbitrated message can name: its bits 10:9 are the delivery mode's. [AMD 2.2.5] */
export const INDICES_MAX = 512;

/** First entries of a table that serves an IO-APIC: one for each pin. [LINUX drivers/iommu/amd/iommu.c] */
export const IOAPIC_INDICES = 32;

/** Device table entry: what the unit does with requests of one requester id. */
export const DTE = layout({
  name: 'AMD-Vi device table entry',
  bits: 256,
  source: '[AMD 2.2.2.1]; reserved bits as [QEMU amd_iommu.h] has them, before IV is looked at',
  fields: {
    v: field(0, 1, 'V: bits 127:1 are valid'),
    tv: field(1, 1, 'TV: page translation is valid'),
    rsvd2: mbz(2, 5),
    had: field(7, 2, 'host access and dirty bits'),
    mode: field(9, 3, 'paging mode: levels of the host page table'),
    pageTableRoot: field(12, 40, 'host page table, bits 51:12'),
    ppr: field(52, 1, 'page requests'),
    gprp: field(53, 1, 'guest page request response with PASID'),
    giov: field(54, 1, 'guest I/O protection'),
    gv: field(55, 1, 'guest translation'),
    glx: field(56, 2, 'guest levels translated'),
    gcr3Low: field(58, 3, 'guest CR3 table, bits 14:12'),
    ir: field(61, 1, 'I/O reads allowed'),
    iw: field(62, 1, 'I/O writes allowed'),
    rsvd63: mbz(63, 1),
    domainId: field(64, 16, 'domain id'),
    gcr3Middle: field(80, 16, 'guest CR3 table, bits 30:15'),
    iotlb: field(96, 1, 'I: the device has a translation cache'),
    se: field(97, 1, 'suppress page fault events after the first'),
    sa: field(98, 1, 'suppress all page fault events of memory requests'),
    ioCtl: field(99, 2, 'port I/O control'),
    cacheHint: field(101, 1, 'cache hint'),
    sd: field(102, 1, 'snoop disable'),
    ex: field(103, 1, 'exclusion range allowed'),
    sysMgt: field(104, 2, 'system management messages'),
    sats: field(106, 1, 'secure ATS'),
    gcr3High: field(107, 21, 'guest CR3 table, bits 51:31'),
    iv: field(128, 1, 'IV: interrupt map valid; clear: interrupts pass unmapped'),
    intTabLen: field(129, 4, 'table has 2^intTabLen entries; above 11 reserved'),
    ig: field(133, 1, 'ignore unmapped interrupts: their page faults are not logged'),
    intTabRoot: field(134, 46, 'interrupt table, address bits 51:6'),
    rsvd180: mbz(180, 2),
    gpm: field(182, 2, 'guest paging mode'),
    initPass: field(184, 1, 'INIT passes unmapped'),
    eIntPass: field(185, 1, 'ExtINT passes unmapped'),
    nmiPass: field(186, 1, 'NMI passes unmapped'),
    hptMode: field(187, 1, 'host page table mode'),
    intCtl: field(188, 2, 'Fixed and Arbitrated interrupts', {
      values: { 0: 'target abort', 1: 'pass unmapped', 2: 'remap', 3: 'reserved' },
    }),
    lint0Pass: field(190, 1, 'legacy LINT0 messages pass unmapped'),
    lint1Pass: field(191, 1, 'legacy LINT1 messages pass unmapped'),
    rsvd192: mbz(192, 15),
    vImuEn: field(207, 1, 'virtual IOMMU enabled'),
    guestDeviceId: field(208, 16, 'guest device id'),
    guestId: field(224, 16, 'guest id'),
    rsvd240: mbz(240, 6),
    attrV: field(246, 1, 'attribute override valid'),
    mode0Fc: field(247, 1, 'force coherent where mode is 0'),
    snoopAttr: field(248, 8, 'snoop attribute'),
  },
});

const common = {
  remapEn: field(0, 1, 'the entry may be used'),
  supIoPf: field(1, 1, 'page faults of this entry are not logged'),
} as const;

const remapped = {
  ...common,
  intType: field(2, 3, 'interrupt type', { values: { 0: 'fixed', 1: 'arbitrated' } }),
  rqEoi: field(5, 1, 'RqEoi: an end of interrupt is requested, as level-triggered ones need it'),
  destMode: field(6, 1, 'destination mode', { values: { 0: 'physical', 1: 'logical' } }),
} as const;

const guestMode = field(7, 1, 'guest mode', { values: { 0: 'remapped', 1: 'guest virtual APIC' } });

/** Largest interrupt type an entry may hold: 0 fixed, 1 arbitrated. [AMD 2.2.5.1] */
export const INT_TYPE_MAX = 1;

/** Interrupt table entry of 32 bits (GAEn = 0). */
export const AMD_IRTE32 = layout({
  name: 'AMD-Vi IRTE, 32 bits',
  bits: 32,
  source: '[AMD 2.2.5.1]',
  fields: {
    ...remapped,
    guestMode,
    dest: field(8, 8, 'destination APIC id'),
    vector: field(16, 8, 'vector delivered'),
    rsvd24: mbz(24, 8),
  },
});

/** Interrupt table entry of 128 bits (GAEn = 1) with GuestMode = 0. */
export const AMD_IRTE128 = layout({
  name: 'AMD-Vi IRTE, 128 bits, remapped form',
  bits: 128,
  source: '[AMD 2.2.5.2]',
  fields: {
    ...remapped,
    guestMode,
    dest: field(8, 24, 'destination APIC id; with XTEn=0 only bits 7:0', {
      more: { bit: 120, width: 8 },
    }),
    rsvd32: mbz(32, 32),
    vector: field(64, 8, 'vector delivered'),
    rsvd72: mbz(72, 48),
  },
});

/** Interrupt table entry of 128 bits with GuestMode = 1: known for decoding, not simulated. */
export const AMD_IRTE_GUEST = layout({
  name: 'AMD-Vi IRTE, 128 bits, guest virtual APIC form',
  bits: 128,
  source: '[AMD 2.2.5.3]',
  fields: {
    ...common,
    gaLogIntr: field(2, 1, 'interrupt the host when logging'),
    rsvd3: mbz(3, 3),
    isRun: field(6, 1, 'the virtual processor runs'),
    guestMode,
    dest: field(8, 24, 'APIC id of the processor it runs on', { more: { bit: 120, width: 8 } }),
    gaTag: field(32, 32, 'tag written to the guest virtual APIC log'),
    guestVector: field(64, 8, 'virtual vector'),
    rsvd72: mbz(72, 4),
    vapicRoot: field(76, 40, 'virtual APIC page, address bits 51:12'),
    rsvd116: mbz(116, 4),
  },
});

/** Bits of the destination that count where XTEn = 0. [AMD 2.2.5.2, XTEn] */
export const AMD_XAPIC_DEST_MASK = 0xff;

/** Requester id the IO-APIC's requests have (00:14.0); requests without an id are taken for it. [QEMU] */
export const IOAPIC_DEVICE_ID = 0x00a0;

/**
 * Why the unit refuses a request: a text that names the category, and the event that tells the
 * driver. `present`: RemapEn was 1; `reservedNonzero`: flag RZ; `type`: of INVALID_DEVICE_REQUEST.
 */
export interface AmdFaultFacts {
  readonly text: string;
  readonly event: AmdEvent;
  readonly present?: 1;
  readonly reservedNonzero?: 1;
  readonly type?: number;
  /** Where the sources disagree, or none was read that says so. */
  readonly unsure?: string;
}

const NO_EVENT_READ = 'refused for sure; [VBOX] logs nothing, [AMD 2.5] names no event for it';

/** Type of INVALID_DEVICE_REQUEST. [AMD 2.5.9] */
const REQUEST_TYPE = { intCtlAbort: 5, reservedInterruptRange: 6 } as const;

/** Refusals by name. [AMD 2.2.5, 2.5] */
export const AMD_FAULTS = {
  'dte-index-beyond-table': {
    text: 'device id beyond the device table',
    event: 'ioPageFault',
  },
  'dte-fetch-failed': { text: 'device table entry read failed', event: 'devTabHardwareError' },
  'dte-reserved-nonzero': {
    text: 'reserved bits set in the device table entry',
    event: 'illegalDevTableEntry',
    reservedNonzero: 1,
  },
  'interrupt-with-pasid': {
    text: 'interrupt request with a PASID',
    event: 'ioPageFault',
    unsure: 'the request is one for memory then; none of the sources was read that says so',
  },
  'address-outside-window': {
    text: 'address outside the interrupt window',
    event: 'invalidDeviceRequest',
    type: REQUEST_TYPE.reservedInterruptRange,
    unsure: NO_EVENT_READ,
  },
  'smi-refused': {
    text: 'SMI delivery refused',
    event: 'ioPageFault',
    unsure: 'refused in [QEMU]; [VBOX] lets SMIs pass where no SMI filter is on',
  },
  'delivery-mode-reserved': {
    text: 'unsupported delivery mode',
    event: 'invalidDeviceRequest',
    type: REQUEST_TYPE.reservedInterruptRange,
    unsure: NO_EVENT_READ,
  },
  'logical-destination': {
    text: 'logical destination on NMI/INIT/ExtInt',
    event: 'ioPageFault',
    unsure: NO_EVENT_READ,
  },
  'pass-bit-clear': {
    text: 'NMI/INIT/ExtInt pass bit clear in the device table entry',
    event: 'ioPageFault',
    unsure: NO_EVENT_READ,
  },
  'intctl-abort': {
    text: 'IntCtl=00 (target abort)',
    event: 'invalidDeviceRequest',
    type: REQUEST_TYPE.intCtlAbort,
  },
  'intctl-reserved': {
    text: 'IntCtl=11 (reserved)',
    event: 'illegalDevTableEntry',
    reservedNonzero: 1,
  },
  'table-length-reserved': {
    text: 'reserved IntTabLen in the device table entry',
    event: 'illegalDevTableEntry',
  },
  'index-beyond-table': { text: 'index beyond IntTabLen', event: 'ioPageFault' },
  'irte-fetch-failed': {
    text: 'IRTE read failed',
    event: 'pageTabHardwareError',
    unsure: '[AMD 2.5.5] speaks of page tables; [VBOX] names no event',
  },
  'irte-remap-disabled': { text: 'RemapEn=0 in the IRTE', event: 'ioPageFault' },
  'irte-guest-mode': {
    text: 'guest mode in the IRTE',
    event: 'ioPageFault',
    present: 1,
    reservedNonzero: 1,
    unsure: 'true of units without GAMEn; the guest virtual APIC form is not simulated',
  },
  'irte-reserved-nonzero': {
    text: 'reserved bits set in the IRTE',
    event: 'ioPageFault',
    present: 1,
    reservedNonzero: 1,
    unsure: 'neither [QEMU] nor [VBOX] looks at them',
  },
  'irte-inttype-reserved': {
    text: 'reserved IntType in the IRTE',
    event: 'ioPageFault',
    present: 1,
    reservedNonzero: 1,
  },
} as const satisfies Record<string, AmdFaultFacts>;
export type AmdFault = keyof typeof AMD_FAULTS;

/** The checks of the unit in the order of evaluation, and the refusal a failing one gives. */
export const AMD_CHECKS = {
  'amdvi/dte-bounds': { fault: 'dte-index-beyond-table', source: '[AMD 2.5.3]' },
  'amdvi/dte-access': { fault: 'dte-fetch-failed', source: '[AMD 2.5.4]' },
  'amdvi/dte-reserved': { fault: 'dte-reserved-nonzero', source: '[AMD 2.5.2], [AMD 2.2.2.1]' },
  'amdvi/pasid': { fault: 'interrupt-with-pasid', source: '[AMD 2.5.3]' },
  'amdvi/window': { fault: 'address-outside-window', source: '[AMD 2.1.2.1]' },
  'amdvi/smi': { fault: 'smi-refused', source: '[AMD 2.2.5]' },
  'amdvi/delivery-mode': { fault: 'delivery-mode-reserved', source: '[AMD 2.2.5]' },
  'amdvi/physical-destination': { fault: 'logical-destination', source: '[AMD 2.2.5]' },
  'amdvi/pass-bit': { fault: 'pass-bit-clear', source: '[AMD 2.2.2.1]' },
  'amdvi/intctl-abort': { fault: 'intctl-abort', source: '[AMD 2.2.2.1], [AMD 2.5.9]' },
  'amdvi/intctl-reserved': { fault: 'intctl-reserved', source: '[AMD 2.2.2.1]' },
  'amdvi/table-length': { fault: 'table-length-reserved', source: '[AMD 2.2.2.1]' },
  'amdvi/index-bounds': { fault: 'index-beyond-table', source: '[AMD 2.2.5], [AMD 2.5.3]' },
  'amdvi/table-access': { fault: 'irte-fetch-failed', source: '[AMD 2.5.5]' },
  'amdvi/remap-enabled': { fault: 'irte-remap-disabled', source: '[AMD 2.2.5.1]' },
  'amdvi/guest-mode': { fault: 'irte-guest-mode', source: '[AMD 2.2.5.2]' },
  'amdvi/entry-reserved': { fault: 'irte-reserved-nonzero', source: '[AMD 2.2.5.1]' },
  'amdvi/interrupt-type': { fault: 'irte-inttype-reserved', source: '[AMD 2.2.5.1]' },
} as const satisfies Record<string, { fault: AmdFault; source: string }>;
export type AmdCheck = keyof typeof AMD_CHECKS;
