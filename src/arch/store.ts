import { field, layout } from '../bits/layout.ts';

/**
 * MSI capability of a function, as far as software writes messages into it. What is reserved reads
 * as zero whatever is written: a device never sends it.
 */
export const MSI_SLOT = layout({
  name: 'MSI capability: message and mask bits',
  bits: 128,
  source: '[PCI 6.8.1.4], [PCI 6.8.1.6]',
  fields: {
    rsvd0: field(0, 2, 'reads as zero: messages are whole words', { reserved: 'ignored' }),
    addressLow: field(2, 30, 'message address 31:2'),
    addressHigh: field(32, 32, 'message address 63:32'),
    data: field(64, 16, 'message data'),
    rsvd80: field(80, 16, 'reads as zero: messages have 16 bits of data', { reserved: 'ignored' }),
    masks: field(96, 32, 'mask bits, one for each vector, where the function has them'),
  },
});

/** Vector control word of an MSI-X entry. */
export const MSIX_CONTROL = layout({
  name: 'MSI-X vector control',
  bits: 32,
  source: '[PCI 6.8.2.9]',
  fields: {
    mask: field(0, 1, 'mask: the interrupt waits in the pending bit array'),
    rsvd1: field(1, 31, 'reserved', { reserved: 'ignored' }),
  },
});

/** Control word of an interrupt message storage slot, as the Data Streaming Accelerator has it. */
export const IMS_CONTROL = layout({
  name: 'IMS slot control',
  bits: 32,
  source: '[DSA 9.2.18]',
  fields: {
    mask: field(0, 1, 'mask: the interrupt waits in the pending bit'),
    pending: field(1, 1, 'pending, read only'),
    rsvd2: field(2, 1, 'reserved', { reserved: 'ignored' }),
    pasidEnable: field(3, 1, 'the submitter must carry the PASID of this slot'),
    rsvd4: field(4, 8, 'reserved', { reserved: 'ignored' }),
    pasid: field(12, 20, 'PASID allowed to use this slot'),
  },
});

/** Configuration register of an HPET timer, bits 31:0. */
export const HPET_TIMER = layout({
  name: 'HPET timer configuration',
  bits: 32,
  source: '[HPET 2.3.8]',
  fields: {
    rsvd0: field(0, 1, 'reserved', { reserved: 'ignored' }),
    intType: field(1, 1, 'interrupt type', { values: { 0: 'edge', 1: 'level' } }),
    intEnable: field(2, 1, 'interrupts are enabled; clear: nothing is sent, nothing remembered'),
    periodic: field(3, 1, 'type of the timer', { values: { 0: 'one shot', 1: 'periodic' } }),
    periodicCap: field(4, 1, 'the timer can be periodic, read only'),
    sizeCap: field(5, 1, 'size of the timer, read only', {
      values: { 0: '32 bits', 1: '64 bits' },
    }),
    valSet: field(6, 1, 'the next write sets the accumulator'),
    rsvd7: field(7, 1, 'reserved', { reserved: 'ignored' }),
    mode32: field(8, 1, 'forced to 32 bits'),
    intRoute: field(9, 5, 'IO-APIC pin, where messages are off'),
    fsbEnable: field(14, 1, 'interrupts are messages'),
    fsbCap: field(15, 1, 'the timer can send messages, read only'),
    rsvd16: field(16, 16, 'reserved', { reserved: 'ignored' }),
  },
});

/** Most vectors an MSI function may have: one message, low data bits replaced. [PCI 6.8.1.3] */
export const MSI_VECTORS_MAX = 32;
/** Most entries of an MSI-X table. [PCI 6.8.2.3] */
export const MSIX_ENTRIES_MAX = 2048;
