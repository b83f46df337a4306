import { effectText, type StoryRule, sourceText } from '../rule.ts';

/** The device sent a copy it had kept; its store held something else by then. */
export const copiedMessage: StoryRule = {
  rule: 'integrity/stale-message',
  holds: s => s.flight.copied === 1,
  sentence: s => `${sourceText(s)} sent a copy from before its store was written: ${effectText(s)}`,
};
