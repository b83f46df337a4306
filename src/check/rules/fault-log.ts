import { HOST } from '../../model/machine.ts';
import type { RecordRule } from '../rule.ts';
import { justExceeded, senderOf } from '../usage.ts';

/** A guest filled the fault log beyond its budget. */
export const faultLog: RecordRule = {
  rule: 'dos/fault-log',
  act: 'fault',
  judge: ({ machine, ledger }, _actor, what) => {
    if (what.act !== 'fault') return null;
    const realm = senderOf(machine, ledger, what.flight);
    if (!justExceeded(machine, ledger, 'faults', realm)) return null;
    const culprit = machine.realms[realm].name;
    const limit = machine.policy.budgets.faults;
    return {
      culprit,
      victim: machine.realms[HOST].name,
      sentence: `devices of ${culprit} caused more than the ${limit} faults it may`,
    };
  },
};
