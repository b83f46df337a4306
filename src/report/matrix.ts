import type { RuleName } from '../model/rules.ts';

/** One combination of all axes, and what holds there. */
export interface MatrixCell {
  readonly cell: Readonly<Record<string, string>>;
  /** Null: nothing was found, and not everything was tried. */
  readonly isolated: boolean | null;
  readonly works: boolean;
  /** A stack or an assignment was refused at the start. */
  readonly refused: boolean;
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  /** Actions on the longest of the shortest ways to any state. */
  readonly depth: number;
  /** The rule that is broken by the shortest way, and its length in actions. */
  readonly rule: RuleName | null;
  readonly steps: number | null;
  /** What happens on the shortest way, in a sentence; empty where isolation holds. */
  readonly sentence: string;
  /** Where isolation holds: what stopped which kind of message. */
  readonly reasons: readonly { readonly kind: string; readonly end: string }[];
  /** Path of a scenario that goes the shortest way. */
  readonly counterexample: string | null;
  /** It is as the file says. */
  readonly pass: boolean;
}

/** The answers of a whole matrix. */
export interface MatrixReport {
  readonly format: 'irqscope-matrix/1';
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly cells: readonly MatrixCell[];
}

/** A verdict, isolation and works always together. */
export function verdictWords({
  isolated,
  works,
  refused,
  complete,
}: Pick<MatrixCell, 'isolated' | 'works' | 'refused' | 'complete'>): string {
  const first = isolated === null ? 'nothing found' : isolated ? 'isolated' : 'not isolated';
  const second = refused ? 'refused' : works ? 'works' : 'does not work';
  return `${first}, ${second}${complete ? '' : ' (bounded)'}`;
}

/** The axes of a matrix and their values, in order of appearance. */
export function axesOf(cells: readonly MatrixCell[]): [string, string[]][] {
  const names = Object.keys(cells[0]?.cell ?? {});
  return names.map(axis => [axis, [...new Set(cells.map(({ cell }) => cell[axis]))]]);
}
