import type { RecordRule, RunRule, StoryRule } from '../rule.ts';
import { copiedMessage } from './copied-message.ts';
import { duplicate } from './duplicate.ts';
import { entryExhaustion } from './entry-exhaustion.ts';
import { exceptionVector } from './exception-vector.ts';
import { faultLog } from './fault-log.ts';
import { foreignEntry } from './foreign-entry.ts';
import { foreignTarget } from './foreign-target.ts';
import { invalQueue } from './inval-queue.ts';
import { lost } from './lost.ts';
import { missingParent } from './missing-parent.ts';
import { modeRules } from './mode.ts';
import { noRemap } from './no-remap.ts';
import { nullMessage } from './null-message.ts';
import { partialWrite } from './partial-write.ts';
import { postedClobber } from './posted-clobber.ts';
import { sharedRequester } from './shared-requester.ts';
import { sharedRid } from './shared-rid.ts';
import { sharedTable } from './shared-table.ts';
import { spoofedRequester } from './spoofed-requester.ts';
import { spurious } from './spurious.ts';
import { staleCache } from './stale-cache.ts';
import { staleEntry } from './stale-entry.ts';
import { staleInflight } from './stale-inflight.ts';
import { staleMessage } from './stale-message.ts';
import { storm } from './storm.ts';
import { stuckMask } from './stuck-mask.ts';
import { tornMessage } from './torn-message.ts';
import { transientPair } from './transient-pair.ts';
import { unmaskedWrite } from './unmasked-write.ts';
import { unsafeOptin } from './unsafe-optin.ts';
import { unsanitisedReadback } from './unsanitised-readback.ts';
import { vectorExhaustion } from './vector-exhaustion.ts';
import { vmUnaware } from './vm-unaware.ts';
import { wronglyBlocked } from './wrongly-blocked.ts';

/** Rules about the story of one message. */
export const STORY_RULES: readonly StoryRule[] = [
  ...modeRules,
  exceptionVector,
  tornMessage,
  copiedMessage,
  nullMessage,
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
  postedClobber,
  wronglyBlocked,
  vmUnaware,
];

/** Rules about one record. */
export const RECORD_RULES: readonly RecordRule[] = [
  partialWrite,
  unsanitisedReadback,
  missingParent,
  noRemap,
  unsafeOptin,
  sharedRid,
  storm,
  faultLog,
  entryExhaustion,
  vectorExhaustion,
  invalQueue,
];

/** Rules about a whole run. */
export const RUN_RULES: readonly RunRule[] = [lost, duplicate, stuckMask, unmaskedWrite, spurious];
