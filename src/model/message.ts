import { AMD_INDEXED, COMPAT, REMAPPABLE, WINDOW } from '../arch/message.ts';
import { encode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { type Message, messageWords } from './wire.ts';

/** Where an interrupt shall arrive. */
export interface Target {
  readonly dest: number;
  readonly destMode: number;
  readonly vector: number;
  readonly deliveryMode?: number;
}

const WINDOW_TOP = WINDOW.first >>> 20;
const DEST_BITS = 8;

const fromWords = ([addressLow, addressHigh, data]: readonly Word[]): Message => ({
  addressLow,
  addressHigh,
  data,
});

/** A message of no meaning: what a store holds after a free. */
export const ZERO_MESSAGE: Message = { addressLow: 0, addressHigh: 0, data: 0 };

/**
 * A compatibility format message. Destination ids above 255 take the hypervisor's extension, at
 * most 15 bits. [SDM 11.11], [KVM kvm_para.h]
 */
export const compatMessage = (target: Target): Message =>
  fromWords(
    encode(COMPAT, {
      window: WINDOW_TOP,
      dest: target.dest % 2 ** DEST_BITS,
      destExt: Math.floor(target.dest / 2 ** DEST_BITS),
      destMode: target.destMode,
      vector: target.vector,
      deliveryMode: target.deliveryMode ?? 0,
    }),
  );

/** A remappable format message as Linux composes it: SHV=1, subhandle 0. [VTD 5.1.2.2] */
export const remappableMessage = (handle: number, shv = 1, subhandle = 0): Message =>
  fromWords(encode(REMAPPABLE, { window: WINDOW_TOP, format: 1, shv, handle, subhandle }));

/** The message of an AMD-Vi entry: the index is the data word. [AMD 2.2.5.1] */
export const amdMessage = (index: number): Message =>
  fromWords(encode(AMD_INDEXED, { window: WINDOW_TOP, index }));

/** Whether a write to this address is an interrupt at all. */
export const inWindow = (message: Message): boolean =>
  message.addressHigh === 0 &&
  message.addressLow >= WINDOW.first &&
  message.addressLow <= WINDOW.last;

/** What a message means to a local APIC where nothing remaps it. [SDM 11.11] */
export function readCompat(message: Message, extendedIds: boolean) {
  const words = messageWords(message);
  const f = COMPAT.fields;
  const high = extendedIds && !get(words, f.format) ? get(words, f.destExt) : 0;
  return {
    vector: get(words, f.vector),
    deliveryMode: get(words, f.deliveryMode),
    destMode: get(words, f.destMode),
    dest: high * 2 ** DEST_BITS + get(words, f.dest),
    redirHint: get(words, f.redirHint),
    triggerMode: get(words, f.triggerMode),
  };
}
