import { matchesRule } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import type { AssertResult } from '../runner/run-scenario.ts';
import { breaksIsolation } from '../runner/run-view.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { Assertion, Expectations } from '../scenario/compile-expect.ts';

/** What an exploration came to, as far as expectations are about it. */
export interface Outcome {
  readonly isolated: boolean | null;
  readonly works: boolean;
  readonly complete: boolean;
  /** What was found. */
  readonly findings: readonly Named[];
}

/** A finding as far as its names go. */
export type Named = Pick<Finding, 'rule' | 'also'>;

/** What a file says of an exploration, and whether it came true; errors it does not name are told. */
export function judge({ file, expect }: Scenario, outcome: Outcome): AssertResult[] {
  const results: AssertResult[] = [];
  const add = (text: string, pass: boolean, found: string): void => {
    results.push({ text, pass, found: pass ? '' : found, file, line: 1 });
  };
  if (expect.isolated !== null && outcome.isolated !== null)
    add(
      `isolated: ${expect.isolated}`,
      outcome.isolated === expect.isolated,
      `isolated: ${outcome.isolated}`,
    );
  if (expect.works !== null && (outcome.complete || !outcome.works))
    add(`works: ${expect.works}`, outcome.works === expect.works, `works: ${outcome.works}`);
  const rules = outcome.findings.flatMap(({ rule, also }) => [rule, ...also]);
  for (const assertion of expect.assertions) {
    const pattern = ruleOf(assertion);
    if (pattern === null) continue;
    const reached = rules.some(rule => matchesRule(pattern, rule));
    if (assertion.quantifier === 'never')
      results.push(told(assertion, !reached, 'it happens in some order'));
    else if (outcome.complete) results.push(told(assertion, reached, 'it never happens'));
  }
  const surprises = outcome.findings.filter(finding => !isDeclared(expect, finding));
  if (surprises.length > 0) {
    const rules = [...new Set(surprises.map(({ rule }) => rule))].join(', ');
    add('nothing the file does not declare', false, `undeclared ${rules}`);
  }
  return results;
}

const told = (
  { quantifier, text, source }: Assertion,
  pass: boolean,
  found: string,
): AssertResult => ({
  text: `${quantifier} ${text}`,
  pass,
  found: pass ? '' : found,
  file: source.file,
  line: source.line,
});

/** The rule an assertion is about; null for one about a single run. */
function ruleOf({ what }: Assertion): string | null {
  if (what.lost !== undefined) return 'liveness/lost';
  if (what.violation === undefined) return null;
  return typeof what.violation === 'string' ? what.violation : what.violation.rule;
}

/** Whether a file says that this will be found: a verdict that is no covers what breaks it. */
export function isDeclared(expect: Expectations, { rule, also }: Named): boolean {
  if (expect.isolated === false && breaksIsolation({ rule, also })) return true;
  if (expect.works === false && rule === 'liveness/lost') return true;
  return expect.assertions.some(assertion => {
    const pattern = ruleOf(assertion);
    return (
      assertion.quantifier !== 'never' &&
      pattern !== null &&
      [rule, ...also].some(name => matchesRule(pattern, name))
    );
  });
}
