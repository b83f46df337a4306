import { DELIVERY_MODES } from '../arch/message.ts';
import { parseHex64, type Word } from '../bits/word.ts';
import { type Machine, NONE } from '../model/machine.ts';
import { amdMessage, compatMessage, remappableMessage } from '../model/message.ts';
import { REG } from '../model/op.ts';
import type { Step, Verb } from '../model/program.ts';
import { parseRequester } from '../model/requester.ts';
import { type Message, messageWords } from '../model/wire.ts';
import { fail, type Linker, refer } from './linker.ts';
import { suggest } from './problem.ts';
import type { MessageYaml, StepYaml } from './schema-steps.ts';
import type { Path } from './source-tree.ts';
import { toWord } from './values.ts';

/** A step as the file has it, with its place: what expectations on steps refer to. */
export interface SourceStep {
  readonly yaml: StepYaml;
  readonly path: Path;
}

/** What compiling steps works on. */
export interface Compiling {
  readonly linker: Linker;
  readonly machine: Machine;
  readonly steps: Step[];
  readonly sources: SourceStep[];
  readonly sequences: number[][];
  readonly interleaved: boolean;
}

/** Where a verb stands and whose software acts. */
export interface At {
  readonly path: Path;
  readonly by: number;
}

function irq(c: Compiling, path: Path, name: string): number {
  const index = c.machine.irqs.findIndex(spec => spec.name === name);
  if (index >= 0) return index;
  const [deviceName, slot] = name.split('.');
  const device = c.machine.devices.find(spec => spec.name === deviceName);
  if (!device) {
    const known = c.machine.devices.map(spec => spec.name);
    fail(
      c.linker,
      path,
      'ref/unknown',
      `there is no device '${deviceName}'`,
      suggest(deviceName, known),
    );
  } else {
    const last = device.slots - 1;
    fail(
      c.linker,
      path,
      'ref/slot',
      `${deviceName} has no interrupt ${slot}: it has ${device.slots} (0 to ${last})`,
      `write ${deviceName}.${last}, or vectors: ${Number(slot) + 1}`,
    );
  }
  return 0;
}

/** A CPU by name: a physical one, `guest/vcpu`, or a virtual one of the acting guest. */
export function cpuIndex(
  linker: Linker,
  machine: Machine,
  at: { readonly path: Path; readonly by: number },
  name: string,
): number {
  const names = machine.cpus.map(cpu => cpu.name);
  const own = names.indexOf(`${machine.realms[at.by].name}/${name}`);
  if (own >= 0) return own;
  return refer(linker, at.path, { kind: 'CPU', name, known: names });
}

function optionalCpu(c: Compiling, at: At, name: string | undefined): number {
  if (name === undefined) return NONE;
  const path = [...at.path, 'cpu'];
  const cpu = cpuIndex(c.linker, c.machine, { path, by: at.by }, name);
  if (c.machine.realms[at.by].cpus.includes(cpu)) return cpu;
  const known = c.machine.realms[at.by].cpus.map(i => c.machine.cpus[i].name);
  const realm = c.machine.realms[at.by].name;
  fail(c.linker, path, 'ref/cpu-realm', `${name} is no CPU of ${realm}`, suggest(name, known));
  return cpu;
}

/** The words of a message spelled out in a file. */
export function messageOf(yaml: MessageYaml): Message {
  if (!('format' in yaml))
    return {
      addressLow: toWord(yaml.address),
      addressHigh: toWord(yaml.addressHigh ?? 0),
      data: toWord(yaml.data),
    };
  switch (yaml.format) {
    case 'compat':
      return compatMessage({
        dest: yaml.dest,
        destMode: yaml.logical ? 1 : 0,
        vector: yaml.vector,
        deliveryMode: DELIVERY_MODES.indexOf(yaml.mode ?? 'fixed'),
      });
    case 'remappable':
      return remappableMessage(yaml.handle, yaml.shv ?? 1, yaml.subhandle ?? 0);
    case 'index':
      return amdMessage(yaml.index);
  }
}

const whole = (value: string | { irq: string }): { irq: string } =>
  typeof value === 'string' ? { irq: value } : value;

const SIMPLE = ['activate', 'compose', 'store', 'mask', 'unmask', 'free'] as const;

/** The verb of a step that acts; those that steer are compiled with their bodies. */
export function actOf(c: Compiling, yaml: StepYaml, at: At): Verb {
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
  if (yaml.power) return { verb: 'power', change: yaml.power };
  if (yaml.boot) return { verb: 'boot', kernel: yaml.boot };
  if (yaml.hypercall) return hypercall(c, yaml.hypercall, { ...at, path: [...path, 'hypercall'] });
  if (yaml.attack) return attackVerb(c, yaml.attack, [...path, 'attack']);
  throw new Error(`a verb of ${JSON.stringify(yaml)} is not compiled`);
}

