import { effectText, type StoryRule, sourceText, victimText } from '../rule.ts';

/** A requester id that is not the source's own. */
export const spoofedRequester: StoryRule = {
  rule: 'isolation/spoofed-requester',
  holds: s =>
    s.effect !== null &&
    !s.allowed &&
    s.flight.sentRid !== s.source.rid &&
    !s.source.aliases.includes(s.flight.sentRid),
  sentence: s =>
    `${sourceText(s)} sent under a requester id that is not its own and reached ${victimText(s)}: ${effectText(s)}`,
};
