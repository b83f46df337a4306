import { causalSlice } from '../check/evidence.ts';
import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import { type Message, messageWords } from '../model/wire.ts';
import type { Decoding } from '../report/decode.ts';
import { decodeAmdIrte, decodeAmdIrte32 } from '../report/decode-amd.ts';
import { decodeIrte } from '../report/decode-irte.ts';
import { decodeMessage } from '../report/decode-message.ts';
import { decodeDescriptor } from '../report/decode-posted.ts';
import { decodeRte } from '../report/decode-rte.ts';
import { type WriteRecord, wordsAfter } from './written-words.ts';

/** How a record came to give a field its value. */
export type Share = 'allocated' | 'composed' | 'forged' | 'written' | 'sent';

/** A record that had a part in a value. */
export interface Origin {
  readonly seq: number;
  readonly share: Share;
}

/** What a record shows bit by bit. */
export interface BitView {
  readonly subject: 'message' | 'entry' | 'descriptor' | 'pin';
  readonly decoding: Decoding;
  /** Per field of the decoding's document: who gave it this value, the first giver first. */
  readonly origins: readonly (readonly Origin[])[];
}

const MESSAGE_WORDS = 3;
const ENTRY_WORDS = 4;
const PIN_WORDS = 2;

/** The message a record is about; null when it is about none. */
export function messageIn(record: TraceRecord): Message | null {
  switch (record.act) {
    case 'emit':
    case 'compose':
    case 'put':
    case 'forge':
    case 'stray':
    case 'translate':
    case 'hypercall':
      return record.message;
    default:
      return null;
  }
}

/**
 * The bits behind a record: of the message it is about, the table entry or the descriptor it
 * changed; null when there are none. They are read as the machine's own unit reads them.
 */
export function bitsAt(
  machine: Machine,
  trace: readonly TraceRecord[],
  seq: number,
): BitView | null {
  const record = trace[seq];
  if (record.act === 'write' && record.unit === 'table') return entryBits(machine, trace, record);
  if (record.act === 'write' && isPin(machine, record)) return pinBits(trace, record);
  if (record.act === 'post') {
    const decoding = decodeDescriptor(record.after, 'x2apic');
    const origins = decoding.document.fields.map((): Origin[] => [{ seq, share: 'written' }]);
    return { subject: 'descriptor', decoding, origins };
  }
  const message = messageOf(trace, record);
  return message && messageBits(machine, trace, { record, message });
}

/** An IO-APIC keeps no message but what each pin’s message is made of. */
const isPin = (machine: Machine, { unit, of }: WriteRecord): boolean =>
  unit === 'store' && machine.devices.some(({ name, store }) => name === of && store === 'ioapic');

function pinBits(trace: readonly TraceRecord[], record: WriteRecord): BitView {
  const { words, writers } = wordsAfter(trace, record, PIN_WORDS);
  const decoding = decodeRte(words);
  const origins = decoding.document.fields.map((field): Origin[] => {
    const writer = writers[wordOf(decoding, field)];
    return [{ seq: writer >= 0 ? writer : record.seq, share: 'written' }];
  });
  return { subject: 'pin', decoding, origins };
}

function messageOf(trace: readonly TraceRecord[], record: TraceRecord): Message | null {
  if (record.act !== 'write' || record.unit !== 'store') return messageIn(record);
  const [addressLow, addressHigh, data] = wordsAfter(trace, record, MESSAGE_WORDS).words;
  return { addressLow, addressHigh, data };
}

interface NamedField {
  readonly name: string;
  readonly value: number;
}

/** Word of the entry a field of its layout lies in. */
const wordOf = ({ entry }: Decoding, field: NamedField): number =>
  (entry?.layout.fields[field.name]?.bit ?? 0) >>> 5;

