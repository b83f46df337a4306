import type { StoryRule } from '../rule.ts';
import { exceptionVector } from './exception-vector.ts';
import { foreignEntry } from './foreign-entry.ts';
import { foreignTarget } from './foreign-target.ts';
import { modeRules } from './mode.ts';
import { sharedRequester } from './shared-requester.ts';
import { sharedTable } from './shared-table.ts';
import { spoofedRequester } from './spoofed-requester.ts';
import { staleCache } from './stale-cache.ts';
import { staleEntry } from './stale-entry.ts';
import { staleInflight } from './stale-inflight.ts';
import { staleMessage } from './stale-message.ts';
import { tornMessage } from './torn-message.ts';
import { transientPair } from './transient-pair.ts';
import { wronglyBlocked } from './wrongly-blocked.ts';

/** Rules about the story of one message. */
export const STORY_RULES: readonly StoryRule[] = [
  ...modeRules,
  exceptionVector,
  tornMessage,
  staleCache,
  transientPair,
  staleEntry,
  staleMessage,
  staleInflight,
  sharedRequester,
  sharedTable,
  spoofedRequester,
  foreignEntry,
  foreignTarget,
  wronglyBlocked,
];
