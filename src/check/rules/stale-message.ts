import { sameMessage } from '../../model/wire.ts';
import { effectText, type StoryRule, sourceText, victimText } from '../rule.ts';

/** A message of an interrupt that is gone reached somebody else. */
export const staleMessage: StoryRule = {
  rule: 'isolation/stale-message',
  holds: s => s.effect !== null && !s.allowed && s.flight.kind === 'store' && isOld(s),
  sentence: s =>
    `${sourceText(s)} sent a message from before its release: ${effectText(s)} of ${victimText(s)}`,
};

/** It was replaced by another one since, or its interrupt was given back. */
function isOld(s: Parameters<StoryRule['holds']>[0]): boolean {
  const [latest, ...older] = s.slot?.puts ?? [];
  if (!latest) return false;
  const same = (put: typeof latest): boolean => sameMessage(put.message, s.flight.message);
  return same(latest) ? !s.irqLive : older.some(same);
}
