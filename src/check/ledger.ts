import type { Word } from '../bits/word.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import type { Happening } from '../model/record.ts';
import type { RemapOutcome } from '../model/remap.ts';
import { type Message, sameMessage } from '../model/wire.ts';

/**
 * The ground truth: who was given what, who wrote what, what is on its way. It is folded from the
 * trace alone, and nothing in the simulated world can ask it.
 */
export interface Ledger {
  /** Holders of vectors by `cpu/vector`, and of table entries by `table/index`. */
  vectors: Record<string, Holding>;
  entries: Record<string, Holding>;
  /** Message slots by `device/slot`. */
  slots: Record<string, SlotLore>;
  flights: Record<number, FlightLore>;
  /** Realm each device belongs to now. */
  owners: number[];
}

/** Who has, or last had, a resource. */
export interface Holding {
  irq: string;
  /** 1 until it is given back. */
  live: number;
}

/** What is known of a message slot. */
export interface SlotLore {
  words: Word[];
  /** Who wrote each word last. */
  writers: string[];
  /** Messages put there as a whole, the latest first. */
  puts: Put[];
}

export interface Put {
  message: Message;
  transient: number;
}

/** A message on its way, and what is known of it. */
export interface FlightLore {
  device: string;
  irq: string;
  message: Message;
  sentRid: number;
  seenRid: number;
  kind: 'store' | 'dma';
  /** Its parts come from different messages. */
  torn: number;
  /** Resources given back since it left. */
  revoked: string[];
  table: number;
  outcome: RemapOutcome | null;
}

/** Messages of a slot that are remembered. */
const PUTS_MAX = 4;

export const createLedger = (machine: Machine): Ledger => ({
  vectors: {},
  entries: {},
  slots: {},
  flights: {},
  owners: machine.devices.map(device => device.owner),
});

/** Realm an interrupt belongs to, by its name; the host's for an unknown one. */
export function ownerOf(machine: Machine, ledger: Ledger, irqName: string): number {
  const irq = machine.irqs.find(candidate => candidate.name === irqName);
  return irq ? ledger.owners[irq.device] : HOST;
}

export const vectorKey = (cpu: string, vector: number): string => `${cpu}/${vector}`;
export const entryKey = (table: number, index: number): string => `${table}/${index}`;

/** The slot an interrupt's message lies in: all of MSI share one. */
export function slotKey(machine: Machine, irqName: string): string {
  const irq = machine.irqs.find(candidate => candidate.name === irqName);
  if (!irq) return '';
  const device = machine.devices[irq.device];
  return `${device.name}/${device.store === 'msi' ? 0 : irq.slot}`;
}

const emptySlot = (): SlotLore => ({ words: [0, 0, 0], writers: ['', '', ''], puts: [] });

/** Adds one record to what is known. */
export function learn(machine: Machine, ledger: Ledger, actor: string, what: Happening): void {
  switch (what.act) {
    case 'alloc':
      if (!what.error) hold(ledger, what);
      break;
    case 'free':
      release(ledger, what);
      break;
    case 'boot':
      forgetHost(machine, ledger, what.kernel);
      break;
    case 'assign':
      if (!what.error) {
        const device = machine.devices.findIndex(spec => spec.name === what.device);
        ledger.owners[device] = machine.realms.findIndex(realm => realm.name === what.realm);
      }
      break;
    case 'put': {
      const key = slotKey(machine, what.irq);
      const slot = (ledger.slots[key] ??= emptySlot());
      slot.puts.unshift({ message: what.message, transient: what.transient ? 1 : 0 });
      slot.puts.length = Math.min(slot.puts.length, PUTS_MAX);
      break;
    }
    case 'write':
      if (what.unit === 'store') write(ledger, actor, what);
      break;
    case 'emit':
      ledger.flights[what.flight] = {
        device: what.device,
        irq: what.irq,
        message: what.message,
        sentRid: what.rid,
        seenRid: what.rid,
        kind: what.kind,
        torn: isTorn(ledger.slots[slotKey(machine, what.irq)], what.message) ? 1 : 0,
        revoked: [],
        table: NONE,
        outcome: null,
      };
      break;
    case 'retag':
      ledger.flights[what.flight].seenRid = what.after;
      break;
    case 'translate':
      ledger.flights[what.flight].table = what.table;
      ledger.flights[what.flight].outcome = what.outcome;
      break;
  }
}

function hold(ledger: Ledger, what: Extract<Happening, { act: 'alloc' }>): void {
  const holding = { irq: what.irq, live: 1 };
  if (what.kind === 'vector') ledger.vectors[vectorKey(what.cpu, what.vector)] = holding;
  if (what.kind === 'remap') ledger.entries[entryKey(what.table, what.entry)] = holding;
}

function release(ledger: Ledger, what: Extract<Happening, { act: 'free' }>): void {
  const key =
    what.kind === 'vector' ? vectorKey(what.cpu, what.vector) : entryKey(what.table, what.entry);
  const held = (what.kind === 'vector' ? ledger.vectors : ledger.entries)[key];
  if (!held || held.irq !== what.irq) return;
  held.live = 0;
  for (const flight of Object.values(ledger.flights)) flight.revoked.push(`${what.kind} ${key}`);
}

function write(ledger: Ledger, actor: string, what: Extract<Happening, { act: 'write' }>): void {
  const slot = (ledger.slots[`${what.of}/${what.at}`] ??= emptySlot());
  for (const [i, value] of what.after.entries()) {
    const reg = what.first + i;
    if (reg >= slot.words.length) continue;
    slot.words[reg] = value;
    slot.writers[reg] = actor;
  }
}

/** A message that was never put as a whole, but whose parts all were: halves of two. */
function isTorn(slot: SlotLore | undefined, sent: Message): boolean {
  if (!slot || slot.puts.length < 2) return false;
  if (slot.puts.some(put => sameMessage(put.message, sent))) return false;
  const address = slot.puts.some(
    ({ message }) =>
      message.addressLow === sent.addressLow && message.addressHigh === sent.addressHigh,
  );
  return address && slot.puts.some(({ message }) => message.data === sent.data);
}

/** A new kernel: what the last one gave out belongs to nobody, but for entries it inherits. */
function forgetHost(machine: Machine, ledger: Ledger, kernel: 'kernel' | 'crash-kernel'): void {
  const hosts = machine.cpus.filter(cpu => cpu.realm === HOST).map(cpu => cpu.name);
  for (const [key, holding] of Object.entries(ledger.vectors))
    if (hosts.some(name => key.startsWith(`${name}/`))) holding.live = 0;
  if (kernel === 'kernel') for (const holding of Object.values(ledger.entries)) holding.live = 0;
}
