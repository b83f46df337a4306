import { shareRequester } from '../requester.ts';
import { entryOf, type StoryRule, sourceText, usedEntry, victimText } from '../rule.ts';

/** Two owners behind one requester id. */
export const sharedRequester: StoryRule = {
  rule: 'isolation/shared-requester',
  holds: s => {
    if (s.allowed || !usedEntry(s) || !s.entryHolder?.live) return false;
    if (s.entryOwner === s.owner) return false;
    const irq = s.machine.irqs.find(candidate => candidate.name === s.entryHolder?.irq);
    return irq !== undefined && shareRequester(s.machine, s.machine.devices[irq.device], s.source);
  },
  sentence: s =>
    `${sourceText(s)} used entry ${entryOf(s)} of ${victimText(s)}: both have one requester id, so no check can tell them apart`,
};
