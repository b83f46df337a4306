/** What a per-device MSI layer asks of the layer beneath it, and what such parents offer. */

/** Features of a message store that not every parent can serve. [LINUX include/linux/msi.h, 6.2] */
export const MSI_FEATURES = {
  msix: 'MSI-X: each interrupt has a message of its own',
  'multi-msi': 'a block of MSI interrupts shares one message',
  ims: 'messages lie where the device wants them (IMS)',
  'queue-memory': 'messages lie in memory of the driver, where nobody can trap them',
} as const;
export type MsiFeature = keyof typeof MSI_FEATURES;

/** What a parent asks of the layers above it. [LINUX x86_init_dev_msi_info, 6.2] */
export const MSI_DUTIES = {
  'two-step-update': 'a message that can’t be masked is changed in two steps (NOMASK_QUIRK)',
} as const;
export type MsiDuty = keyof typeof MSI_DUTIES;

/** A kind of MSI parent. */
export interface MsiParent {
  readonly supported: readonly MsiFeature[];
  readonly required: readonly MsiDuty[];
  readonly source: string;
}

/**
 * MSI parents of x86. Linux tells device-held messages from others, but not queue memory from the
 * rest; that distinction, and the Vector layer of 2020, are the mail's. [TGLX]
 */
export const MSI_PARENTS = {
  vector: {
    supported: ['msix'],
    required: ['two-step-update'],
    source: '[LINUX arch/x86/kernel/apic/msi.c, 6.2]',
  },
  'vector-2020': {
    supported: ['msix', 'ims', 'queue-memory'],
    required: ['two-step-update'],
    source: '[TGLX]',
  },
  'guest-vector-2020': {
    supported: ['msix', 'ims'],
    required: ['two-step-update'],
    source: '[TGLX]',
  },
  remap: {
    supported: ['msix', 'multi-msi', 'ims', 'queue-memory'],
    required: [],
    source: '[LINUX drivers/iommu/intel/irq_remapping.c dmar_msi_parent_ops, 6.2]',
  },
  'virtual-remap': {
    supported: ['msix', 'multi-msi'],
    required: [],
    source: '[LINUX drivers/iommu/intel/irq_remapping.c virt_dmar_msi_parent_ops, 6.2]',
  },
  hcall: {
    supported: ['msix', 'multi-msi', 'ims', 'queue-memory'],
    required: [],
    source: '[TGLX]',
  },
} as const satisfies Record<string, MsiParent>;
export type MsiParentName = keyof typeof MSI_PARENTS;

/** What stores of each kind can't do without. A block of MSI is refused later, at allocation. */
export const STORE_NEEDS = {
  msi: [],
  msix: ['msix'],
  'ims-device': ['ims'],
  'ims-queue': ['ims', 'queue-memory'],
  ioapic: [],
  hpet: [],
} as const satisfies Record<string, readonly MsiFeature[]>;
export type NeedyStore = keyof typeof STORE_NEEDS;

/** Features of a store that a parent does not have; empty where it serves the store. */
export function missingFeatures(parent: MsiParentName, store: NeedyStore): MsiFeature[] {
  const { supported }: MsiParent = MSI_PARENTS[parent];
  return STORE_NEEDS[store].filter(need => !supported.includes(need));
}
