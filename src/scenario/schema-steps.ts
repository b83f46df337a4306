import { z } from 'zod';
import { MSIX_ENTRIES_MAX } from '../arch/store.ts';
import { ATTACKS, CPU_CHANGES } from '../model/program.ts';
import {
  count,
  cpuName,
  entryIndex,
  irqName,
  name,
  pasid,
  requester,
  time,
  vector,
  word32,
  word64,
} from './values.ts';

const mode = z.enum(['fixed', 'lowest', 'smi', 'nmi', 'init', 'extint']);

/** A message spelled out: by its bits, or by its fields in one of the formats. */
export const messageSchema = z
  .union([
    z.strictObject({
      address: word32,
      addressHigh: word32.optional(),
      data: word32,
    }),
    z.strictObject({
      format: z.literal('compat').meta({ description: 'names CPU and vector itself' }),
      dest: z.int().min(0).max(0x7fff).meta({ description: 'destination APIC id' }),
      vector,
      mode: mode.optional().meta({ description: 'delivery mode; fixed' }),
      logical: z.boolean().optional().meta({ description: 'dest is a set of CPUs; false' }),
    }),
    z.strictObject({
      format: z.literal('remappable').meta({ description: 'names an entry of the VT-d table' }),
      handle: entryIndex,
      shv: z
        .union([z.literal(0), z.literal(1)])
        .optional()
        .meta({ description: 'the subhandle counts; 1' }),
      subhandle: z
        .int()
        .min(0)
        .max(0xffff)
        .optional()
        .meta({ description: 'is added to the handle; 0' }),
    }),
    z.strictObject({
      format: z.literal('index').meta({ description: 'names an entry of an AMD-Vi table' }),
      index: z.int().min(0).max(0x7ff).meta({ description: 'index of the entry' }),
    }),
  ])
  .meta({ description: 'words of a message, or what it says' });
export type MessageYaml = z.infer<typeof messageSchema>;

const irqOr = <T extends z.ZodRawShape>(shape: T) =>
  z.union([irqName, z.strictObject({ irq: irqName, ...shape })]);

const allocate = irqOr({
  count: count(MSIX_ENTRIES_MAX)
    .optional()
    .meta({ description: 'slots from this one on, as one block; 1' }),
  cpu: cpuName.optional(),
  vector: vector.optional(),
  entry: entryIndex.optional(),
  reserve: z.boolean().optional().meta({
    description: 'no vector yet: it comes when the interrupt is activated; false',
  }),
  managed: z.array(z.string()).min(1).optional().meta({
    description: 'CPUs on which a vector is set aside for it',
  }),
});

const affinity = z.strictObject({
  irq: irqName,
  cpu: cpuName,
  vector: vector.optional(),
  how: z.enum(['kernel', 'naive', 'two-step', 'msi-off']).optional().meta({
    description: 'how a store is changed that takes several writes; kernel chooses',
  }),
});

const raise = z.union([
  irqName,
  z.strictObject({
    irq: irqName,
    times: count(1000000).optional().meta({ description: 'so many times; 1' }),
    as: requester.optional().meta({ description: 'an alias of the device it is sent under' }),
  }),
  z.strictObject({
    device: name,
    message: messageSchema,
    as: requester.optional().meta({ description: 'requester id it is sent under' }),
    pasid: pasid.optional(),
  }),
]);

const invalidate = z.union([
  z.literal('all'),
  z.strictObject({
    entry: entryIndex,
    count: count(65536).optional().meta({ description: 'entries from this one on; 1' }),
  }),
  z.strictObject({ device: name }),
]);

