import { effectText, type StoryRule, sourceText, victimText } from '../rule.ts';

/** A message of an interrupt that is gone reached somebody else. */
export const staleMessage: StoryRule = {
  rule: 'isolation/stale-message',
  holds: s =>
    s.effect !== null &&
    !s.allowed &&
    s.flight.kind === 'store' &&
    s.slot?.puts.length !== 0 &&
    isOld(s),
  sentence: s =>
    `${sourceText(s)} sent a message from before its release: ${effectText(s)} of ${victimText(s)}`,
};

function isOld(s: Parameters<StoryRule['holds']>[0]): boolean {
  const [latest, ...older] = s.slot?.puts ?? [];
  const sent = s.flight.message;
  const same = (put: typeof latest): boolean =>
    put.message.addressLow === sent.addressLow && put.message.data === sent.data;
  return latest !== undefined && !same(latest) && older.some(same);
}
