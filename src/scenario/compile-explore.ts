import { KERNELS } from '../arch/linux.ts';
import { DELIVERY_MODES, type DeliveryMode } from '../arch/message.ts';
import { messageMeaning } from '../model/describe.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import { amdMessage, compatMessage, remappableMessage } from '../model/message.ts';
import type { Action, ActorVerb, ExplorePlan, Step, Verb } from '../model/program.ts';
import { type Message, sameMessage } from '../model/wire.ts';
import type { Compiling } from './compiling.ts';
import { irqIndex, realmIndex } from './references.ts';
import type { ScenarioYaml } from './schema.ts';
import type { ExploreYaml } from './schema-explore.ts';

const STATES_MAX = 1_000_000;

/** Bounds and goal of an exploration; null for a file without one. */
export function explorePlan(yaml: ScenarioYaml): ExplorePlan | null {
  if (!yaml.explore) return null;
  const { depth = 0, states = STATES_MAX, goal = '' } = yaml.explore;
  return { depthMax: depth, statesMax: states, goal };
}

/** A message an attacker may write, and the class it stands for. */
interface Forgery {
  readonly message: Message;
  readonly family: string;
}

/** Everything every actor may do, in the order of the file. */
export function compileActions(c: Compiling, yaml: ScenarioYaml): Action[] {
  const { explore } = yaml;
  if (!explore) return [];
  const actions: Action[] = [];
  for (const [name, actor] of Object.entries(explore.actors)) {
    const path = ['explore', 'actors', name];
    const realm = realmIndex(c.linker, c.machine, path, name);
    if (realm === NONE) continue;
    const irqs = actor.irqs
      ? actor.irqs.map((irq, i) => irqIndex(c.linker, c.machine, [...path, 'irqs', i], irq))
      : ownIrqs(c.machine, realm);
    for (const irq of irqs)
      for (const verb of actor.may)
        actions.push(...actionsOf(c, { realm, irq, verb, forge: explore.forge ?? {} }));
  }
  return actions;
}

const ownIrqs = (machine: Machine, realm: number): number[] =>
  machine.irqs.flatMap((irq, index) =>
    machine.devices[irq.device].owner === realm ? [index] : [],
  );

interface Menu {
  readonly realm: number;
  readonly irq: number;
  readonly verb: ActorVerb;
  readonly forge: NonNullable<ExploreYaml['forge']>;
}

function actionsOf(c: Compiling, menu: Menu): Action[] {
  const { machine } = c;
  const { realm, irq, verb } = menu;
  const who = machine.realms[realm].name;
  const what = machine.irqs[irq].name;
  const device = machine.irqs[irq].device;
  const one = (text: string, family: string, ...verbs: Verb[]): Action => ({
    name: text,
    family,
    realm,
    verb,
    sequence: addSequence(c, realm, text, verbs),
  });
  switch (verb) {
    case 'use': {
      const [cpu] = machine.realms[realm].cpus;
      const allocate = { ...PLAIN_ALLOCATE, irq, cpu };
      return [one(`${who} uses ${what}`, 'use', allocate, { verb: 'store', irq })];
    }
    case 'free':
      return [one(`${who} frees ${what}`, 'free', { verb: 'free', irq })];
    case 'raise':
      return [one(`${what} raises`, 'raise', { verb: 'raise', irq, times: 1, alias: NONE })];
    case 'replay':
      return [one(`${who} replays ${what}`, 'replay', { verb: 'attack', kind: 'replay', irq })];
    case 'affinity':
      return machine.realms[realm].cpus.map(cpu =>
        one(`${who} moves ${what} to ${machine.cpus[cpu].name}`, 'affinity', {
          verb: 'affinity',
          irq,
          cpu,
          vector: NONE,
          how: 'kernel',
        }),
      );
    case 'forge':
      return forgeries(machine, menu.forge).map(({ message, family }) =>
        one(`${who} forges ${what}: ${messageMeaning(machine, message)}`, family, {
          verb: 'attack',
          kind: 'forge-store',
          irq,
          message,
        }),
      );
    case 'dma':
      if (!machine.devices[device].dma) return [];
      return forgeries(machine, menu.forge).map(({ message, family }) =>
        one(`${machine.devices[device].name} writes ${messageMeaning(machine, message)}`, family, {
          verb: 'attack',
          kind: 'dma-write',
          device,
          message,
          rid: NONE,
        }),
      );
  }
}

