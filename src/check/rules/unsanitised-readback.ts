import { messageText } from '../../model/describe.ts';
import { HOST } from '../../model/machine.ts';
import { sameMessage } from '../../model/wire.ts';
import type { RecordRule } from '../rule.ts';

/** The hypervisor took what a device holds for what it had composed itself. */
export const unsanitisedReadback: RecordRule = {
  rule: 'integrity/unsanitised-readback',
  act: 'readback',
  judge: ({ machine, ledger }, _actor, what) => {
    if (what.act !== 'readback') return null;
    const host = machine.realms[HOST].name;
    const made = ledger.composed[`${host}/${what.irq}`];
    if (!made || sameMessage(made.message, what.message)) return null;
    const device = machine.devices.findIndex(spec => spec.name === what.device);
    const culprit = machine.realms[ledger.owners[device] ?? HOST].name;
    return {
      source: what.device,
      culprit,
      victim: host,
      sentence: `the hypervisor read ${messageText(what.message)} back from ${what.device} of ${culprit}, and believed it; what it had composed was ${messageText(made.message)}`,
    };
  },
};
