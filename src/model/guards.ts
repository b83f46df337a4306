/**
 * Things careful software does that can be left out on purpose, to see what they are worth. Rules
 * of hardware are listed with their units in `arch/`.
 */
export const GUARDS = {
  'remap/clear-on-free': 'a freed table entry is cleared',
  'remap/flush-on-free': 'cached copies of a freed entry are invalidated before it is used again',
  'remap/flush-on-change': 'cached copies of a changed entry are invalidated',
  'remap/wait-for-invalidation': 'software waits until an invalidation is done',
  'remap/flush-before-reuse': 'an index is free again only after its cached copies are gone',
  'store/mask-on-enable': 'all MSI-X entries are masked while the function is switched on',
  'store/rewrite-on-resume': 'messages are written again after a suspend',
  'store/mask-before-write': 'an MSI-X entry is masked while it is written',
  'store/zero-on-free': 'a freed slot holds a zero message',
  'store/opaque-message': 'the bus layer does not look into the messages it stores',
  'domain/check-need': 'a stack is refused where no layer can compose for the store',
  'domain/told-cpu': 'the CPU a guest tells the hypervisor is the one its vector is on',
  'vector/retrigger': 'an interrupt caught pending on the old CPU is sent to the new one',
  'vector/free-moving-on-offline': 'a vector still held by a move is freed with its CPU',
  'vector/scan-offline': 'a CPU that goes offline hands on what is pending in its APIC',
  'hypervisor/check-caller': 'a hypercall about a device that is not the caller’s is refused',
  'hypervisor/check-target': 'a message for a CPU or vector that is not the guest’s is refused',
  'hypervisor/grant-on-map': 'whoever maps an interrupt for a guest gets the right to bind it',
  'hypervisor/revoke-rights': 'rights on an interrupt end with the interrupt',
  'hypervisor/trap-every-byte': 'an access that spans several registers is checked whole',
  'hypervisor/recorded-message': 'the hypervisor trusts its own record, not what the device holds',
  'hypervisor/protect-on-assign': 'message stores are trapped anew at each assignment',
  'hypervisor/take-back': 'what an owner had of a device is taken down before the next gets it',
  'hypervisor/reset-on-assign': 'a device is reset before another owner gets it',
  'hypervisor/follow-mask': 'an interrupt its guest unmasks is unmasked on the host side too',
  'hypervisor/keep-posted': 'an affinity change of the host leaves a posted entry alone',
  'hypervisor/restore-on-unpost': 'where posting ends, the entry gets the host’s own form back',
  'hypervisor/follow-vcpu': 'the descriptor of a virtual CPU follows it to another CPU',
  'hypervisor/refresh-routes': 'an invalidation in an emulated unit renews what was translated',
  'hypervisor/record-faults': 'an emulated unit writes fault records',
} as const;
export type Guard = keyof typeof GUARDS;
