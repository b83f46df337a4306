import type { CheckLog } from './check.ts';
import type { InterruptRequest, Wire } from './wire.ts';

/** What a remap unit decides about a write into the interrupt window. */
export type RemapOutcome =
  | { readonly kind: 'passthrough' }
  | RemappedOutcome
  | PostedOutcome
  | BlockedOutcome;

/** What a table entry can decide. */
export type EntryOutcome = RemappedOutcome | PostedOutcome | BlockedOutcome;

/** The entry says where the interrupt goes. */
export interface RemappedOutcome extends FromEntry {
  readonly kind: 'remapped';
  readonly entry: number;
  readonly request: InterruptRequest;
}

/** An outcome that a table entry decided. */
export interface FromEntry {
  /** The unit used a cached copy of the entry, and memory holds something else. */
  readonly stale?: boolean;
}

/** The entry names a posted interrupt descriptor. */
export interface PostedOutcome extends FromEntry {
  readonly kind: 'posted';
  readonly entry: number;
  /** Address of the descriptor, bits 31:0 and 63:32. */
  readonly addressLow: number;
  readonly addressHigh: number;
  readonly vector: number;
  readonly urgent: number;
  /** Fault processing disable: refusals because of the descriptor are not recorded. */
  readonly fpd: number;
}

/** The write is dropped. */
export interface BlockedOutcome extends FromEntry {
  readonly kind: 'blocked';
  /** The rule that refused. */
  readonly rule: string;
  /** Fault reason code where the platform numbers them, else 0. */
  readonly code: number;
  /** Name of the fault, as in the tables of `arch/`. */
  readonly fault: string;
  /** Index the request named; -1 when it names none. */
  readonly entry: number;
  /** False when the entry asks for silence. Whether a record was free is another matter. */
  readonly recorded: boolean;
}

/** A refusal and the request it met. */
export interface Refusal {
  readonly fault: BlockedOutcome;
  readonly wire: Wire;
}

/** What became of a fault: written, silenced on purpose, or lost because no record was free. */
export type FaultFate = 'recorded' | 'suppressed' | 'overflow';

/** What a unit gets besides its own state: never who sent the message. */
export interface UnitEnv {
  readonly log: CheckLog;
  /** The one door of choice: a number below `n`. */
  readonly pick: (n: number, label: string) => number;
}
