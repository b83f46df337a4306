import { sameMessage } from '../../model/wire.ts';
import { effectText, type StoryRule, sourceText } from '../rule.ts';

/** The deliberate intermediate pair of a two-step update. */
export const transientPair: StoryRule = {
  rule: 'integrity/transient-pair',
  holds: s =>
    s.slot?.puts.some(put => put.transient === 1 && sameMessage(put.message, s.flight.message)) ??
    false,
  sentence: s =>
    `${sourceText(s)} sent the intermediate pair of a two-step update: ${effectText(s)}, to be found pending there and sent on`,
};
