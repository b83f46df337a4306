import { entryKey, vectorKey } from '../ledger.ts';
import { effectText, entryOf, type StoryRule, sourceText } from '../rule.ts';

/** Sent before the release, arrived after it. */
export const staleInflight: StoryRule = {
  rule: 'isolation/stale-inflight',
  holds: s => {
    if (!s.effect || s.holder?.live) return false;
    const vector = `vector ${vectorKey(s.effect.target, s.effect.vector)}`;
    const entry = `remap ${entryKey(s.flight.table, entryOf(s))}`;
    return s.flight.revoked.includes(vector) || s.flight.revoked.includes(entry);
  },
  sentence: s => `${sourceText(s)} sent ${effectText(s)} before its release; it arrived after it`,
};
