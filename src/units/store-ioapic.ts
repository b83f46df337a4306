import { RTE, RTE_REMAPPABLE } from '../arch/ioapic.ts';
import { COMPAT, REMAPPABLE } from '../arch/message.ts';
import { encode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { compatMessage, remappableMessage } from '../model/message.ts';
import { type Message, messageWords } from '../model/wire.ts';

/** Whether a redirection table entry keeps its pin quiet. */
export const rteMasked = (words: readonly Word[]): boolean => get(words, RTE.fields.mask) === 1;

/** The message a pin sends for its redirection table entry. [IOAPIC 3.2.4], [VTD 5.1.5.1] */
export function rteMessage(words: readonly Word[]): Message {
  if (get(words, RTE_REMAPPABLE.fields.format)) {
    const message = remappableMessage(get(words, RTE_REMAPPABLE.fields.index), 0);
    return { ...message, data: get(words, RTE.fields.vector) };
  }
  const f = RTE.fields;
  return compatMessage({
    dest: get(words, f.dest),
    destMode: get(words, f.destMode),
    vector: get(words, f.vector),
    deliveryMode: get(words, f.deliveryMode),
  });
}

/**
 * The redirection table entry, low and high word, that makes a pin send a message. In remappable
 * format Linux keeps the pin's number where the vector stands. [LINUX ioapic_setup_msg_from_msi]
 */
export function rteFor(message: Message, pin: number, masked: boolean): Word[] {
  const words = messageWords(message);
  const mask = masked ? 1 : 0;
  if (get(words, REMAPPABLE.fields.format))
    return encode(RTE_REMAPPABLE, {
      format: 1,
      index: get(words, REMAPPABLE.fields.handle),
      vector: pin,
      mask,
    });
  const f = COMPAT.fields;
  return encode(RTE, {
    vector: get(words, f.vector),
    deliveryMode: get(words, f.deliveryMode),
    destMode: get(words, f.destMode),
    dest: get(words, f.dest),
    mask,
  });
}

/** The entry as reset leaves it: masked. [IOAPIC 3.2.4] */
export const resetRte = (): Word[] => encode(RTE, { mask: 1 });
