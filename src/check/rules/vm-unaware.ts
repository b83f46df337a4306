import { messageText } from '../../model/describe.ts';
import { sameMessage } from '../../model/wire.ts';
import { effectText, type StoryRule, sourceText } from '../rule.ts';

/** A guest's own message, composed as on bare metal, left the device untranslated. */
export const vmUnaware: StoryRule = {
  rule: 'layering/vm-unaware',
  holds: s => {
    if (s.flight.kind !== 'store' || (s.effect && s.allowed && s.holder?.live)) return false;
    const put = s.slot?.puts.find(({ message }) => sameMessage(message, s.flight.message));
    const realm = s.machine.realms.find(({ name }) => name === put?.by);
    return put?.composer === 'vector' && realm?.kind === 'guest';
  },
  sentence: s => {
    const { outcome } = s.flight;
    const end = outcome?.kind === 'blocked' ? `it was refused: ${outcome.fault}` : effectText(s);
    return `${sourceText(s)} sent ${messageText(s.flight.message)}, composed by its guest as if on bare metal; nothing translated it; ${end}`;
  },
};
