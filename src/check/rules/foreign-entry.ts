import { effectText, entryOf, type StoryRule, sourceText, usedEntry, victimText } from '../rule.ts';

/** An entry allocated for another owner. */
export const foreignEntry: StoryRule = {
  rule: 'isolation/foreign-entry',
  holds: s => !s.allowed && usedEntry(s) && s.entryHolder !== null && s.entryOwner !== s.owner,
  sentence: s => `${sourceText(s)} used entry ${entryOf(s)} of ${victimText(s)}: ${effectText(s)}`,
};