const PLAIN_ALLOCATE = {
  verb: 'allocate',
  count: 1,
  vector: NONE,
  entry: NONE,
  reserve: false,
  managed: [],
} as const;

/** Adds the steps of an action to the program; returns their sequence. */
function addSequence(c: Compiling, by: number, text: string, verbs: readonly Verb[]): number {
  const indices = verbs.map(what => {
    const index = c.steps.length;
    const source = { file: '', line: 0, column: 0 };
    const step: Step = { index, what, atNs: NONE, afterNs: NONE, label: '', by, text, source };
    c.steps.push(step);
    c.sources.push({ yaml: {}, path: [] });
    return index;
  });
  c.sequences.push(indices);
  return c.sequences.length - 1;
}

const ALL_MODES = ['fixed', 'nmi', 'init', 'smi', 'extint'] as const;
const ALL_FORMATS = ['compat', 'remappable'] as const;

/** One representative of each class of messages, the plain ones first. */
function forgeries(machine: Machine, forge: NonNullable<ExploreYaml['forge']>): Forgery[] {
  const formats = forge.formats ?? ALL_FORMATS;
  const modes = forge.modes ?? ALL_MODES;
  const all = [
    ...(formats.includes('compat') ? compatForgeries(machine, modes) : []),
    ...(formats.includes('remappable') ? entryForgeries(machine) : []),
  ];
  return all.filter(
    ({ message }, i) => all.findIndex(other => sameMessage(other.message, message)) === i,
  );
}

/** Each mode to each CPU: a vector the CPU's owner is likely to have, and one of the system's. */
function compatForgeries(machine: Machine, modes: readonly DeliveryMode[]): Forgery[] {
  const plan = KERNELS[machine.kernel];
  const system: readonly number[] = plan.system;
  const first = Array.from({ length: 256 }, (_, v) => v).find(
    v => v >= plan.allocStart && !system.includes(v),
  );
  const physical = machine.cpus.filter(cpu => cpu.runsOn === NONE);
  return modes.flatMap(mode =>
    physical.map(cpu => ({
      message: compatMessage({
        dest: cpu.apicId,
        destMode: 0,
        vector: mode === 'fixed' ? (first ?? plan.allocStart) : 0,
        deliveryMode: DELIVERY_MODES.indexOf(mode),
      }),
      family: `compatibility, ${mode} to ${ownerText(machine, cpu.name)}`,
    })),
  );
}

function ownerText(machine: Machine, cpu: string): string {
  const index = machine.cpus.findIndex(spec => spec.name === cpu);
  const guest = machine.cpus.find(spec => spec.runsOn === index);
  return machine.realms[guest?.realm ?? HOST].name;
}

/** Every entry of a small table, one beyond it, and an index made of handle and subhandle. */
function entryForgeries(machine: Machine): Forgery[] {
  const entries = machine.remap.kind === 'none' ? DEFAULT_ENTRIES : machine.remap.entries;
  const indices = Array.from({ length: Math.min(entries, ENTRIES_MAX) + 1 }, (_, i) => i);
  const family = 'a table entry';
  if (machine.remap.kind === 'amdvi')
    return indices.map(index => ({ message: amdMessage(index), family }));
  const plain = indices.map(index => ({ message: remappableMessage(index), family }));
  const sub = { message: remappableMessage(0, 1, 1), family: 'a table entry by subhandle' };
  const short = { message: remappableMessage(1, 0), family: 'a table entry without subhandle' };
  return [...plain, sub, short];
}

const DEFAULT_ENTRIES = 4;
const ENTRIES_MAX = 16;
