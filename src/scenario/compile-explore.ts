import { type DeviceSpec, HOST, type Machine } from '../model/machine.ts';
import type { Action, ActorVerb, Program } from '../model/program.ts';
import { formatRequester } from '../model/requester.ts';
import type { Scenario } from './compile.ts';
import { addStep } from './compile-steps.ts';
import type { Compiling } from './compile-verbs.ts';
import { forgeries } from './forgeries.ts';
import { createLinker } from './linker.ts';
import type { ActorYaml, ExploreYaml } from './schema-explore.ts';
import type { StepYaml } from './schema-steps.ts';

/** A program whose script is followed by whatever actors like, and each action as steps of a file. */
export interface FreeProgram {
  readonly program: Program;
  /** By action. */
  readonly written: readonly (readonly StepYaml[])[];
}

/** Something an actor may do, as steps of a file. */
interface Move extends Omit<Action, 'sequence'> {
  readonly steps: readonly StepYaml[];
}

/**
 * The program of a scenario with its actors set free. Without a section `explore` guests that are
 * hostile may do everything, and the devices of the others raise.
 */
export function withActors({ machine, program, explore, sources }: Scenario): FreeProgram {
  const c: Compiling = {
    linker: createLinker(NOWHERE, new Set()),
    machine,
    steps: [...program.steps],
    sources: [...sources],
    sequences: program.sequences.map(sequence => [...sequence]),
    interleaved: true,
  };
  const actors = Object.entries(explore?.actors ?? defaultActors(machine));
  const moves = actors.flatMap(([name, actor]) => movesOf(machine, explore ?? {}, name, actor));
  const actions = moves.map(({ steps, ...action }): Action => {
    c.sequences.push(steps.map(step => addStep(c, step, [])));
    return { ...action, sequence: c.sequences.length - 1 };
  });
  const { steps, sequences } = c;
  return {
    program: { ...program, steps, sequences, actions },
    written: moves.map(move => move.steps),
  };
}

const NOWHERE = {
  kind: 'map',
  at: { file: '', line: 0, column: 0, length: 0 },
  entries: new Map(),
} as const;

const HOSTILE: readonly ActorVerb[] = ['use', 'free', 'raise', 'forge', 'replay', 'dma'];

const defaultActors = ({ realms }: Machine): Record<string, ActorYaml> =>
  realms.some(realm => realm.behaviour === 'adversarial')
    ? Object.fromEntries(
        realms.map(({ name, behaviour }) => [
          name,
          { may: behaviour === 'adversarial' ? [...HOSTILE] : ['raise'] },
        ]),
      )
    : {};

function movesOf(machine: Machine, explore: ExploreYaml, name: string, actor: ActorYaml): Move[] {
  const realm = machine.realms.findIndex(candidate => candidate.name === name);
  const irqs = machine.irqs.flatMap((irq, index) => {
    const named = actor.irqs?.includes(irq.name);
    return (named ?? machine.devices[irq.device].owner === realm) ? [index] : [];
  });
  return irqs.flatMap(irq =>
    actor.may.flatMap(verb => MOVES[verb]({ machine, forge: explore.forge ?? {}, realm, irq })),
  );
}

interface Menu {
  readonly machine: Machine;
  readonly forge: NonNullable<ExploreYaml['forge']>;
  readonly realm: number;
  readonly irq: number;
}

