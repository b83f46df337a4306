import { z } from 'zod';
import { KERNELS } from '../arch/linux.ts';
import { MSIX_ENTRIES_MAX } from '../arch/store.ts';
import { REMAP_PROFILES, STORE_KINDS } from '../model/machine.ts';
import { count, cpuName, irqName, name, pasid, requester, some, time, word32 } from './values.ts';

const keysOf = <T extends object>(table: T) =>
  Object.keys(table) as [Extract<keyof T, string>, ...Extract<keyof T, string>[]];

const cpu = z
  .strictObject({
    apic: z.int().min(0).max(0xffffffff).meta({ description: 'APIC id' }),
  })
  .meta({ description: 'a physical CPU' });

const cachePolicy = z
  .enum(['never', 'always', 'either'])
  .meta({ description: 'may the unit answer from its cache after memory changed' });

const vtd = z.strictObject({
  kind: z.literal('vtd').meta({ description: 'Intel VT-d' }),
  profile: z.enum(REMAP_PROFILES.vtd).optional().meta({
    description: 'spec: as the specification says; qemu: as QEMU behaves',
  }),
  enabled: z.boolean().optional().meta({ description: 'remapping is switched on at the start' }),
  entries: count(65536).optional().meta({ description: 'table size, a power of two; 256' }),
  sourceValidation: z.enum(['full', 'none']).optional().meta({
    description: 'full: Linux’s choice for each device; none: entries carry no check (SVT=0)',
  }),
  compatFormat: z.enum(['block', 'pass']).optional().meta({
    description: 'what happens to compatibility format; pass needs apic: xapic',
  }),
  cache: cachePolicy.optional(),
  cachesNotPresent: z.boolean().optional().meta({
    description: 'entries that are not present are cached as well (CM=1); false',
  }),
  faultRecords: count(256).optional().meta({ description: 'fault recording registers; 8' }),
  posting: z.boolean().optional().meta({ description: 'the unit knows posted interrupts' }),
  entryWrite: z.enum(['halves', 'whole']).optional().meta({
    description: 'entries are written as two halves, low first, or in one go',
  }),
  unreadable: z
    .array(z.enum(['table']))
    .optional()
    .meta({ description: 'memory the unit can’t read, as it is broken; none' }),
});

const amdvi = z.strictObject({
  kind: z.literal('amdvi').meta({ description: 'AMD-Vi' }),
  profile: z.enum(REMAP_PROFILES.amdvi).optional().meta({
    description: 'spec: as the specification says; qemu, qemu-9.2: as QEMU behaves',
  }),
  enabled: z
    .boolean()
    .optional()
    .meta({ description: 'remapping is switched on at the start; true' }),
  table: z.enum(['per-device', 'shared']).optional().meta({
    description: 'each requester id has its own table, or one serves all',
  }),
  entries: count(2048).optional().meta({ description: 'entries of a table, a power of two; 512' }),
  entryBits: z
    .union([z.literal(32), z.literal(128)])
    .optional()
    .meta({ description: 'size of a table entry; 128' }),
  xten: z.boolean().optional().meta({ description: '32-bit destinations' }),
  cache: cachePolicy.optional(),
  eventLog: count(256).optional().meta({ description: 'entries of the event log; 8' }),
  entryWrite: z.enum(['whole', 'clear-first']).optional().meta({
    description: 'a live entry is replaced in one go, or cleared and flushed before; whole',
  }),
  pass: z
    .array(z.enum(['nmi', 'init', 'extint']))
    .optional()
    .meta({
      description: 'modes the device table entry lets pass unmapped; none',
    }),
  intCtl: z.int().min(0).max(3).optional().meta({
    description: 'IntCtl of the device table entry: 0 abort, 1 forward, 2 remap; 2',
  }),
  valid: z.boolean().optional().meta({ description: 'IV: the device table entry maps interrupts' }),
  unreadable: z
    .array(z.enum(['device-table', 'table']))
    .optional()
    .meta({ description: 'memory the unit can’t read, as it is broken; none' }),
});

const bridge = z.strictObject({
  kind: z.enum(['switch', 'pci', 'ntb']).meta({
    description: 'switch forwards; pci puts its own requester id on what passes; ntb has proxies',
  }),
  alias: requester.optional().meta({ description: 'requester id of a pci bridge' }),
  buses: z
    .tuple([z.int().min(0).max(255), z.int().min(0).max(255)])
    .optional()
    .meta({ description: 'first and last bus beneath' }),
  checksSource: z.boolean().optional().meta({
    description: 'requests with a bus number from elsewhere are refused',
  }),
  under: name.optional().meta({ description: 'the bridge above this one' }),
});

