import type { PlacedEvidence, Violation } from '../model/violation.ts';
import type { Reporter } from './reporter.ts';
import { againCommand, failedAsserts, type ScenarioResult, verdictText } from './result.ts';

const ID_WIDTH = 44;
const VERDICT_WIDTH = 26;
const RUNS_WIDTH = 8;
const INDENT = '       ';

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** For people: one line for each result, the reasons of what failed, and the sum. */
export const listReporter: Reporter = {
  each: (result, { more }) =>
    [resultLine(result), ...failureLines(result), ...more].map(line => `${line}\n`).join(''),
  tail: (results, { skipped }) => `${summaryLine(results, skipped)}\n`,
};

/** One line for a result. */
export function resultLine(result: ScenarioResult): string {
  const mark = result.pass ? 'ok  ' : 'FAIL';
  const rules = [...new Set(result.violations.map(violation => violation.rule))].join(' ');
  const columns = [
    result.id.padEnd(ID_WIDTH),
    verdictText(result).padEnd(VERDICT_WIDTH),
    plural(result.stats.runs, 'run').padStart(RUNS_WIDTH),
  ];
  return ` ${mark}  ${columns.join(' ')}${rules ? `  ${rules}` : ''}`.trimEnd();
}

/** What went wrong, with the way back; nothing for a result that passed. */
export function failureLines(result: ScenarioResult): string[] {
  if (result.pass) return [];
  const failed = failedAsserts(result).map(
    ({ file, line, text, found }) => `${INDENT}${file}:${line} expected ${text}: ${found}`,
  );
  return [...failed, ...evidenceLines(result), `${INDENT}again: ${againCommand(result)}`];
}

/** Every violation: an error with all that led to it, the others in one sentence. */
export const evidenceLines = (result: ScenarioResult): string[] =>
  result.violations.flatMap(violation => [
    `${INDENT}${violation.rule}: ${violation.sentence}`,
    ...(violation.severity === 'error' ? reasonLines(violation) : []),
  ]);

function reasonLines({ at, step, evidence }: Violation): string[] {
  const place = at ? [`${at.by}, step ${step + 1}: ${at.text} (${at.file}:${at.line})`] : [];
  return [...place, ...evidence.map(linkText)].map(text => `${INDENT}  ${text}`);
}

const KIND_WIDTH = 14;

function linkText({ kind, text, at }: PlacedEvidence): string {
  const place = kind === 'policy' && at ? ` (${at.file}:${at.line})` : '';
  return `${kind.padEnd(KIND_WIDTH)} ${text}${place}`;
}

/** The last line of a report for people. */
export function summaryLine(results: readonly { pass: boolean }[], skipped = 0): string {
  const passed = results.filter(result => result.pass).length;
  const rest = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${passed} passed, ${results.length - passed} failed${rest}`;
}
