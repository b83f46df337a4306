import { type StoryRule, sourceText } from '../rule.ts';

/** The all-zero message was stored as if it meant something, and the device sent it. */
export const nullMessage: StoryRule = {
  rule: 'integrity/null-message',
  holds: s => s.flight.kind === 'store' && s.flight.empty === 1,
  sentence: s =>
    `${sourceText(s)} sent the null message: whoever was asked to compose had failed, and said so by no error`,
};
