import { type Field, field, type Layout, layout } from '../bits/layout.ts';
import { DELIVERY_MODES } from './message.ts';

const mbz = (bit: number, width: number): Field =>
  field(bit, width, 'reserved', { reserved: 'zero' });
const unused = (bit: number, width: number): Field =>
  field(bit, width, 'reserved', { reserved: 'ignored' });

/** Commands of the unit's queue this simulator knows, by operation code. [AMD 2.4] */
export const AMD_COMMANDS = {
  1: 'COMPLETION_WAIT',
  2: 'INVALIDATE_DEVTAB_ENTRY',
  5: 'INVALIDATE_INTERRUPT_TABLE',
  8: 'INVALIDATE_IOMMU_ALL',
} as const;

const opcode = field(60, 4, 'operation code', { values: AMD_COMMANDS });

/** Stores data, or interrupts, when all earlier commands are done. */
export const COMPLETION_WAIT = layout({
  name: 'AMD-Vi COMPLETION_WAIT command',
  bits: 128,
  source: '[AMD 2.4.1]',
  fields: {
    store: field(0, 1, 'S: store the data'),
    interrupt: field(1, 1, 'I: interrupt the processor'),
    flush: field(2, 1, 'F: later commands wait'),
    address: field(3, 49, 'where to store, bits 51:3'),
    rsvd52: mbz(52, 8),
    opcode,
    dataLow: field(64, 32, 'data to store, bits 31:0'),
    dataHigh: field(96, 32, 'data to store, bits 63:32'),
  },
});

const byDevice = {
  deviceId: field(0, 16, 'requester id whose cached copies are dropped'),
  rsvd16: mbz(16, 44),
  opcode,
  rsvd64: mbz(64, 32),
  rsvd96: mbz(96, 32),
} as const;

/** Drops the cached device table entry of one requester id. */
export const INVALIDATE_DEVTAB_ENTRY = layout({
  name: 'AMD-Vi INVALIDATE_DEVTAB_ENTRY command',
  bits: 128,
  source: '[AMD 2.4.2]',
  fields: byDevice,
});

/** Drops every cached interrupt table entry of one requester id. */
export const INVALIDATE_INTERRUPT_TABLE = layout({
  name: 'AMD-Vi INVALIDATE_INTERRUPT_TABLE command',
  bits: 128,
  source: '[AMD 2.4.5]',
  fields: byDevice,
});

/** Drops everything that is cached. */
export const INVALIDATE_IOMMU_ALL = layout({
  name: 'AMD-Vi INVALIDATE_IOMMU_ALL command',
  bits: 128,
  source: '[AMD 2.4.8]',
  fields: {
    rsvd0: mbz(0, 48),
    rsvd48: mbz(48, 12),
    opcode,
    rsvd64: mbz(64, 32),
    rsvd96: mbz(96, 32),
  },
});

/** How each command is laid out, by operation code. */
export const COMMAND_LAYOUTS: Readonly<Record<keyof typeof AMD_COMMANDS, Layout>> = {
  1: COMPLETION_WAIT,
  2: INVALIDATE_DEVTAB_ENTRY,
  5: INVALIDATE_INTERRUPT_TABLE,
  8: INVALIDATE_IOMMU_ALL,
};

/** Status register, the bits this simulator models. */
export const AMD_STATUS = layout({
  name: 'AMD-Vi status register',
  bits: 32,
  source: '[AMD 3.4.13, offset 0x2020]',
  fields: {
    eventOverflow: field(0, 1, 'an event was lost because the log was full; logging has stopped'),
    eventLogInt: field(1, 1, 'an event was logged'),
    other2: field(2, 30, 'bits of other functions', { reserved: 'ignored' }),
  },
});

/** Events this simulator writes, by name as in `AMD_FAULTS`. [AMD 2.5] */
export const AMD_EVENTS = {
  illegalDevTableEntry: { code: 1, name: 'ILLEGAL_DEV_TABLE_ENTRY' },
  ioPageFault: { code: 2, name: 'IO_PAGE_FAULT' },
  devTabHardwareError: { code: 3, name: 'DEV_TAB_HARDWARE_ERROR' },
  pageTabHardwareError: { code: 4, name: 'PAGE_TAB_HARDWARE_ERROR' },
  invalidDeviceRequest: { code: 8, name: 'INVALID_DEVICE_REQUEST' },
} as const;
export type AmdEvent = keyof typeof AMD_EVENTS;

const common = {
  deviceId: field(0, 16, 'requester id'),
  code: field(60, 4, 'event code', {
    values: Object.fromEntries(Object.values(AMD_EVENTS).map(({ code, name }) => [code, name])),
  }),
  addressLow: field(64, 32, 'address, bits 31:0'),
  addressHigh: field(96, 32, 'address, bits 63:32'),
} as const;

const pasidHigh = field(16, 4, 'PASID 19:16');
const pasidLow = field(32, 16, 'PASID 15:0');
const domain = field(32, 16, 'domain id, or PASID 15:0 where gn is set');
const gn = field(48, 1, 'GN: a guest or nested address');
const interrupt = field(51, 1, 'I: an interrupt request');
const write = field(53, 1, 'RW: a write; 0 for interrupts');
const reservedNonzero = field(55, 1, 'RZ: a reserved bit was set');
const translation = field(56, 1, 'TR: a translation request');
const hardwareError = field(57, 2, 'kind of error', {
  values: { 1: 'master abort', 2: 'target abort', 3: 'data error' },
});

