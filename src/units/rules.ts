import type { CheckInput, CheckLog } from '../model/check.ts';

/** One check of a unit: a row of its table, evaluated in the order of the table. */
export interface Rule<R> {
  readonly rule: string;
  readonly source: string;
  readonly holds: (request: R) => boolean;
  /** What the check compared, for the trace. */
  readonly inputs: (request: R) => CheckInput[];
}

/**
 * Evaluates rules in order and returns the first that does not hold, or null. Rules named in `off`
 * are evaluated and noted, but cannot refuse.
 */
export function firstBroken<R>(
  rules: readonly Rule<R>[],
  request: R,
  off: readonly string[],
  log: CheckLog,
): Rule<R> | null {
  for (const rule of rules) {
    const pass = rule.holds(request);
    const ignored = !pass && off.length > 0 && off.includes(rule.rule);
    log?.push({
      rule: rule.rule,
      source: rule.source,
      pass,
      inputs: rule.inputs(request),
      ...(ignored && { off: true as const }),
    });
    if (!pass && !ignored) return rule;
  }
  return null;
}
