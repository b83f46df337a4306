import { HOST } from '../../model/machine.ts';
import type { RecordRule } from '../rule.ts';
import { heldTooMany } from '../usage.ts';

/** A guest’s interrupts hold more table entries than its budget. */
export const entryExhaustion: RecordRule = {
  rule: 'dos/entry-exhaustion',
  act: 'alloc',
  judge: (known, actor, what) => {
    if (what.act !== 'alloc' || what.kind !== 'remap' || what.error) return null;
    if (actor !== known.machine.realms[HOST].name) return null;
    return heldTooMany(known, what.irq, { kind: 'entries', name: 'table entries' });
  },
};