function messageBits(
  machine: Machine,
  trace: readonly TraceRecord[],
  at: { readonly record: TraceRecord; readonly message: Message },
): BitView {
  const decoding = decodeMessage(at.message, machine.remap.kind === 'amdvi' ? 'amdvi' : null);
  const words = messageWords(at.message);
  const slice = causalSlice(trace, at.record.seq);
  const origins = decoding.document.fields.map(field => {
    const word = wordOf(decoding, field);
    const found = makersOf(trace, slice, { field, word, value: words[word] });
    return found.length > 0 ? found : [senderOf(slice, at.record)];
  });
  return { subject: 'message', decoding, origins };
}

/** Allocation, composition and write that led to a field of a message, as far as there were any. */
function makersOf(
  trace: readonly TraceRecord[],
  slice: readonly TraceRecord[],
  at: { readonly field: NamedField; readonly word: number; readonly value: number },
): Origin[] {
  const origins: Origin[] = [];
  const add = (record: TraceRecord | undefined, share: Share): void => {
    if (record) origins.push({ seq: record.seq, share });
  };
  const maker = slice.findLast(one => {
    if (one.act !== 'compose' && one.act !== 'forge') return false;
    const made = messageIn(one);
    return made !== null && messageWords(made)[at.word] === at.value;
  });
  if (maker?.act === 'compose') add(allocOf(trace, maker, at.field), 'allocated');
  add(maker, maker?.act === 'forge' ? 'forged' : 'composed');
  add(
    slice.findLast(one => writesWord(one, at)),
    'written',
  );
  return origins;
}

const writesWord = (
  record: TraceRecord,
  at: { readonly word: number; readonly value: number },
): boolean =>
  record.act === 'write' &&
  record.unit === 'store' &&
  record.first <= at.word &&
  record.after[at.word - record.first] === at.value;

/** A message no layer made: the step that had the device send it. */
function senderOf(slice: readonly TraceRecord[], record: TraceRecord): Origin {
  const step = slice.findLast(one => one.act === 'step');
  return { seq: (step ?? record).seq, share: 'sent' };
}

/** Fields that repeat what a layer allocated: a place at a CPU, or a table entry. */
const FROM_PLACE = ['vector', 'dest', 'destExt', 'destMode'];
const FROM_ENTRY = ['handle', 'index'];

/** The allocation a field of a composed message or of a written entry repeats. */
function allocOf(
  trace: readonly TraceRecord[],
  at: { readonly seq: number; readonly irq: string },
  field: NamedField,
): TraceRecord | undefined {
  for (let seq = at.seq; seq >= 0; seq--) {
    const one = trace[seq];
    if (one.act !== 'alloc' || one.error || one.irq !== at.irq) continue;
    const gives =
      one.vector >= 0
        ? FROM_PLACE.includes(field.name) && (field.name !== 'vector' || one.vector === field.value)
        : FROM_ENTRY.includes(field.name) && one.entry === field.value;
    if (gives) return one;
  }
  return undefined;
}

function entryBits(machine: Machine, trace: readonly TraceRecord[], record: WriteRecord): BitView {
  const { words, writers } = wordsAfter(trace, record, ENTRY_WORDS);
  const decoding = entryDecoding(machine, words);
  const owner = trace.findLast(
    one => one.seq <= record.seq && one.act === 'alloc' && one.entry === record.at && !one.error,
  );
  const irq = owner?.act === 'alloc' ? owner.irq : '';
  const origins = decoding.document.fields.map((field): Origin[] => {
    const writer = writers[wordOf(decoding, field)];
    const seq = writer >= 0 ? writer : record.seq;
    const giver = allocOf(trace, { seq, irq }, field);
    const written: Origin = { seq, share: 'written' };
    return giver ? [{ seq: giver.seq, share: 'allocated' }, written] : [written];
  });
  return { subject: 'entry', decoding, origins };
}

function entryDecoding({ remap }: Machine, words: readonly number[]): Decoding {
  if (remap.kind === 'amdvi')
    return remap.entryBits === 32
      ? decodeAmdIrte32(words.slice(0, 1))
      : decodeAmdIrte(words, remap.xten ? 'x2apic' : 'xapic');
  return decodeIrte(words, remap.kind === 'vtd' && remap.eime ? 'x2apic' : 'xapic');
}
