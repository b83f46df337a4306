import { field, layout } from '../bits/layout.ts';
import { DELIVERY_MODES } from './message.ts';

const modes = Object.fromEntries(DELIVERY_MODES.map((name, value) => [value, name]));

/** Redirection table entry that names CPU and vector itself. */
export const RTE = layout({
  name: 'IO-APIC redirection table entry',
  bits: 64,
  source: '[IOAPIC 3.2.4], [KVM kvm_para.h]',
  fields: {
    vector: field(0, 8, 'interrupt vector'),
    deliveryMode: field(8, 3, 'delivery mode', { values: modes }),
    destMode: field(11, 1, 'destination mode', { values: { 0: 'physical', 1: 'logical' } }),
    status: field(12, 1, 'delivery status, read only', { reserved: 'ignored' }),
    polarity: field(13, 1, 'polarity', { values: { 0: 'active high', 1: 'active low' } }),
    remoteIrr: field(14, 1, 'remote IRR, read only: a level interrupt is sent and not yet ended'),
    triggerMode: field(15, 1, 'trigger mode', { values: { 0: 'edge', 1: 'level' } }),
    mask: field(16, 1, 'mask: the pin is not heard'),
    rsvd17: field(17, 31, 'reserved', { reserved: 'ignored' }),
    format: field(48, 1, 'interrupt format', { values: { 0: 'compatibility', 1: 'remappable' } }),
    destExt: field(49, 7, 'destination id 14:8, where the hypervisor offers 15-bit ids'),
    dest: field(56, 8, 'destination APIC id 7:0'),
  },
});

/** Redirection table entry that names an entry of the remapping table. */
export const RTE_REMAPPABLE = layout({
  name: 'IO-APIC redirection table entry, remappable format',
  bits: 64,
  source: '[VTD 5.1.5.1]',
  fields: {
    vector: field(0, 8, 'not used for delivery: Linux keeps the pin number here'),
    rsvd8: field(8, 3, 'software writes zero; not looked at', { reserved: 'ignored' }),
    index: field(49, 15, 'index of the table entry', { more: { bit: 11, width: 1 } }),
    status: field(12, 1, 'delivery status, read only', { reserved: 'ignored' }),
    polarity: field(13, 1, 'polarity', { values: { 0: 'active high', 1: 'active low' } }),
    remoteIrr: field(14, 1, 'remote IRR, read only'),
    triggerMode: field(15, 1, 'trigger mode', { values: { 0: 'edge', 1: 'level' } }),
    mask: field(16, 1, 'mask: the pin is not heard'),
    rsvd17: field(17, 31, 'reserved', { reserved: 'ignored' }),
    format: field(48, 1, 'interrupt format', { values: { 0: 'compatibility', 1: 'remappable' } }),
  },
});

/** Trigger mode as redirection table entries and messages have it. [IOAPIC 3.2.4], [SDM 11.11.2] */
export const TRIGGER = { edge: 0, level: 1 } as const;
