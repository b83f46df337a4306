import { parseHex64, type Word } from '../bits/word.ts';
import { NONE } from '../model/machine.ts';
import { REG } from '../model/op.ts';
import type { Verb } from '../model/program.ts';
import { parseRequester } from '../model/requester.ts';
import { messageWords } from '../model/wire.ts';
import { assign, attack, hypercall } from './compile-guests.ts';
import { type Compiling, device, irq, messageOf } from './compiling.ts';
import { doubtful, fail, failKey, refer } from './linker.ts';
import { cpuIndex, deviceIndex, deviceMeant, ownCpuIndex, type Place } from './references.ts';
import type { StepYaml } from './schema-steps.ts';
import type { Path } from './source-tree.ts';
import { toWord } from './values.ts';

const optionalCpu = (c: Compiling, at: Place, name: string | undefined): number =>
  ownCpuIndex(c.linker, c.machine, { ...at, path: [...at.path, 'cpu'] }, name);

const whole = (value: string | { irq: string }): { irq: string } =>
  typeof value === 'string' ? { irq: value } : value;

const SIMPLE = ['activate', 'compose', 'store', 'mask', 'unmask', 'free', 'unpost'] as const;

/** The verb of a step that acts; those that steer are compiled with their bodies. */
export function actOf(c: Compiling, yaml: StepYaml, at: Place): Verb {
  const { path } = at;
  for (const verb of SIMPLE) {
    const name = yaml[verb];
    if (name !== undefined) return { verb, irq: irq(c, [...path, verb], name) };
  }
  if (yaml.allocate !== undefined)
    return allocate(c, yaml.allocate, { ...at, path: [...path, 'allocate'] });
  if (yaml.affinity) return affinity(c, yaml.affinity, { ...at, path: [...path, 'affinity'] });
  if (yaml.raise !== undefined) return raise(c, yaml.raise, { ...at, path: [...path, 'raise'] });
  if (yaml.invalidate !== undefined) return invalidate(c, yaml.invalidate, [...path, 'invalidate']);
  if (yaml.write) return write(c, yaml.write, [...path, 'write']);
  if (yaml.cpu) return cpuChange(c, yaml.cpu, { ...at, path: [...path, 'cpu'] });
  if (yaml.create) return { verb: 'create', device: device(c, [...path, 'create'], yaml.create) };
  if (yaml.assign) return assign(c, yaml.assign, [...path, 'assign']);
  if (yaml.unit) {
    const { enabled = null, compatFormat = null, table = null } = yaml.unit;
    return { verb: 'unit', enabled, compatFormat, table };
  }
  if (yaml.faults) return { verb: 'faults', action: yaml.faults };
  if (yaml.power) return { verb: 'power', change: yaml.power };
  if (yaml.boot) return { verb: 'boot', kernel: yaml.boot };
  if (yaml.hypercall) return hypercall(c, yaml.hypercall, { ...at, path: [...path, 'hypercall'] });
  if (yaml.attack) return attack(c, yaml.attack, { ...at, path: [...path, 'attack'] });
  throw new Error(`a verb of ${JSON.stringify(yaml)} is not compiled`);
}

function allocate(c: Compiling, value: NonNullable<StepYaml['allocate']>, at: Place): Verb {
  const yaml: Exclude<typeof value, string> = typeof value === 'string' ? { irq: value } : value;
  const first = irq(c, typeof value === 'string' ? at.path : [...at.path, 'irq'], yaml.irq);
  const count = yaml.count ?? 1;
  const { device, slot } = c.machine.irqs[first] ?? { device: 0, slot: 0 };
  const spec = c.machine.devices[device];
  const named = deviceMeant(c.machine, yaml.irq.split('.')[0]) === device;
  if (slot + count > spec.slots && named && !doubtful(c.linker, 'slot', spec.name))
    fail(
      c.linker,
      [...at.path, 'count'],
      'ref/slot',
      `${spec.name} has ${spec.slots} interrupts, not ${slot + count}`,
      `write vectors: ${slot + count} at the device`,
    );
  return {
    verb: 'allocate',
    irq: first,
    count: Math.min(count, spec.slots - slot),
    cpu: optionalCpu(c, at, yaml.cpu),
    vector: yaml.vector ?? NONE,
    entry: yaml.entry ?? NONE,
    reserve: yaml.reserve ?? false,
    managed: (yaml.managed ?? []).map((name, i) => {
      const cpuPath = { path: [...at.path, 'managed', i], by: at.by };
      return cpuIndex(c.linker, c.machine, cpuPath, name);
    }),
  };
}

