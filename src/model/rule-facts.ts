import type { RuleName } from './rules.ts';

export interface RuleFacts {
  /** What must have happened for the rule to apply. */
  readonly means: string;
  /** What has to be known, that no unit on the way can see, to tell. */
  readonly truth: string;
  /** What keeps it from happening. */
  readonly cure: string;
  /** A real system where it did, or where the rule comes from. */
  readonly anchor: string;
}

/** What each rule is about. */
export const RULE_FACTS: Readonly<Record<RuleName, RuleFacts>> = {
  'mode/nmi': {
    means: 'a source raised an NMI without a grant for that delivery mode',
    truth: 'the delivery modes the policy grants',
    cure: 'remapping: the mode comes from the table entry, not from the message',
    anchor: 'CVE-2013-3495 (XSA-59)',
  },
  'mode/init': {
    means: 'a source sent INIT without a grant for that delivery mode',
    truth: 'the delivery modes the policy grants',
    cure: 'remapping: the mode comes from the table entry, not from the message',
    anchor: 'CVE-2011-1898',
  },
  'mode/smi': {
    means: 'a source raised an SMI without a grant for that delivery mode',
    truth: 'the delivery modes the policy grants',
    cure: 'remapping: the mode comes from the table entry, not from the message',
    anchor: 'CVE-2011-1898',
  },
  'mode/extint': {
    means: 'a source sent ExtINT without a grant for that delivery mode',
    truth: 'the delivery modes the policy grants',
    cure: 'remapping: the mode comes from the table entry, not from the message',
    anchor: 'CVE-2011-1898',
  },
  'mode/exception-vector': {
    means: 'a guest’s source raised an exception, system call or IPI vector of somebody else’s CPU',
    truth: 'which vectors a kernel keeps for itself',
    cure: 'remapping; a task priority that holds back vectors below 0x20 is half a cure',
    anchor: 'CVE-2011-1898: vectors 0x80 and 0x82',
  },
  'integrity/torn-message': {
    means: 'a device sent the address of one composition with the data of another',
    truth: 'every message that was put into the slot as a whole',
    cure: 'a mask while the store is written, one atomic write, or the two-step update',
    anchor: 'Linux commit 6f1a4891a592',
  },
  'integrity/unmasked-write': {
    means: 'an MSI-X entry was written while it was not masked, which leaves open what is sent',
    truth: 'the mask of the entry at each write',
    cure: 'a mask while the entry is written',
    anchor: 'PCI 6.8.3.5; Linux tag irq-urgent-2021-08-15',
  },
  'integrity/partial-write': {
    means: 'a part of a trapped access went past the trap into the device',
    truth: 'which accesses were trapped, and who wrote each word of the device',
    cure: 'a trap that checks every byte an access touches',
    anchor: 'CVE-2015-4103 (XSA-128)',
  },
  'integrity/unsanitised-readback': {
    means: 'the hypervisor believed a message it read back from a device its guest can write',
    truth: 'what the hypervisor had composed itself',
    cure: 'the hypervisor’s own record of what it composed',
    anchor: 'CVE-2020-25595 (XSA-337)',
  },
  'integrity/stale-message': {
    means: 'a sender used a copy of a message that its store no longer held',
    truth: 'what the store held when the device sent',
    cure: 'a mask while the store is written: copies are renewed when it goes',
    anchor: 'bhyve, FreeBSD review D24593; PCI 6.8.3.5 on copies of unmasked entries',
  },
  'integrity/null-message': {
    means: 'a device sent the all-zero message its software had stored as a valid one',
    truth: 'who composed the message, and that the interrupt was in use',
    cure: 'an error at allocation instead of a message that means nothing',
    anchor: 'Linux drivers/pci/controller/pci-hyperv.c hv_compose_msi_msg',
  },
  'integrity/stale-cache': {
    means: 'the unit answered from a cached entry after memory had changed',
    truth: 'the entry in memory at the time of the request',
    cure: 'an invalidation after each change of an entry, waited for',
    anchor: 'Asterinas pull request 2645',
  },
  'integrity/transient-pair': {
    means: 'a device sent the deliberate intermediate pair of a two-step update',
    truth: 'which messages were put there as a step on the way',
    cure: 'none needed: it is found pending on the old CPU and sent on',
    anchor: 'Linux commit 6f1a4891a592',
  },
  'isolation/stale-entry': {
    means: 'an entry that was given back, or given to another since, was still used',
    truth: 'who held the entry, and until when',
    cure: 'entries cleared, and cached copies flushed, before an index goes to another',
    anchor: 'XSA-36, second half; XSA-395',
  },
  'isolation/stale-message': {
    means: 'a message composed for an interrupt that is gone arrived at somebody else',
    truth: 'which interrupt a message was composed for, and whether it is still in use',
    cure: 'a zero message on release, and a reset before the device gets another owner',
    anchor: 'CVE-2021-28702',
  },
  'isolation/stale-inflight': {
    means: 'an interrupt sent before its release arrived after it',
    truth: 'when the message left, and when its vector or entry was given back',
    cure: 'a vector that stays unused until nothing can be on its way to it',
    anchor: 'Linux 2025: vector slots are looked up again under the lock',
  },
  'isolation/shared-requester': {
    means: 'two owners’ sources have one requester id, so validation can’t tell them apart',
    truth: 'the owner of each entry and of each source behind the id',
    cure: 'a requester id of its own for each owner; no unit looks at the PASID',
    anchor: 'SIOV assignable interfaces of one function',
  },
  'isolation/shared-table': {
    means: 'one table serves several owners’ devices, and an index reached across',
    truth: 'the owner of each index',
    cure: 'an interrupt table for each requester id',
    anchor: 'XSA-36 = CVE-2013-0153',
  },
  'isolation/spoofed-requester': {
    means: 'a source used a requester id that is not its own, and nothing noticed',
    truth: 'which ids are the source’s own',
    cure: 'bridges that check the bus of their sources (ACS source validation)',
    anchor: 'Wojtczuk and Rutkowska 2011',
  },
  'isolation/foreign-entry': {
    means: 'a source used a table entry that was allocated for another owner',
    truth: 'the owner of each entry',
    cure: 'a check of the requester id in every entry (SVT=1)',
    anchor: 'CVE-2013-1952 (XSA-49), CVE-2012-5634 (XSA-33)',
  },
  'isolation/foreign-target': {
    means: 'a source reached a CPU and vector its owner may not signal',
    truth: 'who holds each vector, and what the policy grants',
    cure: 'remapping, with compatibility format blocked',
    anchor: 'CVE-2011-1898',
  },
  'isolation/posted-clobber': {
    means: 'an entry that posts to a virtual CPU was overwritten with the remapped form',
    truth: 'which entries the hypervisor has posted, and to whom',
    cure: 'the host’s affinity changes leave posted entries alone',
    anchor: 'Linux 2025: Don’t clobber posted vCPU IRTEs when the host affinity changes',
  },
  'liveness/wrongly-blocked': {
    means: 'hardware refused a message that was composed for its sender and still valid',
    truth: 'what was composed for the source, and that the interrupt is in use',
    cure: 'a source check that fits how the device is wired',
    anchor: 'Linux 3f0c625c6ae7; ithc-linux issue 2',
  },
  'liveness/lost': {
    means: 'a permitted interrupt was raised, was not masked, and was never serviced',
    truth: 'every raise, and whether its owner held a vector for it',
    cure: 'see the rule that shows beside it, or the chain of the raise',
    anchor: 'Linux commit 6f1a4891a592',
  },
  'liveness/stuck-mask': {
    means: 'an interrupt waits behind a mask its owner has taken away, or never set',
    truth: 'what the owner has asked of the mask',
    cure: 'the host’s mask follows the guest’s, and nobody else touches it',
    anchor: 'CVE-2015-4104 (XSA-129)',
  },
  'liveness/duplicate': {
    means: 'one raise was serviced more than once',
    truth: 'every raise, and every run of its handler',
    cure: 'none needed as a rule: handlers must bear it',
    anchor: 'Linux msi_set_affinity comment',
  },
  'integrity/spurious': {
    means: 'a CPU took a vector nobody had asked for',
    truth: 'which vectors are in use on the CPU',
    cure: 'see the rule that shows beside it',
    anchor: 'Linux: No irq handler for vector',
  },
  'layering/missing-parent-accepted': {
    means: 'a stack came to be though nothing beneath can compose for its store',
    truth: 'what each parent offers, and what the store can’t do without',
    cure: 'an error when the domain is created',
    anchor: 'Thomas Gleixner 2020; Linux x86_init_dev_msi_info',
  },
  'layering/vm-unaware': {
    means: 'a message a guest composed as on bare metal left its device untranslated',
    truth: 'which layer of which realm composed the message',
    cure: 'a guest that knows it is one and asks (HCALL), or a store that can be trapped',
    anchor: 'Thomas Gleixner 2020; ath11k passthrough, January 2024',
  },
  'layering/bus-knows-platform': {
    means: 'a bus layer wrote its store otherwise when only the platform beneath differed',
    truth: 'what the same script makes it write over every other platform',
    cure: 'a bus layer that does not look into the messages it stores',
    anchor: 'Thomas Gleixner 2020: the Busdomain has no clue about the system beneath',
  },
  'assign/no-remap': {
    means: 'a device was given to a guest though nothing keeps its messages to it',
    truth: 'whether a layer of the host’s stack isolates messages',
    cure: 'refuse the assignment, or remap',
    anchor: 'Linux drivers/vfio/vfio_iommu_type1.c; KVM allow_unsafe_assigned_interrupts',
  },
  'assign/unsafe-optin': {
    means: 'a device was given to a guest unsafely because somebody asked for that',
    truth: 'whether a layer of the host’s stack isolates messages, and the policy',
    cure: 'leave allow_unsafe_interrupts alone',
    anchor: 'Linux drivers/vfio/vfio_iommu_type1.c allow_unsafe_interrupts=1',
  },
  'assign/shared-rid': {
    means: 'a device was given to one owner while another has one with the same requester id',
    truth: 'the requester id each device has on the wire, and its owner',
    cure: 'owners get whole functions, or whatever has an id of its own',
    anchor: 'SIOV; IOMMU groups of Linux',
  },
  'dos/storm': {
    means: 'devices of a guest sent more interrupts than its budget',
    truth: 'the budget, and who owns each source',
    cure: 'posting, or a mask the host may set',
    anchor: 'Linux mailing list, November 2025: software interrupt moderation',
  },
  'dos/fault-log': {
    means: 'devices of a guest caused more faults than its budget',
    truth: 'the budget, and who owns the source of each fault',
    cure: 'FPD in the entries of a device that floods the log',
    anchor: 'CVE-2014-3968; Linux limits the rate of its own log only',
  },
  'dos/entry-exhaustion': {
    means: 'interrupts of a guest hold more table entries than its budget',
    truth: 'the budget, and the owner of each entry',
    cure: 'a limit for each guest in the hypercall',
    anchor: 'Linux alloc_irte: can’t allocate an IRTE',
  },
  'dos/vector-exhaustion': {
    means: 'interrupts of a guest hold more vectors of the host than its budget',
    truth: 'the budget, and the owner of each vector',
    cure: 'posting, which needs one vector for all',
    anchor: 'Linux: Affinity broken due to vector space exhaustion',
  },
  'dos/inval-queue': {
    means: 'interrupts of a guest cost more invalidations than its budget',
    truth: 'the budget, and the owner of each invalidated entry',
    cure: 'a limit on how often a guest may retarget',
    anchor: 'CVE-2021-28692',
  },
  'dos/denied': {
    means: 'a request of one guest fails only because of what another did',
    truth: 'the same run without the other guest’s steps',
    cure: 'budgets, or resources set aside for each guest',
    anchor: 'Linux: vector space exhaustion; found by twin runs',
  },
  'covert/content': {
    means: 'a guest sees other interrupts because of what another did, and no rule says why',
    truth: 'the same run without the other guest’s steps',
    cure: 'see the first observation that differs',
    anchor: 'Rushby 1992, intransitive noninterference; found by twin runs',
  },
  'covert/alloc-order': {
    means: 'the numbers a guest is given depend on what another guest has allocated',
    truth: 'the same run without the other guest’s steps',
    cure: 'a table for each guest, or handles that mean nothing to it',
    anchor: 'no CVE is known; found by twin runs',
  },
  'covert/timing': {
    means: 'interrupts of a guest take another time because of what another did',
    truth: 'the same run without the other guest’s steps',
    cure: 'CPUs that guests do not share with the handlers of others',
    anchor: 'no CVE is known; found by twin runs',
  },
};