/** What each verb lets a realm do with an interrupt. */
const MOVES: Readonly<Record<ActorVerb, (menu: Menu) => Move[]>> = {
  use(menu) {
    const { machine, realm, irq } = menu;
    const { name } = machine.irqs[irq];
    const cpu = machine.cpus[machine.realms[realm].cpus[0]].name;
    const steps = [{ allocate: { irq: name, cpu } }, { store: name }];
    return [move(menu, { verb: 'use', family: 'use', text: `uses ${name}`, steps })];
  },
  free: menu => [simple(menu, 'free', 'frees', irq => ({ free: irq }))],
  raise: menu => [simple(menu, 'raise', 'lets raise', irq => ({ raise: irq }))],
  replay: menu => [simple(menu, 'replay', 'replays', irq => ({ attack: { kind: 'replay', irq } }))],
  affinity: menu =>
    menu.machine.realms[menu.realm].cpus.map(index => {
      const irq = menu.machine.irqs[menu.irq].name;
      const cpu = menu.machine.cpus[index].name;
      const steps = [{ affinity: { irq, cpu } }];
      return move(menu, {
        verb: 'affinity',
        family: 'affinity',
        text: `moves ${irq} to ${cpu}`,
        steps,
      });
    }),
  forge: menu => {
    const irq = menu.machine.irqs[menu.irq].name;
    return forgeries(menu.machine, menu.forge).map(({ message, family, meaning }) =>
      move(menu, {
        verb: 'forge',
        family,
        text: `forges ${irq}: ${meaning}`,
        steps: [{ attack: { kind: 'forge-store', irq, message } }],
      }),
    );
  },
  dma: menu => {
    const device = deviceOf(menu);
    if (!device.dma || !isFirst(menu)) return [];
    return forgeries(menu.machine, menu.forge).map(({ message, family, meaning }) =>
      move(menu, {
        verb: 'dma',
        family,
        text: `has ${device.name} write: ${meaning}`,
        steps: [{ attack: { kind: 'dma-write', device: device.name, message } }],
      }),
    );
  },
  call: menu => {
    if (!isFirst(menu)) return [];
    const { machine, realm } = menu;
    const own = machine.cpus[machine.realms[realm].cpus[0]].name;
    const others = machine.irqs.filter(irq => {
      const { owner } = machine.devices[irq.device];
      return owner !== realm && owner !== HOST;
    });
    const family = 'a call about another';
    return others.flatMap(({ name: irq }) => [
      move(menu, {
        verb: 'call',
        family,
        text: `asks to free ${irq}`,
        steps: [{ hypercall: { call: 'free', irq } }],
      }),
      move(menu, {
        verb: 'call',
        family,
        text: `asks to send ${irq} to ${own}`,
        steps: [{ hypercall: { call: 'retarget', irq, cpu: own, vector: OWN_VECTOR } }],
      }),
    ]);
  },
  spoof: menu => {
    const device = deviceOf(menu);
    if (!device.dma || !isFirst(menu)) return [];
    return othersIds(menu).flatMap(rid =>
      forgeries(menu.machine, menu.forge)
        .filter(({ entry }) => entry)
        .map(({ message, meaning }) =>
          move(menu, {
            verb: 'spoof',
            family: 'a requester id of another',
            text: `has ${device.name} write as ${rid}: ${meaning}`,
            steps: [{ attack: { kind: 'spoof', device: device.name, as: rid, message } }],
          }),
        ),
    );
  },
};

/** A vector a guest may have on a CPU of its own. */
const OWN_VECTOR = 0x41;

const deviceOf = ({ machine, irq }: Menu): DeviceSpec => machine.devices[machine.irqs[irq].device];

/** What a device does as a whole is told once, for its first interrupt. */
const isFirst = ({ machine, irq }: Menu): boolean => machine.irqs[irq].slot === 0;

/** Requester ids of devices that belong to somebody else. */
function othersIds(menu: Menu): string[] {
  const own = deviceOf(menu);
  const others = menu.machine.devices.filter(
    device => device.owner !== menu.realm && device.rid !== own.rid && device.slots > 0,
  );
  return [...new Set(others.map(device => formatRequester(device.rid)))];
}

function move(
  { machine, realm, irq }: Menu,
  what: {
    readonly verb: ActorVerb;
    readonly family: string;
    readonly text: string;
    readonly steps: readonly StepYaml[];
  },
): Move {
  const { name } = machine.realms[realm];
  const by = realm === HOST ? {} : { by: name };
  const steps = what.steps.map(step => ({ ...step, ...by }));
  return { name: `${name} ${what.text}`, family: what.family, realm, irq, verb: what.verb, steps };
}

const simple = (
  menu: Menu,
  verb: ActorVerb,
  text: string,
  step: (irq: string) => StepYaml,
): Move => {
  const { name } = menu.machine.irqs[menu.irq];
  return move(menu, { verb, family: verb, text: `${text} ${name}`, steps: [step(name)] });
};
