import { type StoryRule, sourceText } from '../rule.ts';

/** Address of one composition, data of another. */
export const tornMessage: StoryRule = {
  rule: 'integrity/torn-message',
  holds: s => s.flight.torn === 1,
  sentence: s =>
    `${sourceText(s)} sent half of one message with half of another: it raised between two writes of its store`,
};
