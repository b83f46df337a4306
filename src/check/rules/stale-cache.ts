import { entryOf, type StoryRule, sourceText } from '../rule.ts';

/** The unit used a cached entry that memory no longer holds, and it mattered. */
export const staleCache: StoryRule = {
  rule: 'integrity/stale-cache',
  holds: s => {
    const { outcome } = s.flight;
    if (!outcome || !('stale' in outcome) || !outcome.stale) return false;
    return outcome.kind === 'blocked' || !s.allowed || !s.holder?.live;
  },
  sentence: s =>
    `the remap unit answered ${sourceText(s)} from its cached copy of entry ${entryOf(s)}; memory had changed, and no invalidation had reached the cache`,
};
