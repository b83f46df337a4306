import { feed } from '../check/checker.ts';
import { ownerName } from '../check/liveness.ts';
import { findingOf } from '../check/rule.ts';
import { type Machine, NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { Happening } from '../model/record.ts';
import type { Finding } from '../model/violation.ts';
import { type Fate, fateOf } from './fate.ts';
import type { World } from './world.ts';

/** What one transition showed. */
export interface Seen {
  /** What was found wrong. */
  readonly findings: Finding[];
  /** Messages that came to their end, and how. */
  readonly fates: Fate[];
  /** Interrupts whose handlers ran, and those that will never get there. */
  readonly served: string[];
  readonly lost: string[];
  /** What software refused. */
  readonly refusals: string[];
}

/** Folds what the step function says into the ledger of `world`, and keeps what is worth it. */
export interface Observer {
  readonly out: Out;
  readonly seen: Seen;
  /** Nothing is on its way any more: what has not arrived never will. */
  judgeQuiet(): void;
  /** Forgets what was seen so far. */
  reset(): void;
}

export function createObserver(machine: Machine, world: World): Observer {
  const seen: Seen = { findings: [], fates: [], served: [], lost: [], refusals: [] };
  const nothing = (): void => {};
  return {
    seen,
    judgeQuiet() {
      for (const irq of Object.keys(world.ledger.unanswered)) {
        delete world.ledger.unanswered[irq];
        seen.findings.push(lostFinding(machine, irq));
        seen.lost.push(irq);
      }
    },
    reset() {
      for (const list of Object.values(seen)) list.length = 0;
    },
    out: {
      level: 'facts',
      emit(actor, what) {
        const finding = feed(machine, world.ledger, { actor, seq: NONE, what });
        if (finding) seen.findings.push(finding);
        const fate = fateOf(machine, world.ledger, what);
        if (fate) seen.fates.push(fate);
        if (what.act === 'service' && what.outcome === 'handled') seen.served.push(what.irq);
        const refusal = refusalOf(what);
        if (refusal) seen.refusals.push(refusal);
      },
      at: nothing,
      follow: () => NONE,
      back: nothing,
      mark: nothing,
      resume: nothing,
    },
  };
}

const lostFinding = (machine: Machine, irq: string): Finding =>
  findingOf('liveness/lost', NONE, {
    source: irq.split('.')[0],
    victim: ownerName(machine, irq),
    sentence: `${irq} was raised and never serviced`,
  });

/** Software that refused something, and why. */
function refusalOf(what: Happening): string {
  switch (what.act) {
    case 'trap':
      return what.action === 'refuse' ? 'trap refused' : '';
    case 'hypercall':
      return what.error ? `hypercall refused: ${what.error}` : '';
    case 'result':
      return what.error ? `step refused: ${what.error}` : '';
    default:
      return '';
  }
}
