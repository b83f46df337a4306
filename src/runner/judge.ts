import { RULES } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import type { AssertResult } from '../report/result.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { Assertion, VerdictKey } from '../scenario/compile-expect.ts';
import { evaluate, matchesViolation } from './assert.ts';
import type { RunView } from './run-view.ts';
import { missedSteps } from './step-expect.ts';

/** One tally of an assertion over all runs. */
export interface Tally {
  readonly assertion: Assertion;
  yes: number;
  no: number;
  found: string;
}

/** Tallies of what a scenario expects, before any run. */
export const talliesOf = (scenario: Scenario): Tally[] =>
  scenario.expect.assertions.map(assertion => ({ assertion, yes: 0, no: 0, found: '' }));

/** Adds a run to a tally. */
export function count(scenario: Scenario, view: RunView, tally: Tally): void {
  const { holds, found } = evaluate(scenario, view, tally.assertion.what);
  if (holds) tally.yes++;
  else tally.no++;
  const surprising = tally.assertion.quantifier === 'never' ? holds : !holds;
  if (surprising && !tally.found) tally.found = found || 'it did not';
}

/** What a tally comes to after the last run. */
export function judge({ assertion, yes, no, found }: Tally): AssertResult {
  const { quantifier, source } = assertion;
  const pass =
    quantifier === 'always' ? no === 0 : quantifier === 'sometimes' ? yes > 0 : yes === 0;
  const text = `${quantifier} ${assertion.text}`;
  return { text, pass, found: pass ? '' : found, file: source.file, line: source.line };
}

/** Notes what the steps of a run demanded of themselves and did not get, once for all runs. */
export function noteMisses(
  scenario: Scenario,
  view: RunView,
  misses: Map<string, AssertResult>,
): void {
  for (const miss of missedSteps(scenario, view)) {
    const { source, text } = scenario.program.steps[miss.step];
    const { file, line } = source;
    const result = { text: `step ${text}`, pass: false, found: miss.text, file, line };
    misses.set(`${line} ${miss.text}`, result);
  }
}

/** An error nobody said would happen. */
export function isUndeclared(scenario: Scenario, view: RunView, finding: Finding): boolean {
  if (RULES[finding.rule].severity !== 'error') return false;
  return !scenario.expect.assertions.some(
    ({ what, quantifier }) =>
      quantifier !== 'never' &&
      ((what.violation !== undefined &&
        matchesViolation(scenario, view, finding, what.violation)) ||
        (what.lost !== undefined && finding.rule === 'liveness/lost')),
  );
}

/** What all runs together came to. */
export interface Outcome {
  readonly isolated: boolean;
  readonly works: boolean;
  /** Null where there is no hostile guest to compare with. */
  readonly interferes: boolean | null;
  readonly complete: boolean;
  /** The first violation nobody said would happen; empty for none. */
  readonly undeclared: { readonly rule: string; readonly line: number } | null;
}

/** The verdicts a file demands, and those every file demands without saying. */
export function verdictAsserts(scenario: Scenario, got: Outcome): AssertResult[] {
  const { expect, file } = scenario;
  const demanded = (key: VerdictKey, is: boolean | null, none = ''): AssertResult[] => {
    const wanted = expect[key];
    if (wanted === null) return [];
    const found = is === null ? none : `${key}: ${is}`;
    const pass = is === wanted;
    const at = expect.places[key] ?? { file, line: 1 };
    const text = `${key}: ${wanted}`;
    return [{ text, pass, found: pass ? '' : found, file: at.file, line: at.line }];
  };
  const noGuest = 'nothing to compare: there is no hostile guest beside another owner';
  const broken = (text: string, found: string, line: number): AssertResult => ({
    text,
    pass: false,
    found,
    file,
    line,
  });
  const { undeclared } = got;
  return [
    ...demanded('isolated', got.isolated),
    ...demanded('works', got.works),
    ...demanded('interference', got.interferes, noGuest),
    ...(undeclared
      ? [
          broken(
            'no violation the file does not declare',
            `undeclared ${undeclared.rule}`,
            undeclared.line,
          ),
        ]
      : []),
    ...(got.complete ? [] : [broken('every order was run to its end', 'a limit came first', 1)]),
  ];
}
