import { z } from 'zod';
import { hex, parseHex64, type Word } from '../bits/word.ts';
import type { Message } from '../model/wire.ts';

const ID_MAX = 0xffff;

/** A 64-bit hexadecimal string, read as [low, high] words. */
export const hexPair = z.string().transform((text, ctx): [Word, Word] => {
  const words = parseHex64(text);
  if (words) return words;
  ctx.addIssue('Expected a hexadecimal string of at most 64 bits');
  return z.NEVER;
});

/** A 32-bit hexadecimal string, read as a word. */
export const hexWord = hexPair.transform(([low, high], ctx): Word => {
  if (high !== 0) ctx.addIssue('Expected at most 32 bits');
  return low;
});

/** A requester id as a hexadecimal string. */
export const hexId = hexWord.transform((id, ctx): number => {
  if (id > ID_MAX) ctx.addIssue('Expected a requester id: at most 16 bits');
  return id;
});

/** What a line's request writes where. */
export const messageFields = { address: hexPair, data: hexWord };

/** The message of a request read by `messageFields`. */
export const messageOf = (request: { address: [Word, Word]; data: Word }): Message => ({
  addressLow: request.address[0],
  addressHigh: request.address[1],
  data: request.data,
});

/** A message as people and vector files write it. */
export interface PrintedMessage {
  readonly address: string;
  readonly data: string;
}

/** Eight digits each; the address as many more as it needs. */
export const printMessage = (message: Message): PrintedMessage => ({
  address: `0x${message.addressHigh ? hex(message.addressHigh, 1) : ''}${hex(message.addressLow)}`,
  data: `0x${hex(message.data)}`,
});

/** Whose behaviour an answer shows. */
export type TranslateProfile = 'spec' | 'qemu';
