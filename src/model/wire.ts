import { DELIVERY_MODES, type DeliveryMode } from '../arch/message.ts';
import type { Word } from '../bits/word.ts';

/** What a device stores and sends: a memory write of one word. */
export interface Message {
  readonly addressLow: Word;
  readonly addressHigh: Word;
  readonly data: Word;
}

/** All a unit on the way can see of a message. */
export interface Wire extends Message {
  /** Requester id, bus 15:8, device 7:3, function 2:0, as the last bridge tagged it. */
  readonly rid: number;
  /** Process address space id of the transaction; -1 when it carries none. */
  readonly pasid: number;
}

/** What reaches the local APICs: the meaning of a compatibility message or of a table entry. */
export interface InterruptRequest {
  readonly vector: number;
  /** Index into `DELIVERY_MODES`. */
  readonly deliveryMode: number;
  /** 0 physical, 1 logical. */
  readonly destMode: number;
  readonly dest: number;
  readonly redirHint: number;
  /** 0 edge, 1 level. */
  readonly triggerMode: number;
}

/** The name of a request's delivery mode. */
export const modeName = (request: { readonly deliveryMode: number }): DeliveryMode =>
  DELIVERY_MODES[request.deliveryMode];

/** The words of a message in the order of the layouts in `arch/message.ts`. */
export const messageWords = (m: Message): Word[] => [m.addressLow, m.addressHigh, m.data];

/** Whether two messages have the same bits. */
export const sameMessage = (a: Message, b: Message): boolean =>
  a.data === b.data && a.addressLow === b.addressLow && a.addressHigh === b.addressHigh;
