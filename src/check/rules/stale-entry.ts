import { entryOf, type StoryRule, sourceText, usedEntry } from '../rule.ts';

/** A table entry that was given back was still used. */
export const staleEntry: StoryRule = {
  rule: 'isolation/stale-entry',
  holds: s =>
    usedEntry(s) && s.effect !== null && s.entryHolder !== null && s.entryHolder.live === 0,
  sentence: s =>
    `${sourceText(s)} used entry ${entryOf(s)}, which ${s.entryHolder?.irq} had given back`,
};
