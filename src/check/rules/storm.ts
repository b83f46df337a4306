import { HOST } from '../../model/machine.ts';
import type { RecordRule } from '../rule.ts';
import { justExceeded } from '../usage.ts';

/** Devices of a guest sent more than its budget. */
export const storm: RecordRule = {
  rule: 'dos/storm',
  act: 'emit',
  judge: ({ machine, ledger }, _actor, what) => {
    if (what.act !== 'emit') return null;
    const realm =
      ledger.owners[machine.devices.findIndex(spec => spec.name === what.device)] ?? HOST;
    if (!justExceeded(machine, ledger, 'interrupts', realm)) return null;
    const culprit = machine.realms[realm].name;
    const limit = machine.policy.budgets.interrupts;
    return {
      culprit,
      victim: machine.realms[HOST].name,
      sentence: `devices of ${culprit} sent more than the ${limit} interrupts they may`,
    };
  },
};
