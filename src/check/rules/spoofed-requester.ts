import { effectText, type StoryRule, sourceText, victimText } from '../rule.ts';
import type { Story } from '../story.ts';

/** The message was sent under a requester id that is none of its source's. */
export const isSpoofed = ({ flight, source }: Story): boolean =>
  flight.sentRid !== source.rid && !source.aliases.includes(flight.sentRid);

/** A requester id that is not the source's own. */
export const spoofedRequester: StoryRule = {
  rule: 'isolation/spoofed-requester',
  holds: s => s.effect !== null && !s.allowed && isSpoofed(s),
  sentence: s =>
    `${sourceText(s)} sent under a requester id that is not its own and reached ${victimText(s)}: ${effectText(s)}`,
};
