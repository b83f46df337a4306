import { HOST } from '../../model/machine.ts';
import type { RecordRule } from '../rule.ts';
import { heldTooMany } from '../usage.ts';

/** A guest’s interrupts hold more vectors of the host than its budget. */
export const vectorExhaustion: RecordRule = {
  rule: 'dos/vector-exhaustion',
  act: 'alloc',
  judge: (known, actor, what) => {
    if (what.act !== 'alloc' || what.kind !== 'vector' || what.error) return null;
    if (actor !== known.machine.realms[HOST].name) return null;
    return heldTooMany(known, what.irq, { kind: 'vectors', name: 'vectors of the host' });
  },
};
