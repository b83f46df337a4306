import { KERNELS } from '../arch/linux.ts';
import { DELIVERY_MODES, type DeliveryMode } from '../arch/message.ts';
import { messageMeaning } from '../model/describe.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import { amdMessage, compatMessage, remappableMessage, ZERO_MESSAGE } from '../model/message.ts';
import { type Message, sameMessage } from '../model/wire.ts';
import type { ExploreYaml } from './schema-explore.ts';
import type { MessageYaml } from './schema-steps.ts';

/** A message an attacker may write, and the class it stands for. */
export interface Forgery {
  readonly message: MessageYaml;
  readonly family: string;
  /** What the units of the machine read in it. */
  readonly meaning: string;
  /** It names a table entry. */
  readonly entry: boolean;
}

interface Candidate {
  readonly words: Message;
  readonly family: string;
  readonly entry: boolean;
}

const ALL_MODES = ['fixed', 'nmi', 'init', 'smi', 'extint'] as const;
const ALL_FORMATS = ['compat', 'remappable'] as const;

/** What a freed slot holds: sent, it is an ordinary write to memory. */
const NOTHING: Candidate = { words: ZERO_MESSAGE, family: 'all zero', entry: false };

/** One representative of each class of messages, the plain ones first. */
export function forgeries(machine: Machine, forge: NonNullable<ExploreYaml['forge']>): Forgery[] {
  const formats = forge.formats ?? ALL_FORMATS;
  const modes = forge.modes ?? ALL_MODES;
  const all = [
    ...(formats.includes('compat') ? compatForgeries(machine, modes) : []),
    ...(formats.includes('remappable') ? entryForgeries(machine) : []),
    NOTHING,
  ];
  return all
    .filter(({ words }, i) => all.findIndex(other => sameMessage(other.words, words)) === i)
    .map(({ words, family, entry }) => ({
      message: spelledOut(words),
      family,
      entry,
      meaning: messageMeaning(machine, words),
    }));
}

const spelledOut = ({ addressLow, addressHigh, data }: Message): MessageYaml => ({
  address: addressLow,
  ...(addressHigh !== 0 && { addressHigh }),
  data,
});

/** Each mode to each CPU: a vector the CPU's owner is likely to have, and one of the system's. */
function compatForgeries(machine: Machine, modes: readonly DeliveryMode[]): Candidate[] {
  const plan = KERNELS[machine.kernel];
  const system: readonly number[] = plan.system;
  const vectors = Array.from({ length: 256 }, (_, vector) => vector);
  const first = vectors.find(vector => vector >= plan.allocStart && !system.includes(vector));
  const physical = machine.cpus.filter(cpu => cpu.runsOn === NONE);
  return modes.flatMap(mode =>
    physical.map(cpu => ({
      words: compatMessage({
        dest: cpu.apicId,
        destMode: 0,
        vector: mode === 'fixed' ? (first ?? plan.allocStart) : 0,
        deliveryMode: DELIVERY_MODES.indexOf(mode),
      }),
      family: `compatibility, ${mode} to ${ownerText(machine, cpu.name)}`,
      entry: false,
    })),
  );
}

function ownerText(machine: Machine, cpu: string): string {
  const index = machine.cpus.findIndex(spec => spec.name === cpu);
  const guest = machine.cpus.find(spec => spec.runsOn === index);
  return machine.realms[guest?.realm ?? HOST].name;
}

/** Every entry of a small table, one beyond it, and an index made of handle and subhandle. */
function entryForgeries(machine: Machine): Candidate[] {
  const entries = machine.remap.kind === 'none' ? DEFAULT_ENTRIES : machine.remap.entries;
  const inside = Array.from({ length: Math.min(entries, ENTRIES_MAX) }, (_, index) => index);
  const indices = [...inside, entries].filter(index => index <= INDEX_MAX[machine.remap.kind]);
  const family = 'a table entry';
  if (machine.remap.kind === 'amdvi')
    return indices.map(index => ({ words: amdMessage(index), family, entry: true }));
  const plain = indices.map(index => ({ words: remappableMessage(index), family, entry: true }));
  const sub = 'a table entry by subhandle';
  const bare = 'a table entry without subhandle';
  return [
    ...plain,
    { words: remappableMessage(0, 1, 1), family: sub, entry: true },
    { words: remappableMessage(1, 0), family: bare, entry: true },
  ];
}

const DEFAULT_ENTRIES = 4;
/** Entries of larger tables are not all tried. */
const ENTRIES_MAX = 16;
/** Highest index a message can name. */
const INDEX_MAX = { none: 0xffff, vtd: 0xffff, amdvi: 0x7ff } as const;
