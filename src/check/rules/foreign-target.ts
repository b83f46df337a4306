import { effectText, type StoryRule, sourceText, victimText } from '../rule.ts';

/** A CPU and vector the source's owner may not signal. */
export const foreignTarget: StoryRule = {
  rule: 'isolation/foreign-target',
  holds: s => s.effect !== null && !s.allowed,
  sentence: s => `${sourceText(s)} reached ${victimText(s)}: ${effectText(s)}`,
};
