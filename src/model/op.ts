import type { Word } from '../bits/word.ts';
import type { Message } from './wire.ts';

/** Registers of a message slot, in the order of `StoreState.slots[n]`. */
export const REG = { addressLow: 0, addressHigh: 1, data: 2, control: 3 } as const;
export const REG_NAMES = ['addressLow', 'addressHigh', 'data', 'control'] as const;

/** Registers that belong to a whole device rather than to a slot. */
export const FUNCTION_REGS = ['enable', 'functionMask', 'multiple'] as const;
export type FunctionReg = (typeof FUNCTION_REGS)[number];

/**
 * One write or other action of software that hardware and other software can see: the unit of
 * interleaving. Layers decide at once and leave such operations behind; nothing happens between
 * two of them unless somebody else gets a turn. `by` is the realm that acts.
 */
export type Op =
  | StoreOp
  | FunctionOp
  | TableOp
  | DeviceEntryOp
  | InvalidateOp
  | RegisterOp
  | DescriptorOp
  | { readonly op: 'interrupts'; readonly by: number; readonly cpu: number; readonly on: number }
  | RetriggerOp
  | { readonly op: 'wait'; readonly by: number }
  | { readonly op: 'scan-pending'; readonly by: number; readonly cpu: number }
  | { readonly op: 'cpu-line'; readonly by: number; readonly cpu: number; readonly online: number }
  | { readonly op: 'retrigger'; readonly by: number; readonly cpu: number; readonly vector: number }
  | {
      readonly op: 'release' | 'clean-up';
      readonly by: number;
      /** `release`: the layer that gives its resources back. `clean-up`: the vector layer. */
      readonly domain: number;
      readonly irq: number;
    }
  | { readonly op: 'raise'; readonly by: number; readonly irq: number };

/** Writes consecutive registers of a slot of a device's message store. */
export interface StoreOp {
  readonly op: 'store';
  readonly by: number;
  readonly device: number;
  readonly slot: number;
  readonly first: number;
  readonly words: readonly Word[];
  /** The message whose writes begin here. */
  readonly begins?: Beginning;
  /** Part of an access that the hypervisor's trap let slip. */
  readonly slipped?: true;
}

/** A message as a layer begins to put it into a slot. */
export interface Beginning {
  readonly domain: string;
  readonly irq: string;
  readonly message: Message;
  /** A deliberate step on the way to another message. */
  readonly transient: boolean;
}

/** Writes a register of the whole function. */
export interface FunctionOp {
  readonly op: 'function';
  readonly by: number;
  readonly device: number;
  readonly reg: FunctionReg;
  readonly value: number;
}

/** Writes words of a remapping table entry. */
export interface TableOp {
  readonly op: 'entry';
  readonly by: number;
  /** VT-d: page of the table. AMD-Vi: root of the table. */
  readonly table: number;
  readonly index: number;
  readonly first: number;
  readonly words: readonly Word[];
}

/** Writes words of a device table entry of an AMD-Vi unit, whose copies are never cached. */
export interface DeviceEntryOp {
  readonly op: 'device-entry';
  readonly by: number;
  readonly rid: number;
  readonly first: number;
  readonly words: readonly Word[];
}

/**
 * Queues an invalidation of cached entries: `count` entries from `index`, 0 for all. It is done
 * when a later `wait` is.
 */
export interface InvalidateOp {
  readonly op: 'invalidate';
  readonly by: number;
  readonly index: number;
  readonly count: number;
  /** AMD-Vi invalidates by requester id; `NONE` for VT-d. */
  readonly rid: number;
}

/** Writes a register of the remap unit; names as in `engine/registers.ts`. */
export interface RegisterOp {
  readonly op: 'register';
  readonly by: number;
  readonly reg: string;
  readonly value: Word;
  /** Bits 63:32; left as they are where it is missing. */
  readonly high?: Word;
  /** Which of several such registers. */
  readonly index?: number;
}

/** Writes consecutive words of a posted interrupt descriptor. */
export interface DescriptorOp {
  readonly op: 'descriptor';
  readonly by: number;
  /** As `Machine.cpus` counts. */
  readonly descriptor: number;
  readonly first: number;
  readonly words: readonly Word[];
}

/** Sends a vector to its new CPU where it was caught pending on the old one. */
export interface RetriggerOp {
  readonly op: 'retrigger-if-pending';
  readonly by: number;
  readonly cpu: number;
  readonly vector: number;
  readonly toCpu: number;
}
