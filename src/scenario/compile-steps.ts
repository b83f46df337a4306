import { DELIVERY_MODES } from '../arch/message.ts';
import { parseHex64, type Word } from '../bits/word.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import { amdMessage, compatMessage, remappableMessage } from '../model/message.ts';
import { REG } from '../model/op.ts';
import type { Program, Step, Verb } from '../model/program.ts';
import { parseRequester } from '../model/requester.ts';
import type { Message } from '../model/wire.ts';
import { messageWords } from '../model/wire.ts';
import { fail, failKey, type Linker, refer } from './linker.ts';
import { suggest } from './problem.ts';
import type { ScenarioYaml } from './schema.ts';
import { type MessageYaml, type StepYaml, VERB_NAMES, type VerbName } from './schema-steps.ts';
import { locate, type Path } from './source-tree.ts';
import { checkStepError } from './step-errors.ts';
import { parseTime, toWord } from './values.ts';

/** A step as the file has it, with its place: what expectations on steps refer to. */
export interface SourceStep {
  readonly yaml: StepYaml;
  readonly path: Path;
}

interface Compiling {
  readonly linker: Linker;
  readonly machine: Machine;
  readonly steps: Step[];
  readonly sources: SourceStep[];
  readonly sequences: number[][];
  readonly interleaved: boolean;
}

const TIME_LIMIT_NS = 10_000_000_000;

/** The script as flat steps and sequences. */
export function compileSteps(
  linker: Linker,
  yaml: ScenarioYaml,
  machine: Machine,
): { program: Program; sources: SourceStep[] } {
  const mode = yaml.time?.mode ?? 'timed';
  const c: Compiling = {
    linker,
    machine,
    steps: [],
    sources: [],
    sequences: [[]],
    interleaved: mode === 'interleave',
  };
  sequence(c, 0, yaml.steps ?? [], ['steps']);
  const time = {
    mode,
    flight: yaml.time?.flight ?? 'atomic',
    writes: yaml.time?.writes ?? 'split',
    limitNs: parseTime(yaml.time?.limit ?? '') ?? TIME_LIMIT_NS,
  } as const;
  return { program: { steps: c.steps, sequences: c.sequences, time }, sources: c.sources };
}

function sequence(c: Compiling, at: number, steps: readonly StepYaml[], path: Path): void {
  for (const [i, yaml] of steps.entries()) {
    const index = step(c, yaml, [...path, i]);
    if (index >= 0) c.sequences[at].push(index);
  }
}

function body(c: Compiling, steps: readonly StepYaml[], path: Path): number {
  const at = c.sequences.length;
  c.sequences.push([]);
  sequence(c, at, steps, path);
  return at;
}

function step(c: Compiling, yaml: StepYaml, path: Path): number {
  const verbs = VERB_NAMES.filter(verb => yaml[verb] !== undefined);
  if (verbs.length !== 1) {
    const found = verbs.length === 0 ? 'none' : verbs.join(' and ');
    fail(
      c.linker,
      path,
      'step/verb',
      `a step has one verb, found ${found}`,
      `verbs: ${VERB_NAMES.join(', ')}`,
    );
    return -1;
  }
  for (const key of ['at', 'after'] as const)
    if (c.interleaved && yaml[key] !== undefined)
      failKey(
        c.linker,
        [...path, key],
        'time/at-in-interleave',
        `'${key}' means nothing where every order is explored`,
        'leave it out, or write time: { mode: timed }',
      );
  const index = c.steps.length;
  const { line, column, file } = locate(c.linker.root, path);
  const by = realmOf(c, yaml, path);
  if (yaml.expect?.error) checkStepError(c.linker, yaml.expect.error, [...path, 'expect', 'error']);
  const placeholder: Step = {
    index,
    what: { verb: 'wait', forNs: 0 },
    atNs: parseTime(yaml.at ?? '') ?? -1,
    afterNs: parseTime(yaml.after ?? '') ?? -1,
    label: yaml.label ?? '',
    by,
    text: textOf(yaml, verbs[0]),
    source: { file, line, column },
  };
  c.steps.push(placeholder);
  c.sources.push({ yaml, path });
  c.steps[index] = { ...placeholder, what: verbOf(c, yaml, { path, by }) };
  return index;
}

/** The step in a few words. */
function textOf(yaml: StepYaml, verb: VerbName): string {
  const value = yaml[verb];
  if (typeof value === 'string') return `${verb} ${value}`;
  if (value && typeof value === 'object' && 'irq' in value && typeof value.irq === 'string')
    return `${verb} ${value.irq}`;
  if (value && typeof value === 'object' && 'device' in value && typeof value.device === 'string')
    return `${verb} ${value.device}`;
  return verb;
}

function realmOf(c: Compiling, yaml: StepYaml, path: Path): number {
  const known = c.machine.realms.map(realm => realm.name);
  if (yaml.by) return refer(c.linker, [...path, 'by'], { kind: 'realm', name: yaml.by, known });
  const irq = irqText(yaml);
  const device = c.machine.devices.find(d => d.name === irq.split('.')[0]);
  return device?.owner ?? HOST;
}

function irqText(yaml: StepYaml): string {
  for (const verb of VERB_NAMES) {
    const value = yaml[verb];
    if (typeof value === 'string') return value;
    if (value && typeof value === 'object' && 'irq' in value && typeof value.irq === 'string')
      return value.irq;
  }
  return '';
}

interface At {
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

function verbOf(c: Compiling, yaml: StepYaml, at: At): Verb {
  const { path } = at;
  const branches = (key: 'race' | 'choose') =>
    Object.entries(yaml[key] ?? {}).map(([name, steps]) => ({
      name,
      sequence: body(c, steps, [...path, key, name]),
    }));
  if (yaml.race) return { verb: 'race', threads: branches('race') };
  if (yaml.choose) return { verb: 'choose', branches: branches('choose') };
  if (yaml.repeat)
    return {
      verb: 'repeat',
      times: yaml.repeat.times,
      sequence: body(c, yaml.repeat.steps, [...path, 'repeat', 'steps']),
    };
  if (yaml.wait !== undefined) return { verb: 'wait', forNs: parseTime(yaml.wait) ?? 0 };
  return actOf(c, yaml, at);
}

const SIMPLE = ['activate', 'compose', 'store', 'mask', 'unmask', 'free'] as const;

function actOf(c: Compiling, yaml: StepYaml, at: At): Verb {
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
  if (yaml.cpu) {
    const cpuPath = [...path, 'cpu', 'cpu'];
    const cpu = cpuIndex(c.linker, c.machine, { path: cpuPath, by: at.by }, yaml.cpu.cpu);
    return { verb: 'cpu', cpu, change: yaml.cpu.do };
  }
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
    const yaml: { irq: string; times?: number } = whole(value);
    const path = typeof value === 'string' ? at.path : [...at.path, 'irq'];
    return { verb: 'raise', irq: irq(c, path, yaml.irq), times: yaml.times ?? 1 };
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
