/** Facts of the local APIC. */

/** Destination that reaches every CPU: physical, in x2APIC mode also logical. [SDM 11.6.2.1, 11.12.9] */
export const BROADCAST = { xapic: 0xff, x2apic: 0xffffffff } as const;

/** Priority class of a vector: its high half. [SDM 11.8.3] */
export const CLASS_SHIFT = 4;

/** Error status bits. [SDM 11.5.3] */
export const ESR = { receiveIllegalVector: 1 << 6 } as const;

/** The checks of a local APIC; what fails one is dropped. */
export const APIC_CHECKS = {
  'apic/delivery-mode': {
    source: '[SDM 11.11.2]',
    unsure: 'the specification leaves reserved modes open, [KVM] and [QEMU] drop them',
  },
  'apic/legal-vector': { source: '[SDM 11.5.3], [SDM 11.8.4]' },
} as const satisfies Record<string, { source: string; unsure?: string }>;
export type ApicCheck = keyof typeof APIC_CHECKS;

/** Words of the request and in-service registers. */
export const VECTOR_WORDS = 8;

/** x2APIC logical id: cluster in bits 31:16, one bit of 15:0. [SDM 11.12.10.2] */
export const X2APIC_CLUSTER = { shift: 4, idShift: 16, memberMask: 0xf } as const;

/** xAPIC flat model: one bit of eight for each CPU. [SDM 11.6.2.2] */
export const FLAT_CPUS_MAX = 8;