function affinity(c: Compiling, yaml: NonNullable<StepYaml['affinity']>, at: Place): Verb {
  return {
    verb: 'affinity',
    irq: irq(c, [...at.path, 'irq'], yaml.irq),
    cpu: optionalCpu(c, at, yaml.cpu),
    vector: yaml.vector ?? NONE,
    how: yaml.how ?? 'kernel',
  };
}

function raise(c: Compiling, value: NonNullable<StepYaml['raise']>, at: Place): Verb {
  if (typeof value === 'string' || 'irq' in value) {
    const yaml: { irq: string; times?: number; as?: string } = whole(value);
    const path = typeof value === 'string' ? at.path : [...at.path, 'irq'];
    const alias = parseRequester(yaml.as ?? '') ?? NONE;
    return { verb: 'raise', irq: irq(c, path, yaml.irq), times: yaml.times ?? 1, alias };
  }
  const known = c.machine.devices.map(device => device.name);
  const path = [...at.path, 'device'];
  return {
    verb: 'send',
    device: refer(c.linker, path, { kind: 'device', name: value.device, known }),
    message: messageOf(value.message),
    rid: value.as ? (parseRequester(value.as) ?? NONE) : NONE,
    pasid: value.pasid ?? NONE,
  };
}

function invalidate(c: Compiling, value: NonNullable<StepYaml['invalidate']>, path: Path): Verb {
  if (value === 'all') return { verb: 'invalidate', index: 0, count: 0, rid: NONE };
  if ('entry' in value)
    return { verb: 'invalidate', index: value.entry, count: value.count ?? 1, rid: NONE };
  const known = c.machine.devices.map(device => device.name);
  const device = refer(c.linker, [...path, 'device'], {
    kind: 'device',
    name: value.device,
    known,
  });
  return { verb: 'invalidate', index: 0, count: 0, rid: c.machine.devices[device]?.rid ?? 0 };
}

const REGISTER_OF = {
  address: REG.addressLow,
  addressHigh: REG.addressHigh,
  data: REG.data,
  control: REG.control,
  rteLow: REG.addressLow,
  rteHigh: REG.addressHigh,
} as const;

function write(c: Compiling, value: NonNullable<StepYaml['write']>, path: Path): Verb {
  if ('slot' in value) {
    const index = irq(c, [...path, 'slot'], value.slot);
    const { device, slot } = c.machine.irqs[index] ?? { device: 0, slot: 0 };
    const at = c.machine.devices[device].store === 'msi' ? 0 : slot;
    const target = { kind: 'slot', device, slot: at } as const;
    if ('message' in value)
      return { verb: 'write', target, first: 0, words: messageWords(messageOf(value.message)) };
    return {
      verb: 'write',
      target,
      first: REGISTER_OF[value.register],
      words: (Array.isArray(value.value) ? value.value : [value.value]).map(toWord),
    };
  }
  if ('register' in value) return writeRegister(c, value, path);
  if ('deviceEntry' in value) {
    if (c.machine.remap.kind !== 'amdvi' && !doubtful(c.linker, 'unit'))
      failKey(
        c.linker,
        [...path, 'deviceEntry'],
        'ref/device-table',
        'only an AMD-Vi unit has a device table',
        'write ir: amdvi, or entry: 0 for an entry of the remapping table',
      );
    const at = device(c, [...path, 'deviceEntry'], value.deviceEntry);
    checkWords(c, value, WORDS.deviceEntry, path);
    const words = value.words.map(toWord);
    const target = { kind: 'device-entry', device: at } as const;
    return { verb: 'write', target, first: value.first ?? 0, words };
  }
  if ('descriptor' in value) {
    const at = { path: [...path, 'descriptor'], by: NONE };
    const cpu = cpuIndex(c.linker, c.machine, at, value.descriptor);
    checkWords(c, value, WORDS.descriptor, path);
    const words = value.words.map(toWord);
    return { verb: 'write', target: { kind: 'descriptor', cpu }, first: value.first ?? 0, words };
  }
  const target = {
    kind: 'entry',
    device: deviceOr(c, value.device, path),
    index: value.entry,
  } as const;
  if ('words' in value) {
    checkWords(c, value, entryWords(c.machine), path);
    return { verb: 'write', target, first: value.first ?? 0, words: value.words.map(toWord) };
  }
  const words: Word[] = [...(parseHex64(value.low) ?? []), ...(parseHex64(value.high) ?? [])];
  return { verb: 'write', target, first: 0, words };
}

