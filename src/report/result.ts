import type { Finding, Violation } from '../model/violation.ts';

/** The outcome of one variant of a scenario: what every report is made of. */
export interface ScenarioResult {
  /** The scenario’s name, and its variant in brackets. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly cell: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly pass: boolean;
  readonly isolated: boolean;
  /** Every permitted raise of a message its software had stored is serviced. */
  readonly works: boolean;
  /** What others notice of a hostile guest, by twin runs; null where there is none to look at. */
  readonly interference: readonly Interference[] | null;
  readonly violations: readonly Violation[];
  readonly asserts: readonly AssertResult[];
  readonly stats: RunStats;
  readonly traceHash: string;
}

/** What a scenario demanded, and whether it came true. */
export interface AssertResult {
  readonly text: string;
  readonly pass: boolean;
  /** What was found instead; empty when it passed. */
  readonly found: string;
  readonly file: string;
  readonly line: number;
}

/** A difference in what a victim sees with and without the steps of another guest. */
export type Interference = Pick<Finding, 'rule' | 'culprit' | 'victim' | 'sentence'>;

export interface RunStats {
  /** Runs it took to try every choice and order. */
  readonly runs: number;
  readonly records: number;
  /** Every choice and order was tried, and every run came to its end. */
  readonly complete: boolean;
}

/** The pair no verdict goes without. */
export const verdictText = (result: Pick<ScenarioResult, 'isolated' | 'works'>): string =>
  `${result.isolated ? 'isolated' : 'not isolated'}, ${result.works ? 'works' : 'does not work'}`;

/** What a scenario demanded and did not get. */
export const failedAsserts = (result: ScenarioResult): readonly AssertResult[] =>
  result.asserts.filter(assert => !assert.pass);

/** The command that runs one result again. */
export function againCommand(result: Pick<ScenarioResult, 'file' | 'cell' | 'seed'>): string {
  const cells = Object.entries(result.cell).map(([axis, value]) => `${axis}=${value}`);
  const cell = cells.length > 0 ? ` --cell ${shellWord(cells.join(','))}` : '';
  return `irqscope run ${shellWord(result.file)}${cell} --seed ${result.seed}`;
}

/** A word as a shell takes it for one. */
const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
