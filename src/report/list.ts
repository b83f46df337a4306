import type { Violation } from '../model/violation.ts';

/** What the list reporter needs to know of a result. */
export interface ListedResult {
  readonly id: string;
  readonly file: string;
  readonly cell: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly pass: boolean;
  readonly isolated: boolean;
  readonly works: boolean;
  readonly violations: readonly Violation[];
  readonly asserts: readonly {
    readonly text: string;
    readonly pass: boolean;
    readonly found: string;
    readonly file: string;
    readonly line: number;
  }[];
  readonly stats: { readonly runs: number; readonly records: number };
}

const ID_WIDTH = 44;

/** The pair no verdict goes without. */
export const verdictText = (result: { isolated: boolean; works: boolean }): string =>
  `${result.isolated ? 'isolated' : 'not isolated'}, ${result.works ? 'works' : 'does not work'}`;

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** One line for a result. */
export function resultLine(result: ListedResult): string {
  const mark = result.pass ? 'ok  ' : 'FAIL';
  const rules = [...new Set(result.violations.map(violation => violation.rule))].join(' ');
  const size = plural(result.stats.runs, 'run');
  const line = ` ${mark}  ${result.id.padEnd(ID_WIDTH)} ${verdictText(result).padEnd(26)} ${size.padStart(8)}`;
  return `${line}${rules ? `  ${rules}` : ''}`.trimEnd();
}

/** What went wrong, with the way back; nothing for a result that passed. */
export function failureLines(result: ListedResult): string[] {
  if (result.pass) return [];
  const failed = result.asserts
    .filter(assert => !assert.pass)
    .map(({ file, line, text, found }) => `       ${file}:${line} expected ${text}: ${found}`);
  return [
    ...failed,
    ...result.violations.flatMap(violationLines),
    `       again: ${againCommand(result)}`,
  ];
}

function violationLines(violation: Violation): string[] {
  const head = `       ${violation.rule}: ${violation.sentence}`;
  return [
    head,
    ...violation.evidence.map(({ kind, text }) => `         ${kind.padEnd(14)} ${text}`),
  ];
}

/** The command that runs one result again. */
export function againCommand(result: Pick<ListedResult, 'file' | 'cell' | 'seed'>): string {
  const cells = Object.entries(result.cell).map(([axis, value]) => `${axis}=${value}`);
  const cell = cells.length > 0 ? ` --cell ${cells.join(',')}` : '';
  return `irqscope run ${result.file}${cell} --seed ${result.seed}`;
}

/** The last line of a report for people. */
export function summaryLine(results: readonly { pass: boolean }[], skipped = 0): string {
  const passed = results.filter(result => result.pass).length;
  const rest = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${passed} passed, ${results.length - passed} failed${rest}`;
}
