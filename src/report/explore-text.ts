import { verdictWords } from './matrix.ts';

/** What the text needs to know of an exploration. */
export interface ListedExploration {
  readonly id: string;
  readonly isolated: boolean | null;
  readonly works: boolean;
  readonly refused: boolean;
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly bytesPerState: number;
  readonly found: readonly {
    readonly rule: string;
    readonly depth: number;
    readonly sentence: string;
    readonly path: readonly string[];
  }[];
  readonly blame: readonly {
    readonly kind: string;
    readonly end: string;
    readonly times: number;
  }[];
  readonly asserts: readonly {
    readonly text: string;
    readonly pass: boolean;
    readonly found: string;
  }[];
  readonly pass: boolean;
}

const ID_WIDTH = 44;

/** An exploration as lines for people; `paths` are its files. */
export function exploreLines(report: ListedExploration, paths: readonly string[]): string[] {
  const { states, transitions, depth, bytesPerState, complete } = report;
  const extent = complete ? 'complete' : 'BOUNDED';
  return [
    ` ${report.pass ? 'ok  ' : 'FAIL'}  ${report.id.padEnd(ID_WIDTH)} ${verdictWords(report)}`,
    `       ${extent}: ${states} states, ${transitions} transitions, depth ${depth}, ${bytesPerState} bytes a state`,
    ...report.asserts
      .filter(({ pass }) => !pass)
      .map(({ text, found }) => `       expected ${text}: ${found}`),
    ...report.found.flatMap(one => [
      `       ${one.rule} in ${one.depth}: ${one.sentence}`,
      ...one.path.map((text, i) => `         ${i + 1}. ${text}`),
    ]),
    ...(report.found.length === 0 ? blameLines(report.blame) : []),
    ...paths.map(path => `       irqscope run ${path}`),
  ];
}

/** Which check stopped which kind of message. */
function blameLines(blame: ListedExploration['blame']): string[] {
  const stopped = blame.filter(({ end }) => end !== 'delivered');
  const width = Math.max(0, ...stopped.map(({ kind }) => kind.length));
  return stopped.map(({ kind, end, times }) => `       ${kind.padEnd(width)}  ${end} (${times})`);
}
