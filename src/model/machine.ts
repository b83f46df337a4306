import type { KernelName } from '../arch/linux.ts';

/**
 * The compiled, immutable description of what is simulated. Everything is named by its index in
 * these lists; the names are for people.
 */
export interface Machine {
  readonly name: string;
  /** Local APICs: physical CPUs first, then virtual ones. */
  readonly cpus: readonly CpuSpec[];
  /** Who runs software: realm 0 is the host, the others are guests. */
  readonly realms: readonly RealmSpec[];
  readonly bridges: readonly BridgeSpec[];
  readonly devices: readonly DeviceSpec[];
  /** Every slot of every device that may raise. */
  readonly irqs: readonly IrqSpec[];
  readonly domains: readonly DomainSpec[];
  /** Topmost layer by realm and device; `NONE` where the realm has no stack for it. */
  readonly stacks: readonly (readonly number[])[];
  readonly remap: RemapPlan;
  readonly hypervisor: HypervisorSpec;
  readonly policy: PolicySpec;
  readonly kernel: KernelName;
  /** 0 physical, 1 logical: how software names its CPUs. */
  readonly destMode: number;
  /** The hypervisor offers 15-bit destination ids. [KVM] */
  readonly extendedIds: boolean;
  /** Task priority physical CPUs start with: vectors of its class and below wait. [SDM 11.8.3] */
  readonly taskPriority: number;
  /** Device-held messages without a remap unit: the 2020 mail allows them, Linux 6.2 does not. */
  readonly imsOnBareMetal: boolean;
  /** The architecture itself keeps every message to its sender, as s390 does. [LINUX 6.3] */
  readonly archIsolatesMsi: boolean;
  /** The host's own interrupts are posted to their physical CPU. [LINUX 6.10 CONFIG_X86_POSTED_MSI] */
  readonly hostPosting: boolean;
  /** Rules of units and guards of software that are switched off on purpose. */
  readonly off: readonly string[];
  readonly latency: Latency;
}

/** The host's index in `Machine.realms`. */
export const HOST = 0;
/** Stands for "no index" wherever an index may be missing. */
export const NONE = -1;

export interface CpuSpec {
  readonly name: string;
  readonly realm: number;
  readonly apicId: number;
  readonly mode: 'xapic' | 'x2apic';
  /** Physical CPU a virtual one is pinned to at the start; `NONE` for physical CPUs. */
  readonly runsOn: number;
}

export interface RealmSpec {
  readonly name: string;
  readonly kind: 'host' | 'guest';
  readonly behaviour: 'honest' | 'adversarial';
  /** The guest can tell that it runs in a virtual machine (CPUID). */
  readonly knowsItIsVm: boolean;
  /**
   * How interrupts of its devices reach a guest: `inject` (host vector, then injection), `posted`
   * (descriptor of the virtual CPU), `direct` (the physical CPU is the guest's, no exit).
   */
  readonly interrupts: 'inject' | 'posted' | 'direct';
  /** The remap unit the hypervisor emulates for a guest; null for none. */
  readonly viommu: VtdPlan | null;
  /** Indices into `Machine.cpus`. */
  readonly cpus: readonly number[];
}

export interface BridgeSpec {
  readonly name: string;
  /** `switch` forwards; `pci` takes ownership and re-tags; `ntb` sends under proxy ids. */
  readonly kind: 'switch' | 'pci' | 'ntb';
  /** Requester id a `pci` bridge puts on what passes. */
  readonly alias: number;
  /** Access control: requests with a requester id from outside the bridge are refused. */
  readonly checksSource: boolean;
  /** Buses beneath, first and last, for `checksSource`. */
  readonly buses: readonly [number, number];
}

