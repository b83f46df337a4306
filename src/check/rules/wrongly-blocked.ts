import { sameMessage } from '../../model/wire.ts';
import { type StoryRule, sourceText } from '../rule.ts';
import { vmUnaware } from './vm-unaware.ts';

/** Hardware refused the very message that was composed for this sender. */
export const wronglyBlocked: StoryRule = {
  rule: 'liveness/wrongly-blocked',
  holds: s => {
    const latest = s.slot?.puts[0];
    return (
      s.flight.outcome?.kind === 'blocked' &&
      s.flight.kind === 'store' &&
      s.irqLive &&
      latest !== undefined &&
      latest.message.addressLow !== 0 &&
      sameMessage(latest.message, s.flight.message) &&
      !vmUnaware.holds(s)
    );
  },
  sentence: s => {
    const fault = s.flight.outcome?.kind === 'blocked' ? s.flight.outcome.fault : '';
    return `the message composed for ${sourceText(s)} was refused: ${fault}`;
  },
};
