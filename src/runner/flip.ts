import { type Word, word } from '../bits/word.ts';
import { stepOf } from '../check/evidence.ts';
import type { Patch } from '../engine/history-change.ts';
import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import type { Program, Step } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';
import { type Message, messageWords } from '../model/wire.ts';
import { wiredToZero } from '../units/store.ts';
import type { WriteRecord } from './written-words.ts';

/** One bit of what a record shows, counted from bit 0 of its first word. */
export interface Flip {
  readonly seq: number;
  readonly bit: number;
}

/** When a word changes: just before the event that made a record, or after it. */
export type When = 'before' | 'after';

/** What turning a bit over changes: a word in the machine, or the message a step of the script has. */
export type Turned =
  | { readonly kind: 'patch'; readonly when: When; readonly patch: Patch }
  | { readonly kind: 'program'; readonly program: Program };

const WORD_BITS = 32;
const MESSAGE_WORDS = 3;
const ENTRY_WORDS = 4;
const ALL_BITS = 0xffffffff;
const allOf = (words: number): Word[] => new Array<Word>(words).fill(ALL_BITS);

/** Where the bits of a record can be turned over. */
interface Site {
  readonly when: When;
  /** By word: the bits that can be turned over. */
  readonly masks: readonly Word[];
  /** The patch that turns over the bits of `mask` in a word, as the state has it. */
  readonly patch: (state: State, at: number, mask: number) => Patch;
}

/**
 * The record in which the bits a record shows can be turned over: itself, the emission of its
 * message, or the write that puts it into a store; -1 where there is none. All show the same bits.
 */
export function flipPlace(
  machine: Machine,
  program: Program,
  trace: readonly TraceRecord[],
  seq: number,
): number {
  const record = trace[seq];
  if (siteOf(machine, record) || sendingStep(program, trace, record)) return seq;
  if (record?.act === 'translate' || record?.act === 'stray') {
    const { flight } = record;
    const sent = trace.findLast(
      one => one.seq < seq && one.act === 'emit' && one.flight === flight,
    );
    return sent ? flipPlace(machine, program, trace, sent.seq) : -1;
  }
  if (record?.act !== 'put' && record?.act !== 'compose' && record?.act !== 'forge') return -1;
  const message = messageWords(record.message ?? { addressLow: 0, addressHigh: 0, data: 0 });
  const write = trace.find(
    one =>
      one.seq > seq &&
      one.act === 'write' &&
      one.unit === 'store' &&
      siteOf(machine, one) !== null &&
      one.first === 0 &&
      message.every((value, i) => one.after[i] === value),
  );
  return write?.seq ?? -1;
}

/** By word of what `flipPlace` found: the bits that can be turned over. Others no write changes. */
export function flipMasks(
  machine: Machine,
  program: Program,
  trace: readonly TraceRecord[],
  seq: number,
): readonly Word[] {
  const site = siteOf(machine, trace[seq]);
  if (site) return site.masks;
  return sendingStep(program, trace, trace[seq]) ? allOf(MESSAGE_WORDS) : [];
}

/** What has to change for a bit to be turned over; null where that can’t be. */
export function turn(
  machine: Machine,
  program: Program,
  from: {
    readonly trace: readonly TraceRecord[];
    readonly flip: Flip;
    readonly stateAt: (when: When) => State;
  },
): Turned | null {
  const { trace, flip, stateAt } = from;
  const record = trace[flip.seq];
  const at = Math.floor(flip.bit / WORD_BITS);
  const mask = 2 ** (flip.bit % WORD_BITS);
  if (((flipMasks(machine, program, trace, flip.seq)[at] ?? 0) & mask) === 0) return null;
  const site = siteOf(machine, record);
  if (site)
    return { kind: 'patch', when: site.when, patch: site.patch(stateAt(site.when), at, mask) };
  const step = sendingStep(program, trace, record);
  if (!step) return null;
  return { kind: 'program', program: withMessage(program, step, flipped(step, at, mask)) };
}

/** A message is changed where it is stored: after the write, or before it is sent. */
function siteOf(machine: Machine, record: TraceRecord | undefined): Site | null {
  if (record?.act === 'emit') {
    const irq = machine.irqs.find(({ name }) => name === record.irq);
    return irq ? storeSite(machine, { device: irq.device, slot: irq.slot, when: 'before' }) : null;
  }
  if (record?.act !== 'write') return null;
  if (record.unit === 'store') {
    const device = machine.devices.findIndex(({ name }) => name === record.of);
    return storeSite(machine, { device, slot: record.at, when: 'after' });
  }
  return record.unit === 'table' ? entrySite(machine, record) : null;
}

/** Pins of an IO-APIC keep no message but what it is made of. */
function storeSite(
  machine: Machine,
  at: { readonly device: number; readonly slot: number; readonly when: When },
): Site | null {
  const { device, when } = at;
  const spec = machine.devices[device];
  if (!spec || spec.store === 'ioapic') return null;
  const slot = spec.store === 'msi' ? 0 : at.slot;
  const patch = (state: State, first: number, mask: number): Patch => {
    const held = state.stores[device].slots[slot][first];
    return { op: 'store', device, slot, first, words: [word(held ^ mask)] };
  };
  const masks = allOf(MESSAGE_WORDS).map((all, reg) => word(all & ~wiredToZero(spec.store, reg)));
  return { when, masks, patch };
}

function entrySite({ remap }: Machine, { of, at }: WriteRecord): Site | null {
  if (remap.kind === 'none') return null;
  const words = remap.kind === 'amdvi' && remap.entryBits === 32 ? 1 : ENTRY_WORDS;
  const table = Number(of);
  const patch = (state: State, first: number, mask: number): Patch => {
    const tables = state.remap.kind === 'none' ? {} : state.remap.tables;
    const held = tables[table]?.[at]?.[first] ?? 0;
    return { op: 'entry', table, index: at, first, words: [word(held ^ mask)] };
  };
  return { when: 'after', masks: allOf(words), patch };
}

/** The step whose own words a message is, where it came from no store; null for others. */
function sendingStep(
  program: Program,
  trace: readonly TraceRecord[],
  record: TraceRecord | undefined,
): Step | null {
  if (record?.act !== 'emit' || record.irq !== '') return null;
  const step = program.steps[stepOf(trace, record.seq)];
  return step && spelledIn(step) ? step : null;
}

/** The message a step spells out; null where it has none. */
const spelledIn = ({ what }: Step): Message | null =>
  what.verb === 'send' || (what.verb === 'attack' && what.kind === 'dma-write')
    ? what.message
    : null;

/** The message of a step with a bit turned over. */
function flipped(step: Step, at: number, mask: number): Message {
  const message = spelledIn(step);
  const words = message ? messageWords(message) : [];
  const [addressLow, addressHigh, data] = words.map((held, i) =>
    i === at ? word(held ^ mask) : held,
  );
  return { addressLow, addressHigh, data };
}

const withMessage = (program: Program, { index }: Step, message: Message): Program => ({
  ...program,
  steps: program.steps.map(step =>
    step.index === index && spelledIn(step)
      ? { ...step, what: { ...step.what, message } as Step['what'] }
      : step,
  ),
});
