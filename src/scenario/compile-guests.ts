import { HOST, NONE } from '../model/machine.ts';
import type { Verb } from '../model/program.ts';
import { parseRequester } from '../model/requester.ts';
import { type Compiling, device, irq, messageOf } from './compiling.ts';
import { fail, refer, warn } from './linker.ts';
import { cpuIndex, type Place, realmIndex } from './references.ts';
import type { StepYaml } from './schema-steps.ts';
import type { Path } from './source-tree.ts';

/** A device is handed to a realm. */
export function assign(c: Compiling, yaml: NonNullable<StepYaml['assign']>, path: Path): Verb {
  const known = c.machine.realms.map(realm => realm.name);
  const realm = refer(c.linker, [...path, 'to'], { kind: 'realm', name: yaml.to, known });
  return { verb: 'assign', device: device(c, [...path, 'device'], yaml.device), realm };
}

/** A call past a guest’s own layers. */
export function hypercall(c: Compiling, yaml: NonNullable<StepYaml['hypercall']>, at: Place): Verb {
  const behalf = yaml.for
    ? realmIndex(c.linker, c.machine, [...at.path, 'for'], yaml.for)
    : Math.max(HOST, at.by);
  const cpuPath = { path: [...at.path, 'cpu'], by: behalf };
  const cpu = yaml.cpu ? cpuIndex(c.linker, c.machine, cpuPath, yaml.cpu) : NONE;
  const places = [yaml.cpu, yaml.vector].filter(value => value !== undefined).length;
  if (places === 1 || (yaml.call === 'retarget' && places === 0))
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
    behalf,
    irq: irq(c, [...at.path, 'irq'], yaml.irq),
    cpu,
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

/** What a hostile guest does; without a message the words are drawn. */
export function attack(c: Compiling, yaml: NonNullable<StepYaml['attack']>, at: Place): Verb {
  const { path } = at;
  checkAttacker(c, at);
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
    case 'borrow-slot': {
      const user = need('device') ? device(c, [...path, 'device'], yaml.device ?? '') : 0;
      return { verb: 'attack', kind: 'borrow-slot', irq: ofIrq(), device: user };
    }
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
