import { RTE, RTE_REMAPPABLE, TRIGGER } from '../arch/ioapic.ts';
import { COMPAT, REMAPPABLE, WINDOW } from '../arch/message.ts';
import { encode, get, set } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { remappableMessage } from '../model/message.ts';
import { type Message, messageWords } from '../model/wire.ts';

const F = RTE.fields;

/** Whether a redirection table entry keeps its pin quiet. */
export const rteMasked = (words: readonly Word[]): boolean => get(words, F.mask) === 1;

/** Whether a pin is level-triggered: it sends again after the end of each interrupt. */
export const rteLevel = (words: readonly Word[]): boolean =>
  get(words, F.triggerMode) === TRIGGER.level;

/** Whether what a level-triggered pin sent last has not been ended. */
export const rteBusy = (words: readonly Word[]): boolean => get(words, F.remoteIrr) === 1;

/** The message a pin sends for its redirection table entry. [IOAPIC 3.2.4], [VTD 5.1.5.1] */
export function rteMessage(words: readonly Word[]): Message {
  const triggerMode = get(words, F.triggerMode);
  const trigger = { triggerMode, level: triggerMode, vector: get(words, F.vector) };
  if (get(words, F.format)) {
    const { addressLow } = remappableMessage(get(words, RTE_REMAPPABLE.fields.index), 0);
    return { addressLow, addressHigh: 0, data: encode(COMPAT, trigger)[2] };
  }
  const [addressLow, addressHigh, data] = encode(COMPAT, {
    ...trigger,
    window: COMPAT_WINDOW,
    dest: get(words, F.dest),
    destExt: get(words, F.destExt),
    destMode: get(words, F.destMode),
    deliveryMode: get(words, F.deliveryMode),
  });
  return { addressLow, addressHigh, data };
}
const COMPAT_WINDOW = WINDOW.first >>> COMPAT.fields.window.bit;

/** How software wants a pin to be. */
export interface PinSetup {
  readonly pin: number;
  readonly masked: boolean;
  readonly level: boolean;
}

/**
 * The redirection table entry, low and high word, that makes a pin send a message. In remappable
 * format Linux keeps the pin's number where the vector stands: it ends the interrupt by that.
 * [LINUX arch/x86/kernel/apic/io_apic.c ioapic_setup_msg_from_msi, ioapic_ir_ack_level]
 */
export function rteFor(message: Message, { pin, masked, level }: PinSetup): Word[] {
  const words = messageWords(message);
  const common = { mask: masked ? 1 : 0, triggerMode: level ? TRIGGER.level : TRIGGER.edge };
  if (get(words, REMAPPABLE.fields.format))
    return encode(RTE_REMAPPABLE, {
      ...common,
      format: 1,
      index: get(words, REMAPPABLE.fields.handle),
      vector: pin,
    });
  const f = COMPAT.fields;
  return encode(RTE, {
    ...common,
    vector: get(words, f.vector),
    deliveryMode: get(words, f.deliveryMode),
    destMode: get(words, f.destMode),
    destExt: get(words, f.destExt),
    dest: get(words, f.dest),
  });
}

/** The entry as reset leaves it: masked. [IOAPIC 3.2.4] */
export const resetRte = (): Word[] => encode(RTE, { mask: 1 });

/** A level-triggered pin has sent, and waits for the end of the interrupt. */
export const beginLevel = (words: Word[]): void => set(words, F.remoteIrr, 1);

/**
 * What a write leaves in the low word: software can't change the bits that hardware keeps, but
 * making the pin edge-triggered clears the remote IRR. [LINUX io_apic.c __eoi_ioapic_pin]
 */
export function rteLowWritten(before: Word, after: Word): Word {
  const [was, words] = [
    [before, 0],
    [after, 0],
  ];
  set(words, F.status, get(was, F.status));
  set(words, F.remoteIrr, rteLevel(words) ? get(was, F.remoteIrr) : 0);
  return words[0];
}

/** The end of a vector is told: level-triggered pins that hold it may send again. */
export function endLevel(slots: readonly Word[][], vector: number): number[] {
  const ended: number[] = [];
  for (const [pin, words] of slots.entries()) {
    if (!rteLevel(words) || !rteBusy(words) || get(words, F.vector) !== vector) continue;
    set(words, F.remoteIrr, 0);
    ended.push(pin);
  }
  return ended;
}
