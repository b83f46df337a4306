import { HOST } from '../../model/machine.ts';
import { REG_NAMES } from '../../model/op.ts';
import type { RecordRule } from '../rule.ts';

/** Part of a trapped access went past the trap, onto words that hold the host's message. */
export const partialWrite: RecordRule = {
  rule: 'integrity/partial-write',
  act: 'write',
  judge: ({ machine, ledger }, actor, what) => {
    if (what.act !== 'write' || what.unit !== 'store') return null;
    if (actor === machine.realms[HOST].name) return null;
    if (!ledger.slots[`${what.of}/${what.at}`]?.traps) return null;
    const regs = what.after.map((_, i) => REG_NAMES[what.first + i]).join(' and ');
    return {
      source: what.of,
      culprit: actor,
      victim: machine.realms[HOST].name,
      sentence: `${actor} wrote ${regs} of slot ${what.at} of ${what.of} in the device itself: the trap looked at the rest of the access only`,
    };
  },
};
