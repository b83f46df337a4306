/** How bad a violation is: an error fails a run, the others are told. */
export type Severity = 'error' | 'warning' | 'note';

/**
 * The ways isolation and delivery break. Where several apply to one event the first in this list
 * names it; the others are told beside it. What each means is in `rule-facts.ts`.
 */
export const RULES = {
  'mode/nmi': { severity: 'error' },
  'mode/init': { severity: 'error' },
  'mode/smi': { severity: 'error' },
  'mode/extint': { severity: 'error' },
  'mode/exception-vector': { severity: 'error' },
  'integrity/torn-message': { severity: 'error' },
  'integrity/unmasked-write': { severity: 'warning' },
  'integrity/partial-write': { severity: 'error' },
  'integrity/unsanitised-readback': { severity: 'error' },
  'integrity/stale-message': { severity: 'error' },
  'integrity/null-message': { severity: 'error' },
  'integrity/stale-cache': { severity: 'error' },
  'integrity/transient-pair': { severity: 'note' },
  'isolation/stale-entry': { severity: 'error' },
  'isolation/stale-message': { severity: 'error' },
  'isolation/stale-inflight': { severity: 'warning' },
  'isolation/shared-requester': { severity: 'error' },
  'isolation/shared-table': { severity: 'error' },
  'isolation/spoofed-requester': { severity: 'error' },
  'isolation/foreign-entry': { severity: 'error' },
  'isolation/foreign-target': { severity: 'error' },
  'isolation/posted-clobber': { severity: 'error' },
  'liveness/wrongly-blocked': { severity: 'error' },
  'liveness/lost': { severity: 'error' },
  'liveness/stuck-mask': { severity: 'error' },
  'liveness/duplicate': { severity: 'warning' },
  'integrity/spurious': { severity: 'warning' },
  'layering/missing-parent-accepted': { severity: 'error' },
  'layering/vm-unaware': { severity: 'error' },
  'layering/bus-knows-platform': { severity: 'error' },
  'assign/no-remap': { severity: 'warning' },
  'assign/unsafe-optin': { severity: 'warning' },
  'assign/shared-rid': { severity: 'warning' },
  'dos/storm': { severity: 'error' },
  'dos/fault-log': { severity: 'error' },
  'dos/entry-exhaustion': { severity: 'error' },
  'dos/vector-exhaustion': { severity: 'error' },
  'dos/inval-queue': { severity: 'error' },
  'dos/denied': { severity: 'error' },
  'covert/content': { severity: 'error' },
  'covert/alloc-order': { severity: 'warning' },
  'covert/timing': { severity: 'warning' },
} as const satisfies Record<string, { readonly severity: Severity }>;
export type RuleName = keyof typeof RULES;

/** Rule names in the order in which they name a violation. */
export const RULE_ORDER = Object.keys(RULES) as RuleName[];

/** Whether a rule matches `any`, a name, or a pattern such as `isolation/*`. */
export function matchesRule(pattern: string, rule: string): boolean {
  if (pattern === 'any') return true;
  if (!pattern.endsWith('*')) return pattern === rule;
  return rule.startsWith(pattern.slice(0, -1));
}