const write = z.union([
  z.strictObject({
    entry: entryIndex,
    device: name.optional(),
    high: word64,
    low: word64,
  }),
  z.strictObject({
    entry: entryIndex,
    device: name.optional(),
    words: z.array(word32).min(1).max(4).meta({ description: 'words of the entry, lowest first' }),
    first: z.int().min(0).max(3).optional().meta({ description: 'word they begin at; 0' }),
  }),
  z.strictObject({ slot: irqName, message: messageSchema }),
  z.strictObject({
    slot: irqName,
    register: z
      .enum(['address', 'addressHigh', 'data', 'control', 'rteLow', 'rteHigh'])
      .meta({ description: 'register of the slot' }),
    value: z
      .union([word32, z.array(word32).min(1).max(4)])
      .meta({ description: 'its new value, or a list for it and those after it, in one access' }),
  }),
  z.strictObject({
    deviceEntry: name.meta({ description: 'device whose device table entry is meant (AMD-Vi)' }),
    words: z.array(word32).min(1).max(8).meta({ description: 'its words' }),
    first: z.int().min(0).max(7).optional().meta({ description: 'word they begin at; 0' }),
  }),
  z.strictObject({
    descriptor: cpuName.meta({ description: 'virtual CPU whose posted descriptor is meant' }),
    words: z.array(word32).min(1).max(16).meta({ description: 'its words' }),
    first: z.int().min(0).max(15).optional().meta({ description: 'word they begin at; 0' }),
  }),
  z.strictObject({
    register: z.enum(['gsts', 'fsts', 'control', 'deviceTableBase', 'status']).meta({
      description: 'register of the remap unit; ones clear the bits of fsts and status',
    }),
    value: word32,
  }),
]);

const cpuChange = z.strictObject({
  cpu: cpuName,
  do: z.enum(CPU_CHANGES).meta({ description: 'what it does from now on' }),
  on: name.optional().meta({ description: 'physical CPU a virtual one runs on from now' }),
});

const hypercall = z.strictObject({
  call: z
    .enum(['allocate', 'compose', 'free', 'retarget'])
    .meta({ description: 'what is asked for' }),
  for: name.optional().meta({ description: 'guest it is asked for; the caller itself' }),
  irq: irqName,
  cpu: cpuName.optional(),
  vector: vector.optional(),
});

const attack = z.strictObject({
  kind: z.enum(ATTACKS).meta({ description: 'what is done' }),
  irq: irqName.optional(),
  device: name.optional(),
  message: z
    .union([z.literal('any'), messageSchema])
    .optional()
    .meta({ description: 'the message; any draws random words' }),
  as: requester.optional().meta({ description: 'requester id of a spoof' }),
  times: count(1000000).optional().meta({ description: 'raises of a storm; 1000' }),
});

const unit = z.strictObject({
  enabled: z.boolean().optional().meta({ description: 'remapping goes on or off' }),
  compatFormat: z
    .enum(['block', 'pass'])
    .optional()
    .meta({ description: 'compatibility format from now on' }),
  table: z
    .enum(['empty', 'copy'])
    .optional()
    .meta({ description: 'another table: empty, or a copy of the old one' }),
});

const assign = z.strictObject({ device: name, to: name });

/** What a step may demand of its own outcome. */
export const stepExpect = z.strictObject({
  error: z.string().optional().meta({ description: 'ENOSPC, EBUSY, …, none, or any outcome' }),
  cpu: cpuName.optional(),
  vector: vector.optional(),
  entry: entryIndex.optional(),
  format: z
    .enum(['compat', 'remappable'])
    .optional()
    .meta({ description: 'format of the message' }),
  handle: entryIndex.optional(),
  shv: z
    .union([z.literal(0), z.literal(1)])
    .optional()
    .meta({ description: 'subhandle valid bit of the message' }),
  address: word32.optional(),
  data: word32.optional(),
});
export type StepExpectYaml = z.infer<typeof stepExpect>;

