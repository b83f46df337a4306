import type { Word } from '../bits/word.ts';
import { type DomainKind, HOST, type Machine } from '../model/machine.ts';
import type { RemapOutcome } from '../model/remap.ts';
import type { Message } from '../model/wire.ts';

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
  /** What was composed last for an interrupt, by `realm/irq`. */
  composed: Record<string, Composition>;
  /** Virtual CPU an interrupt is posted to now, by its name. */
  posted: Record<string, string>;
  /** Vectors an interrupt’s owner holds for it, by interrupt, where there are any. */
  held: Record<string, number>;
  /** Devices whose function was switched on for an interrupt in use, be it off by now: 1 each. */
  enabled: Record<string, number>;
  /** Interrupts that were raised, may arrive, and have not been serviced since: 1 each. */
  unanswered: Record<string, number>;
  /** What each realm has used of what is shared, by `budget/realm`, as far as a budget counts it. */
  used: Record<string, number>;
}

/** A message, and the kind of layer that composed it. */
export interface Composition {
  kind: DomainKind;
  message: Message;
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
  /** 1 once an access of its owner has trapped. */
  traps: number;
  /** 1 while it holds words that somebody put there past the layers. */
  forged: number;
}

export interface Put {
  message: Message;
  transient: number;
  /** Realm that put it there. */
  by: string;
  /** Kind of layer that composed it; empty where nobody did. */
  composer: DomainKind | '';
}

/** A message on its way, and what is known of it. */
export interface FlightLore {
  device: string;
  irq: string;
  message: Message;
  sentRid: number;
  seenRid: number;
  /** Where it came from; `inject`: from the hypervisor, which has no message for it. */
  kind: 'store' | 'dma' | 'inject';
  /** Its parts come from different messages. */
  torn: number;
  /** It is the null message, stored as a composed one for an interrupt in use. */
  empty: number;
  /** It is not what the slot held when the device sent it. */
  copied: number;
  /** Resources given back since it left. */
  revoked: string[];
  table: number;
  outcome: RemapOutcome | null;
}

export const createLedger = (machine: Machine): Ledger => ({
  vectors: {},
  entries: {},
  slots: {},
  flights: {},
  owners: machine.devices.map(device => device.owner),
  composed: {},
  posted: {},
  held: {},
  enabled: {},
  unanswered: {},
  used: {},
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
