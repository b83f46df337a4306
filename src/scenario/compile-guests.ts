import { HOST, NONE } from '../model/machine.ts';
import type { Verb } from '../model/program.ts';
import { parseRequester } from '../model/requester.ts';
import { type Compiling, device, irq, messageOf } from './compiling.ts';
import { fail, failKey, refer, warn } from './linker.ts';
import { cpuIndex, type Place, realmIndex } from './references.ts';
import type { StepYaml } from './schema-steps.ts';
import type { Path } from './source-tree.ts';
import { ATTACK_FACTS, type AttackKey } from './word-facts.ts';

/** A device is handed to a realm. */
export function assign(c: Compiling, yaml: NonNullable<StepYaml['assign']>, path: Path): Verb {
  const known = c.machine.realms.map(realm => realm.name);
  const realm = refer(c.linker, [...path, 'to'], { kind: 'realm', name: yaml.to, known });
  return { verb: 'assign', device: device(c, [...path, 'device'], yaml.device), realm };
}

type HypercallYaml = NonNullable<StepYaml['hypercall']>;

/** A CPU and a vector belong together, to calls that say where an interrupt shall go. */
function checkPlace(c: Compiling, yaml: HypercallYaml, path: Path): void {
  const { call } = yaml;
  const given = (['cpu', 'vector'] as const).filter(key => yaml[key] !== undefined);
  if (call === 'compose' || call === 'free') {
    const hint = 'leave it out';
    for (const key of given)
      failKey(c.linker, [...path, key], 'step/key', `${call} takes irq and for, not ${key}`, hint);
  } else if (given.length === 1 || (call === 'retarget' && given.length === 0)) {
    const hint = 'add cpu: v0, vector: 0x30';
    fail(c.linker, path, 'step/missing', `${call} needs cpu and vector`, hint);
  }
}

/** A call past a guest’s own layers. */
export function hypercall(c: Compiling, yaml: HypercallYaml, at: Place): Verb {
  const behalf = yaml.for
    ? realmIndex(c.linker, c.machine, [...at.path, 'for'], yaml.for)
    : Math.max(HOST, at.by);
  const cpuPath = { path: [...at.path, 'cpu'], by: behalf };
  checkPlace(c, yaml, at.path);
  return {
    verb: 'hypercall',
    call: yaml.call,
    behalf,
    irq: irq(c, [...at.path, 'irq'], yaml.irq),
    cpu: yaml.cpu ? cpuIndex(c.linker, c.machine, cpuPath, yaml.cpu) : NONE,
    vector: yaml.vector ?? NONE,
  };
}

/** What others notice of a guest is looked for where the file says that it is hostile. */
function checkAttacker(c: Compiling, { path, by }: Place): void {
  const realm = c.machine.realms[by];
  if (realm?.kind !== 'guest' || realm.behaviour === 'adversarial') return;
  const message = `${realm.name} attacks, and is honest as far as the file says`;
  const hint = `write behaviour: adversarial at ${realm.name}`;
  warn(c.linker, path, 'attack/honest', message, hint);
}

const ATTACK_KEYS: readonly AttackKey[] = ['irq', 'device', 'message', 'as', 'times'];

/** An attack has the keys its kind needs, and none that mean nothing to it. */
function checkKeys(c: Compiling, yaml: AttackYaml, path: Path): void {
  const { needs, takes } = ATTACK_FACTS[yaml.kind];
  for (const key of needs)
    if (yaml[key] === undefined)
      fail(c.linker, path, 'step/missing', `${yaml.kind} needs ${key}`, `add ${EXAMPLES[key]}`);
  for (const key of ATTACK_KEYS) {
    if (yaml[key] === undefined || needs.includes(key) || takes.includes(key)) continue;
    const message = `${yaml.kind} takes ${[...needs, ...takes].join(' and ')}, not ${key}`;
    failKey(c.linker, [...path, key], 'step/key', message, 'leave it out');
  }
}

const EXAMPLES: Readonly<Record<AttackKey, string>> = {
  irq: 'irq: nic0.0',
  device: 'device: nic0',
  message: 'message: any, or the message itself',
  as: 'as: "00:04.0"',
  times: 'times: 1000',
};

type AttackYaml = NonNullable<StepYaml['attack']>;

const STORM_TIMES = 1000;

/** What a hostile guest does; without a message the words are drawn. */
export function attack(c: Compiling, yaml: AttackYaml, at: Place): Verb {
  const { path } = at;
  checkAttacker(c, at);
  checkKeys(c, yaml, path);
  const given =
    yaml.message === undefined || yaml.message === 'any' ? null : messageOf(yaml.message);
  const ofIrq = (): number => (yaml.irq ? irq(c, [...path, 'irq'], yaml.irq) : 0);
  const ofDevice = (): number => (yaml.device ? device(c, [...path, 'device'], yaml.device) : 0);
  switch (yaml.kind) {
    case 'forge-store':
      return { verb: 'attack', kind: 'forge-store', irq: ofIrq(), message: given };
    case 'replay':
      return { verb: 'attack', kind: 'replay', irq: ofIrq() };
    case 'borrow-slot':
      return { verb: 'attack', kind: 'borrow-slot', irq: ofIrq(), device: ofDevice() };
    case 'storm':
      return { verb: 'attack', kind: 'storm', irq: ofIrq(), times: yaml.times ?? STORM_TIMES };
    case 'dma-write':
    case 'spoof': {
      const rid = yaml.as ? (parseRequester(yaml.as) ?? NONE) : NONE;
      return { verb: 'attack', kind: 'dma-write', device: ofDevice(), message: given, rid };
    }
  }
}