export const platformSchema = z.strictObject({
  preset: z.enum(['x86-bare', 'x86-vtd', 'x86-amdvi']).optional().meta({
    description: 'sensible defaults: 2 CPUs and no, a VT-d or an AMD-Vi remap unit',
  }),
  cpus: z
    .union([count(64), some(cpu, 'CPU')])
    .optional()
    .meta({ description: 'number of CPUs, or each by name: p0: { apic: 0 }' }),
  apic: z
    .enum(['xapic', 'x2apic'])
    .optional()
    .meta({ description: 'mode of all local APICs; xapic' }),
  destination: z.enum(['physical', 'logical']).optional().meta({
    description: 'how software names CPUs; physical',
  }),
  extendedIds: z.boolean().optional().meta({ description: '15-bit destination ids' }),
  taskPriority: z.int().min(0).max(0xff).optional().meta({
    description: 'TPR of all CPUs: vectors of its class and below wait; 0',
  }),
  kernel: z.enum(keysOf(KERNELS)).optional().meta({
    description: 'whose plan of vectors the allocators follow; linux-6.1',
  }),
  ims: z.enum(['tglx-2020', 'linux-6.2']).optional().meta({
    description: 'device-held messages on bare metal without remapping: allowed, or refused',
  }),
  hostPosting: z.boolean().optional().meta({
    description: 'interrupts of the host itself are posted to its CPUs (Linux 6.10); false',
  }),
  archIsolatesMsi: z.boolean().optional().meta({
    description: 'the architecture keeps messages to their senders without a remap unit, as s390',
  }),
  ir: z
    .union([z.enum(['none', 'vtd', 'amdvi']), z.discriminatedUnion('kind', [vtd, amdvi])])
    .optional()
    .meta({ description: 'the interrupt remap unit' }),
  bridges: z
    .record(name, bridge)
    .optional()
    .meta({ description: 'bridges by name, between devices and the unit' }),
  latency: z
    .strictObject({
      bus: time.optional().meta({ description: 'device to remap unit; 100ns' }),
      remap: time.optional().meta({ description: 'through the remap unit; 300ns' }),
      cpu: time.optional().meta({ description: 'remap unit to local APIC; 100ns' }),
      write: time.optional().meta({ description: 'one software write; 0ns' }),
      command: time.optional().meta({
        description:
          'until a device carries out a command that changes a message in its queue; 0ns',
      }),
      handler: time.optional().meta({ description: 'from taking an interrupt to its end; 0ns' }),
    })
    .optional()
    .meta({ description: 'how long hops, software writes and handlers take' }),
  off: z.array(z.string()).optional().meta({
    description: 'checks of hardware and guards of software that are switched off',
  }),
});
export type PlatformYaml = z.infer<typeof platformSchema>;

const vcpu = z.union([
  name,
  z.strictObject({
    on: name.meta({ description: 'physical CPU it runs on' }),
    apic: z
      .int()
      .min(0)
      .max(0xffffffff)
      .optional()
      .meta({ description: 'virtual APIC id; its place in the list' }),
  }),
]);

export const guestSchema = z.strictObject({
  vcpus: some(vcpu, 'virtual CPU').meta({ description: 'virtual CPUs and where they run: v0: p1' }),
  knowsItIsVm: z.boolean().optional().meta({ description: 'CPUID says so; true' }),
  behaviour: z.enum(['honest', 'adversarial']).optional().meta({
    description: 'whether its software keeps to the layers; honest',
  }),
  viommu: z.boolean().optional().meta({
    description: 'the hypervisor shows it a VT-d unit of its own; false',
  }),
  interrupts: z.enum(['inject', 'posted', 'direct']).optional().meta({
    description:
      'how interrupts of its devices reach it: host vector and injection (default), posted, or straight to a CPU that is all its own',
  }),
});

