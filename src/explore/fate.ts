import { AMD_INDEXED, REMAPPABLE } from '../arch/message.ts';
import { get } from '../bits/layout.ts';
import { entryKey, type FlightLore, type Ledger, ownerOf } from '../check/ledger.ts';
import { HOST, type Machine } from '../model/machine.ts';
import { inWindow, readCompat } from '../model/message.ts';
import type { Happening } from '../model/record.ts';
import { messageWords, modeName } from '../model/wire.ts';

/** How a message ended, and what kind of message it was as seen from its sender. */
export interface Fate {
  /** Such as `the entry of victim` or `compatibility, nmi to host`. */
  readonly kind: string;
  /** The rule that stopped it, or `delivered`. */
  readonly end: string;
}

/** The fate of the message whose story a record ends; null where none ends. */
export function fateOf(machine: Machine, ledger: Ledger, what: Happening): Fate | null {
  switch (what.act) {
    case 'deliver': {
      const flight = ledger.flights[what.flight];
      if (!flight || what.via !== 'wire') return null;
      const ends = {
        'no-target': 'no CPU has this id',
        'illegal-vector': 'apic/illegal-vector',
        'reserved-mode': 'apic/reserved-mode',
      };
      const end = what.outcome in ends ? ends[what.outcome as keyof typeof ends] : 'delivered';
      return { kind: kindOf(machine, ledger, flight), end };
    }
    case 'post':
      return ended(machine, ledger, what.flight, 'delivered');
    case 'trap':
      return { kind: 'a write to its own store', end: `the trap: ${what.action}` };
    case 'stray':
      return ended(machine, ledger, what.flight, 'not an interrupt');
    case 'fault': {
      const outcome = ledger.flights[what.flight]?.outcome;
      return ended(
        machine,
        ledger,
        what.flight,
        outcome?.kind === 'blocked' ? outcome.rule : what.reason,
      );
    }
    default:
      return null;
  }
}

function ended(machine: Machine, ledger: Ledger, flight: number, end: string): Fate | null {
  const lore = ledger.flights[flight];
  return lore ? { kind: kindOf(machine, ledger, lore), end } : null;
}

/** What a message is to its sender. */
function kindOf(machine: Machine, ledger: Ledger, flight: FlightLore): string {
  const { message } = flight;
  if (!inWindow(message)) return 'a write outside the window';
  const device = machine.devices.findIndex(spec => spec.name === flight.device);
  const sender = ledger.owners[device];
  const index = indexIn(machine, flight);
  return index === null
    ? compatKind(machine, flight, sender)
    : entryKind(machine, ledger, { flight, index, sender });
}

/** The table entry a message names for the unit of this machine; null where it names none. */
function indexIn(machine: Machine, { message }: FlightLore): number | null {
  const words = messageWords(message);
  const f = REMAPPABLE.fields;
  switch (machine.remap.kind) {
    case 'none':
      return null;
    case 'amdvi': {
      const mode = modeName(readCompat(message, false));
      return mode === 'fixed' || mode === 'lowest' ? get(words, AMD_INDEXED.fields.index) : null;
    }
    case 'vtd':
      if (get(words, f.format) === 0) return null;
      return get(words, f.handle) + (get(words, f.shv) ? get(words, f.subhandle) : 0);
  }
}

function compatKind(machine: Machine, { message }: FlightLore, sender: number): string {
  const request = readCompat(message, machine.extendedIds);
  const physical = machine.cpus.findIndex(cpu => cpu.runsOn < 0 && cpu.apicId === request.dest);
  const guest = machine.cpus.find(cpu => cpu.runsOn === physical)?.realm ?? HOST;
  const whose = guest === sender ? 'its own CPU' : `the CPU of ${machine.realms[guest].name}`;
  return `compatibility, ${modeName(request)} to ${whose}`;
}

function entryKind(
  machine: Machine,
  ledger: Ledger,
  at: { readonly flight: FlightLore; readonly index: number; readonly sender: number },
): string {
  const { remap } = machine;
  if (remap.kind !== 'none' && at.index >= remap.entries) return 'an index beyond the table';
  const holding = ledger.entries[entryKey(at.flight.table, at.index)];
  if (!holding) return 'an entry nobody ever had';
  if (!holding.irq) return 'an entry somebody gave back';
  const owner = ownerOf(machine, ledger, holding.irq);
  if (!holding.live)
    return owner === at.sender ? 'an entry it gave back' : 'an entry another gave back';
  return owner === at.sender ? 'an entry of its own' : `an entry of ${machine.realms[owner].name}`;
}
