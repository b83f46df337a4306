import type { Word } from '../bits/word.ts';
import { type ApicMode, type Decoding, withDocument } from './decode.ts';
import {
  decodeAmdIrte,
  decodeAmdIrte32,
  decodeDte,
  looksLikeAmdIrte,
  looksLikeDte,
} from './decode-amd.ts';
import { decodeEvent, looksLikeEvent } from './decode-event.ts';
import { decodeFault, looksLikeFault } from './decode-fault.ts';
import { formText, givenText, type NumberForm, readNumbers } from './decode-input.ts';
import { decodeIec, decodeIrte, looksLikeIec, looksLikeIrte } from './decode-irte.ts';
import { decodeDescriptor, looksLikeDescriptor } from './decode-posted.ts';
import { decodeRte } from './decode-rte.ts';
import { hint } from './decode-terms.ts';

/** A kind of entry: how it is written, and how it is read. */
export interface DecodeKind {
  readonly about: string;
  /** Ways to write it; which one is told by how many numbers there are. */
  readonly forms: readonly NumberForm[];
  readonly decode: (words: readonly Word[], mode: ApicMode) => Decoding;
  /** Whether words could be an entry in use: tells numbers given in the wrong order. */
  readonly plausible: (words: readonly Word[]) => boolean;
}

const HIGH_LOW: NumberForm = { names: ['HIGH', 'LOW'], bits: 64, order: 'highest first' };
const lowestFirst = (name: string, count: number, bits: 32 | 64): NumberForm => ({
  names: Array.from({ length: count }, (_, i) => `${name}${i}`),
  bits,
  order: 'lowest first',
});

/** Kinds of entries by the word that names them on the command line. */
export const DECODE_KINDS = {
  irte: {
    about: 'VT-d interrupt remapping table entry',
    forms: [HIGH_LOW],
    decode: decodeIrte,
    plausible: looksLikeIrte,
  },
  descriptor: {
    about: 'posted interrupt descriptor',
    forms: [lowestFirst('Q', 8, 64), lowestFirst('W', 16, 32)],
    decode: decodeDescriptor,
    plausible: looksLikeDescriptor,
  },
  fault: {
    about: 'VT-d fault recording register',
    forms: [HIGH_LOW],
    decode: decodeFault,
    plausible: looksLikeFault,
  },
  iec: {
    about: 'VT-d interrupt entry cache invalidate descriptor',
    forms: [HIGH_LOW, { names: ['LOW'], bits: 64, order: 'highest first' }],
    decode: decodeIec,
    plausible: looksLikeIec,
  },
  rte: {
    about: 'IO-APIC redirection table entry',
    forms: [
      { names: ['RTE'], bits: 64, order: 'highest first' },
      { names: ['HIGH', 'LOW'], bits: 32, order: 'highest first' },
    ],
    decode: decodeRte,
    plausible: () => true,
  },
  'amd-irte32': {
    about: 'AMD-Vi interrupt table entry of 32 bits',
    forms: [{ names: ['WORD'], bits: 32, order: 'lowest first' }],
    decode: decodeAmdIrte32,
    plausible: () => true,
  },
  'amd-irte': {
    about: 'AMD-Vi interrupt table entry of 128 bits',
    forms: [HIGH_LOW],
    decode: decodeAmdIrte,
    plausible: looksLikeAmdIrte,
  },
  dte: {
    about: 'AMD-Vi device table entry',
    forms: [lowestFirst('Q', 4, 64), lowestFirst('W', 8, 32)],
    decode: decodeDte,
    plausible: looksLikeDte,
  },
  event: {
    about: 'AMD-Vi event log entry',
    forms: [HIGH_LOW, lowestFirst('W', 4, 32)],
    decode: decodeEvent,
    plausible: looksLikeEvent,
  },
} as const satisfies Record<string, DecodeKind>;
export type DecodeKindName = keyof typeof DECODE_KINDS;

/** Whether a word names a kind. */
export const isDecodeKind = (word: string): word is DecodeKindName =>
  Object.hasOwn(DECODE_KINDS, word);

/** Usage of a kind: `irte HIGH LOW`, one line for each form. */
export const kindUsage = (kind: DecodeKindName): string[] =>
  DECODE_KINDS[kind].forms.map(form => `${kind} ${formText(form)}`);

/** The words of an entry with its numbers in the opposite order. */
function reversed(words: readonly Word[], bits: 32 | 64): Word[] {
  const size = bits / 32;
  const count = words.length / size;
  return Array.from({ length: count }, (_, i) => {
    const at = (count - 1 - i) * size;
    return words.slice(at, at + size);
  }).flat();
}

/** A decoded entry, or what is wrong with the way it was written. */
export type DecodeResult =
  | { readonly ok: true; readonly decoding: Decoding }
  | { readonly ok: false; readonly message: string };

/**
 * Decodes numbers as an entry of the kind named: bare hexadecimal, with or without 0x. Two numbers
 * are HIGH LOW; longer lists go from the lowest to the highest, as memory holds them.
 */
export function decodeNumbers(
  name: DecodeKindName,
  texts: readonly string[],
  mode: ApicMode,
): DecodeResult {
  const kind: DecodeKind = DECODE_KINDS[name];
  const form = kind.forms.find(({ names }) => names.length === texts.length);
  if (!form) {
    const usage = kindUsage(name).join(', or ');
    return { ok: false, message: `expected ${usage}; ${givenText(texts.length)}` };
  }
  const read = readNumbers(form, texts);
  if (!read.ok) return read;
  const words = name === 'iec' && texts.length === 1 ? [...read.words, 0, 0] : read.words;
  const decoding = kind.decode(words, mode);
  const { problems } = decoding.document;
  const turned = !kind.plausible(words) && kind.plausible(reversed(words, form.bits));
  const order = `the numbers look swapped: ${name} takes ${formText(form)}; try ${texts.toReversed().join(' ')}`;
  const more = { input: texts, problems: turned ? [...problems, hint(order)] : problems };
  return { ok: true, decoding: withDocument(decoding, more) };
}
