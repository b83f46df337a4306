import { HOST } from '../../model/machine.ts';
import type { RecordRule } from '../rule.ts';
import { causerOf, justExceeded } from '../usage.ts';

/** A guest had more invalidated than its budget. */
export const invalQueue: RecordRule = {
  rule: 'dos/inval-queue',
  act: 'queue',
  judge: ({ machine, ledger }, _actor, what) => {
    if (what.act !== 'queue') return null;
    const realm = causerOf(machine, ledger, what);
    if (!justExceeded(machine, ledger, 'invalidations', realm)) return null;
    const culprit = machine.realms[realm].name;
    const limit = machine.policy.budgets.invalidations;
    return {
      culprit,
      victim: machine.realms[HOST].name,
      sentence: `interrupts of ${culprit} cost more than the ${limit} invalidations it may cause`,
    };
  },
};