export const STORE_KINDS = ['msi', 'msix', 'ims-device', 'ims-queue', 'ioapic', 'hpet'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

/** How the owner's software reaches the message store of a device. */
export type Reach = 'trapped' | 'direct' | 'queue';

export interface DeviceSpec {
  readonly name: string;
  /** Requester id the device puts on its own transactions. */
  readonly rid: number;
  /** Process address space id of the device's interface; `NONE` when it uses none. */
  readonly pasid: number;
  readonly store: StoreKind;
  readonly slots: number;
  /** Realm the device is given to. */
  readonly owner: number;
  readonly reach: Reach;
  /** The owner can make the device write anywhere, the interrupt window included. */
  readonly dma: boolean;
  /** MSI with per-vector mask bits; the other stores always have them. */
  readonly maskable: boolean;
  /** Bytes of the store one write changes. */
  readonly storeWidth: 4 | 8 | 16;
  /** The device compares the submitter's PASID with that of an IMS slot. */
  readonly checksPasid: boolean;
  /** The device keeps a copy of a message while it is not masked. [PCI 6.8.3.5] */
  readonly cachesMessage: boolean;
  /** Bridges from the device upwards. */
  readonly bridges: readonly number[];
  /** Extra requester ids the device may use: phantom functions, proxies of a bridge. */
  readonly aliases: readonly number[];
  /** Pins of an IO-APIC that software sets up as level-triggered. */
  readonly levelPins: readonly number[];
  /** Its messages come by the remap unit; otherwise they go around it. */
  readonly remapped: boolean;
  /** Pin of an IO-APIC the device falls back to with MSI off, as an irq; `NONE` for none. */
  readonly intx: number;
  /** Bus addresses its writes are translated to, by the page the device writes to. */
  readonly iova: Readonly<Record<number, number>>;
  /** Source check of the device's table entries; `linux`: as the kernel would choose. */
  readonly sourceCheck: SourceCheck | 'linux';
}

/** What a VT-d entry demands of the requester id. */
export interface SourceCheck {
  readonly svt: number;
  readonly sq: number;
  readonly sid: number;
}

export interface IrqSpec {
  /** `device.slot`, as in scenario files. */
  readonly name: string;
  readonly device: number;
  readonly slot: number;
}

export const DOMAIN_KINDS = [
  'vector',
  'remap',
  'hcall',
  'pci-msi',
  'pci-msix',
  'ims',
  'ioapic',
  'hpet',
] as const;
export type DomainKind = (typeof DOMAIN_KINDS)[number];

/** One layer of a stack of irq domains. */
export interface DomainSpec {
  readonly name: string;
  readonly kind: DomainKind;
  readonly realm: number;
  /** The next layer towards the CPU; `NONE` at the root. */
  readonly parent: number;
  /** The device of a per-device layer; `NONE` for shared layers. */
  readonly device: number;
}

/**
 * Remap units by kind, and whose behaviour each can show: the specification's (`spec`), or that of
 * a known emulator.
 */
export const REMAP_PROFILES = {
  none: ['spec'],
  vtd: ['spec', 'qemu'],
  amdvi: ['spec', 'qemu', 'qemu-9.2'],
} as const;
export type RemapKind = keyof typeof REMAP_PROFILES;
export type RemapProfile<K extends RemapKind> = (typeof REMAP_PROFILES)[K][number];

/** Which remap unit stands between the bridges and the CPUs, and how software sets it up. */
export type RemapPlan = { readonly kind: 'none' } | VtdPlan | AmdPlan;

export interface VtdPlan {
  readonly kind: 'vtd';
  readonly profile: RemapProfile<'vtd'>;
  readonly enabled: boolean;
  /** Number of table entries: a power of two, 2 to 65536. */
  readonly entries: number;
  /** Extended interrupt mode: 32-bit destinations. */
  readonly eime: boolean;
  readonly compatFormat: 'block' | 'pass';
  /** `full`: the kernel's choice for each device; `none`: entries are written with SVT=0. */
  readonly sourceValidation: 'full' | 'none';
  readonly cache: 'never' | 'always' | 'either';
  readonly cachesNotPresent: boolean;
  readonly faultRecords: number;
  readonly posting: boolean;
  /** Entries are written as two 64-bit halves, low first, or in one go. */
  readonly entryWrite: 'halves' | 'whole';
  /** Memory whose reads fail from the start. */
  readonly unreadable: readonly 'table'[];
}

export interface AmdPlan {
  readonly kind: 'amdvi';
  readonly profile: RemapProfile<'amdvi'>;
  readonly enabled: boolean;
  /** `shared`: one table for all devices; `per-device`: each requester id has its own. */
  readonly table: 'shared' | 'per-device';
  /** Entries of a table: a power of two, 1 to 2048. */
  readonly entries: number;
  readonly entryBits: 32 | 128;
  readonly xten: boolean;
  readonly cache: 'never' | 'always' | 'either';
  readonly eventLogSize: number;
  /** How a live entry is replaced: atomically, or cleared first and written after a flush. */
  readonly entryWrite: 'whole' | 'clear-first';
  /** Pass bits of the device table entries. */
  readonly pass: readonly ('nmi' | 'init' | 'extint')[];
  readonly intCtl: number;
  readonly intValid: boolean;
  /** Memory whose reads fail from the start. */
  readonly unreadable: readonly ('device-table' | 'table')[];
}

export type TrapAction = 'translate' | 'emulate' | 'pass' | 'refuse';

export interface HypervisorSpec {
  /** By device: what a trapped store access does. */
  readonly traps: readonly TrapAction[];
  /** Guests may ask for messages by hypercall. */
  readonly hypercalls: boolean;
  /** How a hypercall that fails shows itself to the guest. */
  readonly errorModel: 'at-alloc' | 'null-message' | 'stale-message';
  /** What to do when a device is assigned without isolated interrupts. */
  readonly unsafeAssignment: 'refuse' | 'warn' | 'allow';
  readonly delegates: readonly Delegate[];
}

/** A guest, such as one that runs device models, that may set up interrupts for another one. */
export interface Delegate {
  readonly realm: number;
  readonly acts: number;
}

/** What devices may signal. */
export interface PolicySpec {
  /** Delivery modes a source may use, as indices into `DELIVERY_MODES`. */
  readonly modes: readonly number[];
  readonly grants: readonly Grant[];
  readonly denials: readonly Grant[];
  /** How long after a revocation an interrupt that was already sent may still arrive. */
  readonly graceNs: number;
  readonly budgets: Budgets;
}

/** A source may (or may not) signal a target. */
export interface Grant {
  readonly device: number;
  readonly cpu: number;
  /** `NONE`: any vector. */
  readonly vector: number;
  /** Where the file says so. */
  readonly source: string;
}

/** Limits on what one guest may use of what is shared; 0 means no limit. */
export interface Budgets {
  readonly vectors: number;
  readonly entries: number;
  readonly faults: number;
  readonly invalidations: number;
  readonly interrupts: number;
}

/** How long things take, in nanoseconds. */
export interface Latency {
  /** Device to the remap unit, over all bridges. */
  readonly busNs: number;
  /** Through the remap unit. */
  readonly remapNs: number;
  /** Remap unit to the local APIC. */
  readonly cpuNs: number;
  /** One software write to a device, table or register. */
  readonly writeNs: number;
  /** Until a device carries out a command that changes a message in queue memory. */
  readonly commandNs: number;
  /** From taking an interrupt to its EOI. */
  readonly handlerNs: number;
}
