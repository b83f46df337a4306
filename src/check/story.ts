import { type DeviceSpec, HOST, type Machine, NONE } from '../model/machine.ts';
import type { Happening } from '../model/record.ts';
import type { Effect } from '../model/violation.ts';
import { modeName } from '../model/wire.ts';
import {
  entryKey,
  type FlightLore,
  type Holding,
  type Ledger,
  type SlotLore,
  slotKey,
  vectorKey,
} from './ledger.ts';

/** One message from the device to its end, with what the ledger knows of everything it touched. */
export interface Story {
  readonly machine: Machine;
  readonly flight: FlightLore;
  readonly source: DeviceSpec;
  /** Realm the source belongs to. */
  readonly owner: number;
  /** What a CPU gets to see; null when the message ended before. */
  readonly effect: Effect | null;
  /** Who has, or had, the vector it arrived at; null when nobody ever did. */
  readonly holder: Holding | null;
  /** Who has, or had, the table entry it used. */
  readonly entryHolder: Holding | null;
  readonly slot: SlotLore | null;
  /** Realm of whoever is hit: the holder's, else the CPU's. */
  readonly victim: number;
  /** The policy lets this source cause this effect. */
  readonly allowed: boolean;
  /** The line of the policy that decides. */
  readonly policy: string;
}

/** The interrupts' owner, by name of an interrupt. */
export function ownerOf(machine: Machine, irqName: string): number {
  const irq = machine.irqs.find(candidate => candidate.name === irqName);
  return irq ? machine.devices[irq.device].owner : HOST;
}

/** Records with which the story of a message ends. */
export type Ending = Extract<Happening, { act: 'deliver' | 'post' | 'fault' | 'stray' }>;

/** The story of the message a record ends; null when no message ended with it. */
export function storyOf(machine: Machine, ledger: Ledger, end: Ending): Story | null {
  const flight = ledger.flights[end.flight];
  if (!flight) return null;
  const source = machine.devices.find(device => device.name === flight.device);
  if (!source) return null;
  const effect = effectOf(end);
  const holder = effect ? (ledger.vectors[vectorKey(effect.target, effect.vector)] ?? null) : null;
  const entry = flight.outcome && 'entry' in flight.outcome ? flight.outcome.entry : NONE;
  const known = {
    machine,
    flight,
    source,
    owner: source.owner,
    effect,
    holder,
    entryHolder: entry >= 0 ? (ledger.entries[entryKey(flight.table, entry)] ?? null) : null,
    slot: ledger.slots[slotKey(machine, flight.irq)] ?? null,
  };
  const victim = victimOf(machine, effect, holder);
  return { ...known, victim, ...judge(machine, source, { effect, holder, victim }) };
}

function effectOf(end: Ending): Effect | null {
  if (end.act === 'post') return { target: end.descriptor, vector: end.vector, mode: 'fixed' };
  if (end.act !== 'deliver') return null;
  if (end.outcome !== 'accepted' && end.outcome !== 'coalesced') return null;
  return { target: end.cpu, vector: end.request.vector, mode: modeName(end.request) };
}

function victimOf(machine: Machine, effect: Effect | null, holder: Holding | null): number {
  if (!effect) return NONE;
  if (holder?.live) return ownerOf(machine, holder.irq);
  return machine.cpus.find(cpu => cpu.name === effect.target)?.realm ?? HOST;
}

interface Judged {
  readonly allowed: boolean;
  readonly policy: string;
}

/** What the policy says: grants and denials by name, else a source may signal its owner. */
function judge(
  machine: Machine,
  source: DeviceSpec,
  at: { effect: Effect | null; holder: Holding | null; victim: number },
): Judged {
  const { effect, holder, victim } = at;
  if (!effect) return { allowed: true, policy: '' };
  const { policy, realms } = machine;
  const names = policy.modes.map(mode => modeName({ deliveryMode: mode }));
  if (!names.includes(effect.mode as (typeof names)[number]))
    return { allowed: false, policy: `sources may use ${names.join(' and ')} only` };
  const device = machine.devices.indexOf(source);
  const cpu = machine.cpus.findIndex(candidate => candidate.name === effect.target);
  const named = (list: typeof policy.grants) =>
    list.find(
      grant =>
        grant.device === device &&
        grant.cpu === cpu &&
        (grant.vector === NONE || grant.vector === effect.vector),
    );
  const denied = named(policy.denials);
  if (denied) return { allowed: false, policy: `denied at ${denied.source}` };
  const granted = named(policy.grants);
  if (granted) return { allowed: true, policy: `granted at ${granted.source}` };
  const owner = realms[source.owner].name;
  const rule = `${source.name} belongs to ${owner} and may signal ${owner} only`;
  const own = holder?.live ? victim === source.owner : realms[source.owner].cpus.includes(cpu);
  return { allowed: own, policy: rule };
}
