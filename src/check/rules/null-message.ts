import { ZERO_MESSAGE } from '../../model/message.ts';
import { sameMessage } from '../../model/wire.ts';
import { type StoryRule, sourceText } from '../rule.ts';

/** The all-zero message was stored as if it meant something, and the device sent it. */
export const nullMessage: StoryRule = {
  rule: 'integrity/null-message',
  holds: s =>
    s.flight.kind === 'store' &&
    s.irqLive &&
    sameMessage(s.flight.message, ZERO_MESSAGE) &&
    (s.slot?.puts[0]?.composer ?? '') !== '',
  sentence: s =>
    `${sourceText(s)} sent the null message: whoever was asked to compose had failed, and said so by no error`,
};