/** A request met a reserved value in its device table entry. */
export const EVENT_ILLEGAL_DEV_TABLE_ENTRY = layout({
  name: 'AMD-Vi ILLEGAL_DEV_TABLE_ENTRY event',
  bits: 128,
  source: '[AMD 2.5.2]',
  fields: {
    ...common,
    pasidHigh,
    rsvd20: unused(20, 12),
    pasidLow,
    gn,
    rsvd49: unused(49, 2),
    interrupt,
    rsvd52: unused(52, 1),
    write,
    rsvd54: unused(54, 1),
    reservedNonzero,
    translation,
    rsvd57: unused(57, 3),
  },
});

/** A request met no mapping, or one that forbids it. */
export const EVENT_IO_PAGE_FAULT = layout({
  name: 'AMD-Vi IO_PAGE_FAULT event',
  bits: 128,
  source: '[AMD 2.5.3]',
  fields: {
    ...common,
    pasidHigh,
    rsvd20: unused(20, 12),
    domain,
    gn,
    noExecute: field(49, 1, 'NX: no execute'),
    user: field(50, 1, 'US: user privilege'),
    interrupt,
    present: field(52, 1, 'PR: the mapping was present; for interrupts RemapEn'),
    write,
    denied: field(54, 1, 'PE: permission denied'),
    reservedNonzero,
    translation,
    rsvd57: unused(57, 3),
  },
});

/** The device table could not be read. */
export const EVENT_DEV_TAB_HARDWARE_ERROR = layout({
  name: 'AMD-Vi DEV_TAB_HARDWARE_ERROR event',
  bits: 128,
  source: '[AMD 2.5.4]',
  fields: {
    ...common,
    rsvd16: unused(16, 35),
    interrupt,
    rsvd52: unused(52, 1),
    write,
    rsvd54: unused(54, 2),
    translation,
    type: hardwareError,
    rsvd59: unused(59, 1),
  },
});

/** A page table or interrupt table could not be read. */
export const EVENT_PAGE_TAB_HARDWARE_ERROR = layout({
  name: 'AMD-Vi PAGE_TAB_HARDWARE_ERROR event',
  bits: 128,
  source: '[AMD 2.5.5]',
  fields: {
    ...common,
    rsvd16: unused(16, 16),
    domain,
    gn,
    rsvd49: unused(49, 2),
    interrupt,
    rsvd52: unused(52, 1),
    write,
    rsvd54: unused(54, 2),
    translation,
    type: hardwareError,
    rsvd59: unused(59, 1),
  },
});

/** A device did what it is not allowed to do. */
export const EVENT_INVALID_DEVICE_REQUEST = layout({
  name: 'AMD-Vi INVALID_DEVICE_REQUEST event',
  bits: 128,
  source: '[AMD 2.5.9]',
  fields: {
    ...common,
    pasidHigh,
    rsvd20: unused(20, 12),
    pasidLow,
    gn,
    user: field(49, 1, 'US: user privilege'),
    rsvd50: unused(50, 6),
    translation,
    type: field(57, 3, 'what was not allowed', {
      values: {
        5: 'interrupt from a device with IntCtl=00',
        6: 'write to a reserved part of the interrupt range',
      },
    }),
  },
});

/** How each event is laid out. */
export const EVENT_LAYOUTS: Readonly<Record<AmdEvent, Layout>> = {
  illegalDevTableEntry: EVENT_ILLEGAL_DEV_TABLE_ENTRY,
  ioPageFault: EVENT_IO_PAGE_FAULT,
  devTabHardwareError: EVENT_DEV_TAB_HARDWARE_ERROR,
  pageTabHardwareError: EVENT_PAGE_TAB_HARDWARE_ERROR,
  invalidDeviceRequest: EVENT_INVALID_DEVICE_REQUEST,
};

/**
 * Where the address in an event lies for an interrupt: the interrupt range of the bus, whose bits
 * 31:0 hold what the request asks for, in the places of a 32-bit table entry. Real logs show
 * 0xfffffffdf8000000 and 0xfffffffdf8020200. [AMD 2.1.2.1], [LINUX event logs]
 */
export const INTERRUPT_ADDRESS_HIGH = 0xfffffffd;
export const INTERRUPT_ADDRESS = layout({
  name: 'address of an interrupt request on the bus, bits 31:0',
  bits: 32,
  source: '[AMD 2.1.2.1], bits as in [AMD 2.2.5.1]',
  fields: {
    rsvd0: unused(0, 2),
    messageType: field(2, 3, 'delivery mode', {
      values: Object.fromEntries(DELIVERY_MODES.map((name, value) => [value, name])),
    }),
    level: field(5, 1, 'end of interrupt requested', { values: { 0: 'edge', 1: 'level' } }),
    destMode: field(6, 1, 'destination mode', { values: { 0: 'physical', 1: 'logical' } }),
    rsvd7: unused(7, 1),
    dest: field(8, 8, 'destination id'),
    vector: field(16, 8, 'vector'),
    range: field(24, 8, 'fixed 0xf8'),
  },
});
export const INTERRUPT_RANGE = 0xf8;
