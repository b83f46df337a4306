import { NONE } from '../../model/machine.ts';
import { raisesOf } from '../liveness.ts';
import { findingOf, type RunRule } from '../rule.ts';

/** Raised, permitted, not masked, and never serviced. */
export const lost: RunRule = {
  rule: 'liveness/lost',
  findings: (machine, trace) =>
    raisesOf(machine, trace)
      .filter(raise => raise.servicedSeq === NONE)
      .map(({ irq, owner, seq }) =>
        findingOf('liveness/lost', seq, {
          source: irq.split('.')[0],
          victim: owner,
          sentence: `${irq} was raised and never serviced`,
        }),
      ),
};
