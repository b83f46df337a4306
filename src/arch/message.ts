import { field, layout } from '../bits/layout.ts';

/** First and last address whose writes are interrupts on x86. [VTD 3.14], [SDM 11.11.1] */
export const WINDOW = { first: 0xfee00000, last: 0xfeefffff } as const;

/** Delivery modes as they stand in messages and table entries. [SDM 11.11.2] */
export const DELIVERY_MODES = [
  'fixed',
  'lowest',
  'smi',
  'reserved3',
  'nmi',
  'init',
  'reserved6',
  'extint',
] as const;
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

/** Lowest vector a Fixed or Lowest Priority message may carry. [SDM 11.5.2] */
export const FIRST_LEGAL_VECTOR = 0x10;
/** Vectors below are exceptions of the CPU itself. [SDM 6.3.1] */
export const FIRST_EXTERNAL_VECTOR = 0x20;

const modeValues = Object.fromEntries(DELIVERY_MODES.map((name, value) => [value, name]));
const dmValues = { 0: 'physical', 1: 'logical' };

/** Words of a message, as bit positions of the layouts below: address low, address high, data. */
export const MESSAGE_WORDS = { addressLow: 0, addressHigh: 1, data: 2 } as const;

/** Compatibility format: the message names the CPU and the vector itself. */
export const COMPAT = layout({
  name: 'compatibility format message',
  bits: 96,
  source: '[SDM 11.11], [VTD 5.1.2.1], [KVM kvm_para.h]',
  fields: {
    ignored: field(0, 2, 'not looked at', { reserved: 'ignored' }),
    destMode: field(2, 1, 'destination mode', { values: dmValues }),
    redirHint: field(3, 1, 'redirection hint: may pick the lowest priority of a logical set'),
    format: field(4, 1, 'interrupt format', { values: { 0: 'compatibility', 1: 'remappable' } }),
    destExt: field(5, 7, 'destination id 14:8, where the hypervisor offers 15-bit ids'),
    dest: field(12, 8, 'destination APIC id 7:0'),
    window: field(20, 12, 'fixed 0xfee', { values: { 4078: 'interrupt window' } }),
    addressHigh: field(32, 32, 'zero for devices'),
    vector: field(64, 8, 'interrupt vector'),
    deliveryMode: field(72, 3, 'delivery mode', { values: modeValues }),
    dataReserved: field(75, 3, 'reserved', { reserved: 'ignored' }),
    level: field(78, 1, 'level: assert, only with level trigger', { values: { 1: 'assert' } }),
    triggerMode: field(79, 1, 'trigger mode', { values: { 0: 'edge', 1: 'level' } }),
    dataHigh: field(80, 16, 'reserved', { reserved: 'ignored' }),
  },
});

/** Remappable format: the message names an entry of the remapping table. */
export const REMAPPABLE = layout({
  name: 'remappable format message',
  bits: 96,
  source: '[VTD 5.1.2.2]',
  fields: {
    ignored: field(0, 2, 'not looked at', { reserved: 'ignored' }),
    shv: field(3, 1, 'subhandle valid: data 15:0 is added to the handle'),
    format: field(4, 1, 'interrupt format', { values: { 0: 'compatibility', 1: 'remappable' } }),
    handle: field(5, 15, 'handle: index of the table entry', { more: { bit: 2, width: 1 } }),
    window: field(20, 12, 'fixed 0xfee', { values: { 4078: 'interrupt window' } }),
    addressHigh: field(32, 32, 'must be zero', { reserved: 'zero' }),
    subhandle: field(64, 16, 'subhandle, where shv is set'),
    dataHigh: field(80, 16, 'must be zero where shv is set'),
  },
});

/** A message to a unit that takes the index from the data word, as AMD-Vi does. */
export const AMD_INDEXED = layout({
  name: 'AMD-Vi message',
  bits: 96,
  source: '[AMD 2.2.5.1]',
  fields: {
    ignored: field(0, 2, 'not looked at', { reserved: 'ignored' }),
    destMode: field(2, 1, 'destination mode; logical is refused for NMI, INIT and ExtINT'),
    addressLow: field(3, 17, 'not looked at when remapped', { reserved: 'ignored' }),
    window: field(20, 12, 'fixed 0xfee', { values: { 4078: 'interrupt window' } }),
    addressHigh: field(32, 32, 'zero for devices'),
    index: field(64, 11, 'table index; bits 10:8 are also the delivery mode'),
    dataReserved: field(75, 21, 'not looked at', { reserved: 'ignored' }),
  },
});
