import { type DeviceSpec, HOST, type Machine, NONE } from '../model/machine.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import type { Happening } from '../model/record.ts';
import type { Effect } from '../model/violation.ts';
import { modeName } from '../model/wire.ts';
import {
  entryKey,
  type FlightLore,
  type Holding,
  type Ledger,
  ownerOf,
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
  /** The interrupt has a vector now: it was not given back. */
  readonly irqLive: boolean;
  /** Realm of whoever is hit: the holder's, else the CPU's. */
  readonly victim: number;
  /** Realm of whoever has, or had, the table entry; `NONE` where none was used. */
  readonly entryOwner: number;
  /** Virtual CPU the entry is to post to; empty where it is not to. */
  readonly postedTo: string;
  /** The policy lets this source cause this effect. */
  readonly allowed: boolean;
  /** The line of the policy that decides. */
  readonly policy: string;
}

/** Records with which the story of a message ends. */
export type Ending = Extract<Happening, { act: 'deliver' | 'post' | 'fault' | 'stray' }>;

/** The story of the message a record ends; null when no message ended with it. */
export function storyOf(machine: Machine, ledger: Ledger, end: Ending): Story | null {
  const flight = ledger.flights[end.flight] ?? injected(machine, end);
  if (!flight) return null;
  const source = machine.devices.find(device => device.name === flight.device);
  if (!source) return null;
  const effect = effectOf(end);
  const holder = effect ? (ledger.vectors[vectorKey(effect.target, effect.vector)] ?? null) : null;
  const entry = flight.outcome && 'entry' in flight.outcome ? flight.outcome.entry : NONE;
  const entryHolder = entry >= 0 ? (ledger.entries[entryKey(flight.table, entry)] ?? null) : null;
  const known = {
    machine,
    flight,
    source,
    owner: ledger.owners[machine.devices.indexOf(source)],
    effect,
    holder,
    entryHolder,
    entryOwner: entryHolder ? ownerOf(machine, ledger, entryHolder.irq) : NONE,
    postedTo: entryHolder ? (ledger.posted[entryHolder.irq] ?? '') : '',
    irqLive: Object.values(ledger.vectors).some(held => held.live && held.irq === flight.irq),
    slot: ledger.slots[slotKey(machine, flight.irq)] ?? null,
  };
  const victim = victimOf(machine, ledger, { effect, holder });
  return { ...known, victim, ...judge(known, victim) };
}

function effectOf(end: Ending): Effect | null {
  if (end.act === 'post') return { target: end.descriptor, vector: end.vector, mode: 'fixed' };
  if (end.act !== 'deliver') return null;
  if (end.outcome !== 'accepted' && end.outcome !== 'coalesced') return null;
  return { target: end.cpu, vector: end.request.vector, mode: modeName(end.request) };
}

/** What the hypervisor injects has no message of its own: it stands for the device's raise. */
function injected(machine: Machine, end: Ending): FlightLore | null {
  if (end.act !== 'deliver' || end.via !== 'inject') return null;
  const irq = machine.irqs.find(candidate => candidate.name === end.irq);
  if (!irq) return null;
  const { name, rid } = machine.devices[irq.device];
  return {
    device: name,
    irq: end.irq,
    message: ZERO_MESSAGE,
    sentRid: rid,
    seenRid: rid,
    kind: 'inject',
    torn: 0,
    empty: 0,
    copied: 0,
    revoked: [],
    table: NONE,
    outcome: null,
  };
}

function victimOf(
  machine: Machine,
  ledger: Ledger,
  at: { readonly effect: Effect | null; readonly holder: Holding | null },
): number {
  if (!at.effect) return NONE;
  if (at.holder?.live) return ownerOf(machine, ledger, at.holder.irq);
  return machine.cpus.find(cpu => cpu.name === at.effect?.target)?.realm ?? HOST;
}

interface Judged {
  readonly allowed: boolean;
  readonly policy: string;
}

/** What the policy says: grants and denials by name, else a source may signal its owner. */
function judge(
  known: Pick<Story, 'machine' | 'source' | 'owner' | 'effect' | 'holder'>,
  victim: number,
): Judged {
  const { machine, source, owner, effect, holder } = known;
  if (!effect) return { allowed: true, policy: '' };
  const { policy, realms } = machine;
  const names = policy.modes.map(mode => modeName({ deliveryMode: mode }));
  if (!names.some(name => name === effect.mode))
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
  const name = realms[owner].name;
  const rule = `${source.name} belongs to ${name} and may signal ${name} only`;
  const own = holder?.live ? victim === owner : realms[owner].cpus.includes(cpu);
  return { allowed: own, policy: rule };
}
