import { parseHex64, type Word } from '../bits/word.ts';
import type { Message } from '../model/wire.ts';

/** A way to write an entry as numbers of 32 or 64 bits. */
export interface NumberForm {
  /** What each number is called in usage texts, in the order they are written. */
  readonly names: readonly string[];
  readonly bits: 32 | 64;
  readonly order: 'highest first' | 'lowest first';
}

/** Words, lowest first; or what is wrong with the numbers. */
export type NumbersRead =
  | { readonly ok: true; readonly words: Word[] }
  | { readonly ok: false; readonly message: string };

const DIGITS_PER_BIT = 1 / 4;
const SHORT_LIST = 4;

/** How a form is written: `HIGH LOW`, `Q0 ... Q7 (lowest first)`. */
export function formText({ names, order }: NumberForm): string {
  const list =
    names.length <= SHORT_LIST ? names.join(' ') : `${names[0]} ... ${names[names.length - 1]}`;
  return order === 'lowest first' && names.length > 1 ? `${list} (lowest first)` : list;
}

/** How many numbers were given, as a sentence. */
export const givenText = (count: number): string =>
  count === 1 ? '1 number was given' : `${count} numbers were given`;

/** Whether a text could be meant as a hexadecimal number. */
export const isHex = (text: string): boolean => /^(0x)?[0-9a-f_]+$/i.test(text);

const significant = (text: string): string =>
  text
    .replace(/^0x/i, '')
    .replaceAll('_', '')
    .replace(/^0+(?=.)/, '');

function numberFault(name: string, text: string, bits: number): string | null {
  const said = `${name} is '${text}': expected`;
  const digits = significant(text);
  const most = bits * DIGITS_PER_BIT;
  if (!isHex(text) || digits === '') return `${said} a hexadecimal number such as fee00578`;
  return digits.length > most ? `${said} at most ${bits} bits, ${most} digits` : null;
}

/** Reads the numbers of a form; each must be hexadecimal and short enough. */
export function readNumbers(form: NumberForm, texts: readonly string[]): NumbersRead {
  const quads: [Word, Word][] = [];
  for (const [i, text] of texts.entries()) {
    const fault = numberFault(form.names[i], text, form.bits);
    if (fault) return { ok: false, message: fault };
    const digits = text
      .replace(/^0x/i, '')
      .replaceAll('_', '')
      .replace(/^0+(?=.)/, '');
    quads.push(parseHex64(digits) ?? [0, 0]);
  }
  const ordered = form.order === 'highest first' ? quads.toReversed() : quads;
  return {
    ok: true,
    words: ordered.flatMap(([low, high]) => (form.bits === 32 ? [low] : [low, high])),
  };
}

/** A message, or what is wrong with the numbers. */
export type MessageRead =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly fault: string };

/** Reads ADDRESS DATA: 64 and 32 bits. */
export function readMessage(texts: readonly string[]): MessageRead {
  if (texts.length !== 2)
    return { ok: false, fault: `a message is ADDRESS DATA; ${givenText(texts.length)}` };
  const [address, data] = [
    readNumbers({ names: ['ADDRESS'], bits: 64, order: 'lowest first' }, texts.slice(0, 1)),
    readNumbers({ names: ['DATA'], bits: 32, order: 'lowest first' }, texts.slice(1)),
  ];
  if (!address.ok) return { ok: false, fault: address.message };
  if (!data.ok) return { ok: false, fault: data.message };
  const [addressLow, addressHigh] = address.words;
  return { ok: true, message: { addressLow, addressHigh, data: data.words[0] } };
}
