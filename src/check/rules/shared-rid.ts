import { HOST } from '../../model/machine.ts';
import { formatRequester } from '../../model/requester.ts';
import { idsOnTheWire, shareRequester } from '../requester.ts';
import type { RecordRule } from '../rule.ts';

/** A device was given to one owner while another has one with the same requester id. */
export const sharedRid: RecordRule = {
  rule: 'assign/shared-rid',
  act: 'assign',
  judge: ({ machine, ledger }, _actor, what) => {
    if (what.act !== 'assign' || what.error) return null;
    const index = machine.devices.findIndex(spec => spec.name === what.device);
    const device = machine.devices[index];
    const realm = ledger.owners[index];
    if (!device || realm === HOST) return null;
    const other = machine.devices.find(
      (spec, i) =>
        i !== index && ledger.owners[i] !== realm && shareRequester(machine, spec, device),
    );
    if (!other) return null;
    const victim = machine.realms[ledger.owners[machine.devices.indexOf(other)]].name;
    const [rid] = idsOnTheWire(machine, device);
    return {
      source: what.device,
      culprit: what.realm,
      victim,
      sentence: `${what.device} was given to ${what.realm}, but ${other.name} of ${victim} sends under the same requester id, ${formatRequester(rid)}`,
    };
  },
};