const WORDS = { descriptor: 16, deviceEntry: 8, entry: 4, shortEntry: 1 } as const;

const entryWords = ({ remap }: Compiling['machine']): number =>
  remap.kind === 'amdvi' && remap.entryBits === 32 ? WORDS.shortEntry : WORDS.entry;

/** Words are written where there are some: `size` of them. */
function checkWords(
  c: Compiling,
  { words, first = 0 }: { readonly words: readonly unknown[]; readonly first?: number },
  size: number,
  path: Path,
): void {
  const end = first + words.length;
  if (end <= size || doubtful(c.linker, 'unit')) return;
  const last = size === 1 ? 'there is only word 0' : `there are words 0 to ${size - 1}`;
  const hint =
    first < size ? `write no more than ${size - first} from ${first}` : 'leave first out';
  fail(c.linker, [...path, 'words'], 'step/words', `word ${end - 1} is beyond: ${last}`, hint);
}

/** Registers that can be written, by kind of unit. */
const UNIT_REGISTERS = {
  none: [],
  vtd: ['gsts', 'fsts'],
  amdvi: ['control', 'deviceTableBase', 'status'],
} as const;

function writeRegister(
  c: Compiling,
  value: { readonly register: string; readonly value: number | string },
  path: Path,
): Verb {
  const known: readonly string[] = UNIT_REGISTERS[c.machine.remap.kind];
  if (!known.includes(value.register) && !doubtful(c.linker, 'unit'))
    fail(
      c.linker,
      [...path, 'register'],
      'ref/register',
      `the remap unit has no register ${value.register}`,
      known.length > 0 ? `known: ${known.join(', ')}` : 'there is no remap unit',
    );
  const target = { kind: 'register', name: value.register } as const;
  return { verb: 'write', target, first: 0, words: [toWord(value.value)] };
}

/** The device whose table is meant; the first one where the file names none. */
function deviceOr(c: Compiling, device: string | undefined, path: Path): number {
  if (!device) return 0;
  return deviceIndex(c.linker, c.machine, [...path, 'device'], device);
}

function cpuChange(c: Compiling, yaml: NonNullable<StepYaml['cpu']>, at: Place): Verb {
  const cpu = cpuIndex(c.linker, c.machine, { path: [...at.path, 'cpu'], by: at.by }, yaml.cpu);
  const virtual = c.machine.cpus[cpu].runsOn >= 0;
  const ofVirtual = yaml.do === 'run' || yaml.do === 'preempt' || yaml.do === 'block';
  if (ofVirtual && !virtual)
    fail(
      c.linker,
      [...at.path, 'cpu'],
      'ref/cpu-kind',
      `${yaml.cpu} is no virtual CPU`,
      'name one as guest/vcpu',
    );
  const physical = c.machine.cpus.filter(spec => spec.runsOn < 0).map(spec => spec.name);
  const on = yaml.on
    ? refer(c.linker, [...at.path, 'on'], { kind: 'CPU', name: yaml.on, known: physical })
    : c.machine.cpus[cpu].runsOn;
  return { verb: 'cpu', cpu, change: yaml.do, on };
}
