import { z } from 'zod';
import { KERNELS } from '../arch/linux.ts';
import { GUARDS } from '../model/guards.ts';
import { STORE_KINDS } from '../model/machine.ts';
import { count, cpuName, irqName, name, requester, some, time, word32 } from './values.ts';

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
  kind: z.literal('vtd'),
  profile: z.enum(['spec', 'qemu']).optional().meta({
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
  cachesNotPresent: z.boolean().optional(),
  faultRecords: count(256).optional().meta({ description: 'fault recording registers; 8' }),
  posting: z.boolean().optional().meta({ description: 'the unit knows posted interrupts' }),
  entryWrite: z.enum(['halves', 'whole']).optional().meta({
    description: 'entries are written as two halves, low first, or in one go',
  }),
});

const amdvi = z.strictObject({
  kind: z.literal('amdvi'),
  profile: z.enum(['spec', 'qemu', 'qemu-9.2']).optional(),
  enabled: z.boolean().optional(),
  table: z.enum(['per-device', 'shared']).optional().meta({
    description: 'each requester id has its own table, or one serves all',
  }),
  entries: count(2048).optional().meta({ description: 'entries of a table, a power of two; 512' }),
  entryBits: z.union([z.literal(32), z.literal(128)]).optional(),
  xten: z.boolean().optional().meta({ description: '32-bit destinations' }),
  cache: cachePolicy.optional(),
  eventLog: count(256).optional().meta({ description: 'entries of the event log; 8' }),
  entryWrite: z.enum(['whole', 'clear-first']).optional(),
  pass: z.array(z.enum(['nmi', 'init', 'extint'])).optional(),
  intCtl: z.int().min(0).max(3).optional(),
  valid: z.boolean().optional().meta({ description: 'IV: the device table entry maps interrupts' }),
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
  apic: z.enum(['xapic', 'x2apic']).optional(),
  destination: z.enum(['physical', 'logical']).optional(),
  extendedIds: z.boolean().optional().meta({ description: '15-bit destination ids' }),
  kernel: z.enum(keysOf(KERNELS)).optional(),
  ims: z.enum(['tglx-2020', 'linux-6.2']).optional().meta({
    description: 'device-held messages on bare metal without remapping: allowed, or refused',
  }),
  archIsolatesMsi: z.boolean().optional().meta({
    description: 'the architecture keeps messages to their senders without a remap unit, as s390',
  }),
  ir: z
    .union([z.enum(['none', 'vtd', 'amdvi']), z.discriminatedUnion('kind', [vtd, amdvi])])
    .optional()
    .meta({ description: 'the interrupt remap unit' }),
  bridges: z.record(name, bridge).optional(),
  latency: z
    .strictObject({
      bus: time.optional(),
      remap: time.optional(),
      cpu: time.optional(),
      write: time.optional(),
      handler: time.optional(),
    })
    .optional()
    .meta({ description: 'how long hops, software writes and handlers take' }),
  off: z
    .array(z.string())
    .optional()
    .meta({
      description: `checks of hardware and guards of software switched off: ${Object.keys(GUARDS).join(', ')}, vtd/…, amdvi/…`,
    }),
});
export type PlatformYaml = z.infer<typeof platformSchema>;

const vcpu = z.union([
  name,
  z.strictObject({ on: name, apic: z.int().min(0).max(0xffffffff).optional() }),
]);

export const guestSchema = z.strictObject({
  vcpus: some(vcpu, 'virtual CPU').meta({ description: 'virtual CPUs and where they run: v0: p1' }),
  knowsItIsVm: z.boolean().optional().meta({ description: 'CPUID says so; true' }),
  behaviour: z.enum(['honest', 'adversarial']).optional(),
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
  vectors: count(2048).optional().meta({ description: 'interrupts it has; 1' }),
  owner: name.optional().meta({ description: 'guest it is given to; the host by default' }),
  reach: z.enum(['trapped', 'direct', 'queue']).optional().meta({
    description: 'how its owner reaches the store; queue memory can only be queue',
  }),
  pasid: z.int().min(0).max(0xfffff).optional(),
  checksPasid: z.boolean().optional(),
  maskable: z.boolean().optional().meta({ description: 'MSI with mask bits; false' }),
  storeWidth: z.union([z.literal(4), z.literal(8), z.literal(16)]).optional(),
  dmaWrites: z.boolean().optional().meta({
    description: 'its owner can make it write anywhere, the interrupt window included; false',
  }),
  behind: name.optional().meta({ description: 'the bridge it sits behind' }),
  aliases: z.array(requester).optional().meta({ description: 'further requester ids it uses' }),
  intx: irqName.optional().meta({ description: 'IO-APIC pin it falls back to with MSI off' }),
  iova: z.record(z.string(), word32).optional().meta({
    description: 'pages its writes are translated to by DMA remapping: "0x1000": 0xfee00000',
  }),
  sourceCheck: z
    .strictObject({
      svt: z.int().min(0).max(3),
      sq: z.int().min(0).max(3).optional(),
      sid: z.union([requester, z.int().min(0).max(0xffff)]).optional(),
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
  hypercalls: z.boolean().optional(),
  errorModel: z.enum(['at-alloc', 'null-message', 'stale-message']).optional(),
  unsafeAssignment: z.enum(['refuse', 'warn', 'allow']).optional(),
});

const grant = z.strictObject({
  device: name,
  to: cpuName,
  vector: z.union([z.literal('any'), z.int().min(0).max(255)]).optional(),
});

export const policySchema = z.strictObject({
  modes: z
    .array(z.enum(['fixed', 'lowest', 'smi', 'nmi', 'init', 'extint']))
    .optional()
    .meta({ description: 'delivery modes sources may use; fixed and lowest' }),
  grants: z.array(grant).optional(),
  deny: z.array(grant).optional(),
  grace: time.optional(),
  budgets: z
    .strictObject({
      vectors: z.int().min(1).optional(),
      entries: z.int().min(1).optional(),
      faults: z.int().min(1).optional(),
      invalidations: z.int().min(1).optional(),
      interrupts: z.int().min(1).optional(),
    })
    .optional(),
});

export const timeSchema = z.strictObject({
  mode: z.enum(['timed', 'interleave']).optional(),
  flight: z.enum(['atomic', 'split']).optional(),
  writes: z.enum(['atomic', 'split']).optional(),
  limit: time.optional(),
});