/** Verbs that act, one of which a step has. */
const verbs = {
  allocate: allocate.optional().meta({ description: 'take a vector and what else it needs' }),
  activate: irqName.optional().meta({ description: 'make a reserved interrupt real' }),
  compose: irqName.optional().meta({ description: 'have the message composed' }),
  store: irqName.optional().meta({ description: 'put the message where the device finds it' }),
  raise: raise.optional().meta({ description: 'the device raises, or sends spelled-out words' }),
  mask: irqName.optional().meta({ description: 'raises wait in a pending bit' }),
  unmask: irqName.optional().meta({ description: 'what waits is sent' }),
  unpost: irqName
    .optional()
    .meta({ description: 'posting to its guest ends: the host injects it' }),
  affinity: affinity.optional().meta({ description: 'move it to another CPU' }),
  free: irqName.optional().meta({ description: 'give it all back' }),
  invalidate: invalidate.optional().meta({ description: 'drop cached table entries' }),
  write: write.optional().meta({ description: 'raw words, past every layer' }),
  cpu: cpuChange.optional().meta({ description: 'interrupts on or off, CPU on or off line' }),
  create: name.optional().meta({ description: 'the stack of a device comes to be, or is refused' }),
  assign: assign.optional().meta({ description: 'a device is handed to a guest' }),
  unit: unit.optional().meta({ description: 'the host changes how the remap unit works' }),
  faults: z
    .enum(['read'])
    .optional()
    .meta({ description: 'the driver reads what the unit has recorded, and frees its records' }),
  power: z
    .enum(['suspend', 'resume'])
    .optional()
    .meta({ description: 'registers are lost, and written again' }),
  boot: z
    .enum(['kernel', 'crash-kernel'])
    .optional()
    .meta({ description: 'another kernel starts on the running machine' }),
  hypercall: hypercall.optional().meta({ description: 'a call past the guest’s own layers' }),
  attack: attack.optional().meta({ description: 'what a hostile or broken guest does' }),
  wait: time.optional().meta({ description: 'let time pass' }),
};

type Body = z.ZodArray<typeof stepSchema>;

/** One step: a verb, and what modifies it. */
export const stepSchema = z
  .strictObject({
    ...verbs,
    get race(): z.ZodOptional<z.ZodRecord<typeof name, Body>> {
      return z
        .record(name, z.array(stepSchema))
        .optional()
        .meta({ description: 'threads by name; their steps interleave' });
    },
    get choose(): z.ZodOptional<z.ZodRecord<typeof name, Body>> {
      return z
        .record(name, z.array(stepSchema))
        .optional()
        .meta({ description: 'branches by name; each is tried' });
    },
    get repeat(): z.ZodOptional<z.ZodObject<{ times: z.ZodInt; steps: Body }, z.core.$strict>> {
      return z
        .strictObject({
          times: count(1000000).meta({ description: 'so many times' }),
          steps: z.array(stepSchema).meta({ description: 'what is done again' }),
        })
        .optional()
        .meta({ description: 'the same steps again and again' });
    },
    at: time.optional().meta({ description: 'absolute time; without it the step waits for quiet' }),
    after: time.optional().meta({ description: 'time after the start of the step before' }),
    label: z.string().optional().meta({ description: 'name by which expectations point here' }),
    by: name.optional().meta({ description: 'whose software acts; the owner of the device' }),
    expect: stepExpect.optional().meta({ description: 'what this step itself must bring' }),
  })
  .meta({ id: 'step', description: 'one step: a verb, and what modifies it' });
export type StepYaml = z.infer<typeof stepSchema>;

/** Keys of a step that say what it does. */
export const VERB_NAMES = [
  'allocate',
  'activate',
  'compose',
  'store',
  'raise',
  'mask',
  'unmask',
  'unpost',
  'affinity',
  'free',
  'invalidate',
  'write',
  'cpu',
  'create',
  'assign',
  'unit',
  'faults',
  'power',
  'boot',
  'hypercall',
  'attack',
  'wait',
  'race',
  'choose',
  'repeat',
] as const satisfies readonly (keyof StepYaml)[];
export type VerbName = (typeof VERB_NAMES)[number];
