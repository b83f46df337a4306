import type { Finding } from '../../model/violation.ts';
import { isOwnService, raisesOf } from '../liveness.ts';
import { findingOf, type RunRule } from '../rule.ts';

/** Serviced more often than raised. */
export const duplicate: RunRule = {
  rule: 'liveness/duplicate',
  findings: (machine, trace) => {
    const raised = new Map<string, number>();
    const owners = new Map<string, string>();
    for (const { irq, owner } of raisesOf(machine, trace)) {
      raised.set(irq, (raised.get(irq) ?? 0) + 1);
      owners.set(irq, owner);
    }
    const serviced = new Map<string, number>();
    const found: Finding[] = [];
    for (const record of trace) {
      if (!isOwnService(record)) continue;
      const { irq, seq } = record;
      const limit = raised.get(irq);
      if (limit === undefined) continue;
      const times = (serviced.get(irq) ?? 0) + 1;
      serviced.set(irq, times);
      if (times !== limit + 1) continue;
      const sentence = `${irq} was serviced more often than it was raised`;
      const victim = owners.get(irq);
      found.push(
        findingOf('liveness/duplicate', seq, { source: irq.split('.')[0], victim, sentence }),
      );
    }
    return found;
  },
};
