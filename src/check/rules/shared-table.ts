import { entryOf, type StoryRule, sourceText, usedEntry, victimText } from '../rule.ts';
import { isSpoofed } from './spoofed-requester.ts';

/** One table for several owners' devices. */
export const sharedTable: StoryRule = {
  rule: 'isolation/shared-table',
  holds: s =>
    !s.allowed &&
    usedEntry(s) &&
    s.machine.remap.kind === 'amdvi' &&
    s.entryHolder?.live === 1 &&
    s.entryOwner !== s.owner &&
    !isSpoofed(s),
  sentence: s =>
    `${sourceText(s)} named index ${entryOf(s)} and reached ${victimText(s)}: one interrupt table serves both`,
};
