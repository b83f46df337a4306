import { matchesRule, type RuleName } from '../model/rules.ts';
import type { AssertResult } from '../runner/run-scenario.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { Assertion, Expectations } from '../scenario/compile-expect.ts';

/** What an exploration came to, as far as expectations are about it. */
export interface Outcome {
  readonly isolated: boolean | null;
  readonly works: boolean;
  readonly complete: boolean;
  /** Rules of everything that was found, further ones of the same findings included. */
  readonly rules: readonly RuleName[];
}

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
  for (const assertion of expect.assertions) {
    const pattern = ruleOf(assertion);
    if (pattern === null) continue;
    const reached = outcome.rules.some(rule => matchesRule(pattern, rule));
    if (assertion.quantifier === 'never')
      results.push(told(assertion, !reached, 'it happens in some order'));
    else if (outcome.complete) results.push(told(assertion, reached, 'it never happens'));
  }
  const surprises = outcome.rules.filter(rule => !isDeclared(expect, rule));
  if (surprises.length > 0)
    add('nothing the file does not declare', false, `undeclared ${surprises.join(', ')}`);
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

/** A verdict that says so covers what breaks it. */
function isDeclared(expect: Expectations, rule: RuleName): boolean {
  const breaksIt = rule.startsWith('isolation/') || rule.startsWith('mode/');
  if (breaksIt && expect.isolated === false) return true;
  if (rule === 'liveness/lost' && expect.works === false) return true;
  return expect.assertions.some(assertion => {
    const pattern = ruleOf(assertion);
    return assertion.quantifier !== 'never' && pattern !== null && matchesRule(pattern, rule);
  });
}