export const deviceSchema = z.strictObject({
  bdf: requester,
  store: z.enum(STORE_KINDS).meta({
    description: 'where its messages are kept, and how they are written',
  }),
  vectors: count(MSIX_ENTRIES_MAX).optional().meta({ description: 'interrupts it has; 1' }),
  owner: name.optional().meta({ description: 'guest it is given to; the host by default' }),
  reach: z.enum(['trapped', 'direct', 'queue']).optional().meta({
    description: 'how its owner reaches the store; queue memory can only be queue',
  }),
  pasid: pasid.optional(),
  checksPasid: z.boolean().optional().meta({
    description: 'it compares the PASID of who submits with that of the slot; false',
  }),
  cachesMessage: z.boolean().optional().meta({
    description: 'it sends the message it found when it was last let go, not what it holds; false',
  }),
  maskable: z.boolean().optional().meta({ description: 'MSI with mask bits; false' }),
  storeWidth: z
    .union([z.literal(4), z.literal(8), z.literal(16)])
    .optional()
    .meta({ description: 'bytes of a slot one write changes; 4' }),
  dmaWrites: z.boolean().optional().meta({
    description: 'its owner can make it write anywhere, the interrupt window included; false',
  }),
  behind: name.optional().meta({ description: 'the bridge it sits behind' }),
  aliases: z.array(requester).optional().meta({ description: 'further requester ids it uses' }),
  levelPins: z.array(z.int().min(0).max(239)).optional().meta({
    description: 'pins of an IO-APIC that are level-triggered, as PCI lines are',
  }),
  remapped: z.boolean().optional().meta({
    description: 'its messages pass the remap unit; true',
  }),
  intx: irqName.optional().meta({ description: 'IO-APIC pin it falls back to with MSI off' }),
  iova: z.record(z.string(), word32).optional().meta({
    description: 'pages its writes are translated to by DMA remapping: "0x1000": 0xfee00000',
  }),
  sourceCheck: z
    .strictObject({
      svt: z.int().min(0).max(3).meta({
        description: 'source validation type: 0 none, 1 requester id, 2 bus range',
      }),
      sq: z
        .int()
        .min(0)
        .max(3)
        .optional()
        .meta({ description: 'function bits left out: 0 none to 3 all; 0' }),
      sid: z
        .union([requester, z.int().min(0).max(0xffff)])
        .optional()
        .meta({ description: 'what is compared with; the device’s own id' }),
    })
    .optional()
    .meta({ description: 'the check its VT-d entries get, instead of Linux’s choice' }),
});
export type DeviceYaml = z.infer<typeof deviceSchema>;

export const layerKinds = [
  'pci-msi',
  'pci-msix',
  'ims',
  'ioapic',
  'hpet',
  'hcall',
  'remap',
  'vector',
] as const;

export const domainsSchema = z.record(z.string(), z.array(z.enum(layerKinds)).min(1)).meta({
  description: 'stack of layers by device, or by realm/device; bus first, vector last',
});

export const hypervisorSchema = z.strictObject({
  traps: z
    .record(name, z.enum(['translate', 'emulate', 'pass', 'refuse']))
    .optional()
    .meta({ description: 'what a trapped store access of a device does; translate' }),
  hypercalls: z.boolean().optional().meta({ description: 'guests may ask for messages; true' }),
  delegates: z
    .record(name, z.array(name).min(1))
    .optional()
    .meta({ description: 'guests that set up interrupts for others, such as stub: [g1]' }),
  errorModel: z.enum(['at-alloc', 'null-message', 'stale-message']).optional().meta({
    description: 'how a hypercall that fails shows: at allocation, or by its message; at-alloc',
  }),
  unsafeAssignment: z.enum(['refuse', 'warn', 'allow']).optional().meta({
    description: 'a device is given away though nothing keeps its messages to it; warn',
  }),
});

const grant = z.strictObject({
  device: name.meta({ description: 'the source' }),
  to: cpuName,
  vector: z
    .union([z.literal('any'), z.int().min(0).max(255)])
    .optional()
    .meta({ description: 'one vector, or any; any' }),
});

export const policySchema = z.strictObject({
  modes: z
    .array(z.enum(['fixed', 'lowest', 'smi', 'nmi', 'init', 'extint']))
    .optional()
    .meta({ description: 'delivery modes sources may use; fixed and lowest' }),
  grants: z
    .array(grant)
    .optional()
    .meta({ description: 'what sources may signal beside their owner' }),
  deny: z.array(grant).optional().meta({ description: 'what they may not, even so' }),
  grace: time.optional().meta({
    description: 'how long after a release an interrupt sent before may arrive; 0ns',
  }),
  budgets: z
    .strictObject({
      vectors: z.int().min(1).optional().meta({ description: 'vectors of the host' }),
      entries: z.int().min(1).optional().meta({ description: 'table entries' }),
      faults: z.int().min(1).optional().meta({ description: 'faults it may cause' }),
      invalidations: z.int().min(1).optional().meta({ description: 'invalidations it may cause' }),
      interrupts: z.int().min(1).optional().meta({ description: 'interrupts of its devices' }),
    })
    .optional()
    .meta({ description: 'most a guest may use of what is shared; no limit' }),
});

export const timeSchema = z.strictObject({
  mode: z.enum(['timed', 'interleave']).optional().meta({
    description: 'things take time and one order results, or every order is tried; timed',
  }),
  flight: z.enum(['atomic', 'split']).optional().meta({
    description: 'in interleave: a raise and its arrival are one step, or each hop is; atomic',
  }),
  writes: z.enum(['atomic', 'split']).optional().meta({
    description: 'in interleave: the writes of a step are one step, or each is; split',
  }),
  limit: time.optional().meta({ description: 'a run ends here; 10s' }),
});
