import { field, layout } from '../bits/layout.ts';

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

/** Most vectors an MSI function may have: one message, low data bits replaced. [PCI 6.8.1.3] */
export const MSI_VECTORS_MAX = 32;
/** Most entries of an MSI-X table. [PCI 6.8.2.3] */
export const MSIX_ENTRIES_MAX = 2048;
