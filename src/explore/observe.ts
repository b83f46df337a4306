import { feed } from '../check/checker.ts';
import type { Machine } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { Happening } from '../model/record.ts';
import type { Finding } from '../model/violation.ts';
import type { World } from './world.ts';

/** What one transition showed. */
export interface Seen {
  /** What was found wrong. */
  readonly findings: Finding[];
  /** Rules and guards that refused something. */
  readonly refusals: string[];
}

/** Folds what the step function says into the ledger of `world`, and keeps what is wrong. */
export interface Observer {
  readonly out: Out;
  readonly seen: Seen;
  /** Forgets what was seen so far. */
  reset(): void;
}

export function createObserver(machine: Machine, world: World): Observer {
  const seen: Seen = { findings: [], refusals: [] };
  const nothing = (): void => {};
  return {
    seen,
    reset() {
      seen.findings.length = 0;
      seen.refusals.length = 0;
    },
    out: {
      level: 'facts',
      emit(actor, what) {
        const finding = feed(machine, world.ledger, { actor, seq: -1, what });
        if (finding) seen.findings.push(finding);
        const refusal = refusalOf(what);
        if (refusal) seen.refusals.push(refusal);
      },
      at: nothing,
      follow: () => -1,
      back: nothing,
      mark: nothing,
      resume: nothing,
    },
  };
}

/** Who refused, where something was refused. */
function refusalOf(what: Happening): string {
  switch (what.act) {
    case 'translate':
      return what.outcome.kind === 'blocked' ? what.outcome.rule : '';
    case 'trap':
      return what.action === 'refuse' ? 'hypervisor: trap' : '';
    case 'hypercall':
      return what.error ? `hypervisor: hypercall ${what.error}` : '';
    case 'deliver':
      if (what.outcome === 'illegal-vector') return 'local APIC: illegal vector';
      return what.outcome === 'no-target' ? 'no CPU has that id' : '';
    case 'stray':
      return 'not an interrupt';
    case 'result':
      return what.error ? `refused: ${what.error}` : '';
    default:
      return '';
  }
}