function allocate(c: Compiling, value: NonNullable<StepYaml['allocate']>, at: At): Verb {
  const yaml: Exclude<typeof value, string> = typeof value === 'string' ? { irq: value } : value;
  const first = irq(c, typeof value === 'string' ? at.path : [...at.path, 'irq'], yaml.irq);
  const count = yaml.count ?? 1;
  const { device, slot } = c.machine.irqs[first] ?? { device: 0, slot: 0 };
  const spec = c.machine.devices[device];
  if (slot + count > spec.slots)
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

function affinity(c: Compiling, yaml: NonNullable<StepYaml['affinity']>, at: At): Verb {
  return {
    verb: 'affinity',
    irq: irq(c, [...at.path, 'irq'], yaml.irq),
    cpu: optionalCpu(c, at, yaml.cpu),
    vector: yaml.vector ?? NONE,
    how: yaml.how ?? 'kernel',
  };
}

function raise(c: Compiling, value: NonNullable<StepYaml['raise']>, at: At): Verb {
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
      words: [toWord(value.value)],
    };
  }
  if ('register' in value)
    return {
      verb: 'write',
      target: { kind: 'register', name: value.register },
      first: 0,
      words: [toWord(value.value)],
    };
  const target = {
    kind: 'entry',
    device: deviceOr(c, value.device, path),
    index: value.entry,
  } as const;
  if ('words' in value)
    return { verb: 'write', target, first: value.first ?? 0, words: value.words.map(toWord) };
  const words: Word[] = [...(parseHex64(value.low) ?? []), ...(parseHex64(value.high) ?? [])];
  return { verb: 'write', target, first: 0, words };
}

/** The device whose table is meant; the first one where the file names none. */
function deviceOr(c: Compiling, device: string | undefined, path: Path): number {
  if (!device) return 0;
  const known = c.machine.devices.map(spec => spec.name);
  return refer(c.linker, [...path, 'device'], { kind: 'device', name: device, known });
}

function device(c: Compiling, path: Path, name: string): number {
  const known = c.machine.devices.map(spec => spec.name);
  return refer(c.linker, path, { kind: 'device', name, known });
}

function cpuChange(c: Compiling, yaml: NonNullable<StepYaml['cpu']>, at: At): Verb {
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

function assign(c: Compiling, yaml: NonNullable<StepYaml['assign']>, path: Path): Verb {
  const known = c.machine.realms.map(realm => realm.name);
  const realm = refer(c.linker, [...path, 'to'], { kind: 'realm', name: yaml.to, known });
  return { verb: 'assign', device: device(c, [...path, 'device'], yaml.device), realm };
}

function hypercall(c: Compiling, yaml: NonNullable<StepYaml['hypercall']>, at: At): Verb {
  const cpuPath = { path: [...at.path, 'cpu'], by: at.by };
  const cpu = yaml.cpu ? cpuIndex(c.linker, c.machine, cpuPath, yaml.cpu) : NONE;
  const needsPlace = yaml.call === 'allocate' || yaml.call === 'retarget';
  if (needsPlace && (yaml.cpu === undefined || yaml.vector === undefined))
    fail(
      c.linker,
      at.path,
      'step/missing',
      `${yaml.call} needs cpu and vector`,
      'add cpu: v0, vector: 0x30',
    );
  return {
    verb: 'hypercall',
    call: yaml.call,
    irq: irq(c, [...at.path, 'irq'], yaml.irq),
    cpu,
    vector: yaml.vector ?? NONE,
  };
}

function attackVerb(c: Compiling, yaml: NonNullable<StepYaml['attack']>, path: Path): Verb {
  const need = (key: 'irq' | 'device' | 'message' | 'as'): boolean => {
    if (yaml[key] !== undefined) return true;
    fail(c.linker, path, 'step/missing', `${yaml.kind} needs ${key}`);
    return false;
  };
  const given =
    yaml.message === undefined || yaml.message === 'any' ? null : messageOf(yaml.message);
  const ofIrq = () => (need('irq') ? irq(c, [...path, 'irq'], yaml.irq ?? '') : 0);
  switch (yaml.kind) {
    case 'forge-store':
      need('message');
      return { verb: 'attack', kind: 'forge-store', irq: ofIrq(), message: given };
    case 'replay':
      return { verb: 'attack', kind: 'replay', irq: ofIrq() };
    case 'storm':
      return { verb: 'attack', kind: 'storm', irq: ofIrq(), times: yaml.times ?? 1000 };
    case 'dma-write':
    case 'spoof': {
      const rid = yaml.kind === 'spoof' && need('as') ? parseRequester(yaml.as ?? '') : null;
      const index = need('device') ? device(c, [...path, 'device'], yaml.device ?? '') : 0;
      need('message');
      return { verb: 'attack', kind: 'dma-write', device: index, message: given, rid: rid ?? NONE };
    }
  }
}
