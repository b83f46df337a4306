/** How bad a violation is: an error fails a run, the others are told. */
export type Severity = 'error' | 'warning' | 'note';

export interface RuleFacts {
  readonly severity: Severity;
  /** What must have happened for the rule to apply. */
  readonly means: string;
  /** A real system where it did. */
  readonly anchor: string;
}

/**
 * The ways isolation and delivery break. Where several apply to one event the first in this list
 * names it; the others are told beside it.
 */
export const RULES = {
  'mode/nmi': {
    severity: 'error',
    means: 'a source raised an NMI without a grant for that delivery mode',
    anchor: 'CVE-2013-3495 (XSA-59)',
  },
  'mode/init': {
    severity: 'error',
    means: 'a source sent INIT without a grant for that delivery mode',
    anchor: 'CVE-2011-1898',
  },
  'mode/smi': {
    severity: 'error',
    means: 'a source raised an SMI without a grant for that delivery mode',
    anchor: 'CVE-2011-1898',
  },
  'mode/extint': {
    severity: 'error',
    means: 'a source sent ExtINT without a grant for that delivery mode',
    anchor: 'CVE-2011-1898',
  },
  'mode/exception-vector': {
    severity: 'error',
    means: 'a guest’s source raised an exception, system call or IPI vector of somebody else’s CPU',
    anchor: 'CVE-2011-1898: vectors 0x80 and 0x82',
  },
  'integrity/torn-message': {
    severity: 'error',
    means: 'a device sent the address of one composition with the data of another',
    anchor: 'Linux commit 6f1a4891a592',
  },
  'integrity/stale-cache': {
    severity: 'error',
    means: 'the unit answered from a cached entry after memory had changed',
    anchor: 'Asterinas pull request 2645',
  },
  'integrity/transient-pair': {
    severity: 'note',
    means: 'a device sent the deliberate intermediate pair of a two-step update',
    anchor: 'Linux commit 6f1a4891a592',
  },
  'isolation/stale-entry': {
    severity: 'error',
    means: 'an entry that was given back, or given to another since, was still used',
    anchor: 'XSA-36, second half; XSA-395',
  },
  'isolation/stale-message': {
    severity: 'error',
    means: 'a message composed for an interrupt that is gone arrived at somebody else',
    anchor: 'CVE-2021-28702',
  },
  'isolation/stale-inflight': {
    severity: 'warning',
    means: 'an interrupt sent before its release arrived after it',
    anchor: 'Linux 2025: vector slots are looked up again under the lock',
  },
  'isolation/shared-requester': {
    severity: 'error',
    means: 'two owners’ sources have one requester id, so validation can’t tell them apart',
    anchor: 'SIOV assignable interfaces of one function',
  },
  'isolation/shared-table': {
    severity: 'error',
    means: 'one table serves several owners’ devices, and an index reached across',
    anchor: 'XSA-36 = CVE-2013-0153',
  },
  'isolation/spoofed-requester': {
    severity: 'error',
    means: 'a source used a requester id that is not its own, and nothing noticed',
    anchor: 'Wojtczuk and Rutkowska 2011',
  },
  'isolation/foreign-entry': {
    severity: 'error',
    means: 'a source used a table entry that was allocated for another owner',
    anchor: 'CVE-2013-1952 (XSA-49), CVE-2012-5634 (XSA-33)',
  },
  'isolation/foreign-target': {
    severity: 'error',
    means: 'a source reached a CPU and vector its owner may not signal',
    anchor: 'CVE-2011-1898',
  },
  'liveness/wrongly-blocked': {
    severity: 'error',
    means: 'hardware refused a message that was composed for its sender and still valid',
    anchor: 'Linux 3f0c625c6ae7; ithc-linux issue 2',
  },
  'liveness/lost': {
    severity: 'error',
    means: 'a permitted interrupt was raised, was not masked, and was never serviced',
    anchor: 'Linux commit 6f1a4891a592',
  },
  'liveness/duplicate': {
    severity: 'warning',
    means: 'one raise was serviced more than once',
    anchor: 'Linux msi_set_affinity comment',
  },
  'integrity/spurious': {
    severity: 'warning',
    means: 'a CPU took a vector nobody had asked for',
    anchor: 'Linux: No irq handler for vector',
  },
} as const satisfies Record<string, RuleFacts>;
export type RuleName = keyof typeof RULES;

/** Rule names in the order in which they name a violation. */
export const RULE_ORDER = Object.keys(RULES) as RuleName[];

/** Whether a rule matches `any`, a name, or a pattern such as `isolation/*`. */
export function matchesRule(pattern: string, rule: string): boolean {
  if (pattern === 'any') return true;
  if (!pattern.endsWith('*')) return pattern === rule;
  return rule.startsWith(pattern.slice(0, -1));
}
