import { type MatrixCell, type MatrixReport, verdictWords } from './matrix.ts';

/** A cell whose answer is another one than before. */
export interface CellChange {
  readonly cell: MatrixCell['cell'];
  /** Null: the cell is new, or gone. */
  readonly before: MatrixCell | null;
  readonly after: MatrixCell | null;
}

const keyOf = ({ cell }: Pick<MatrixCell, 'cell'>): string =>
  Object.entries(cell)
    .map(([axis, value]) => `${axis}=${value}`)
    .join(',');

const answerOf = (cell: MatrixCell): string =>
  [verdictWords(cell), cell.rule ?? '', cell.isolated === false ? cell.steps : ''].join(' ');

/** Cells whose verdicts, rules or shortest ways differ. */
export function diffMatrices(before: MatrixReport, after: MatrixReport): CellChange[] {
  const old = new Map(before.cells.map(cell => [keyOf(cell), cell]));
  const now = new Map(after.cells.map(cell => [keyOf(cell), cell]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap(key => {
    const [was, is] = [old.get(key) ?? null, now.get(key) ?? null];
    if (was && is && answerOf(was) === answerOf(is)) return [];
    return [{ cell: (is ?? was)?.cell ?? {}, before: was, after: is }];
  });
}

/** One line for each change. */
export const changeLine = ({ cell, before, after }: CellChange): string =>
  `${keyOf({ cell })}: ${before ? answerOf(before).trim() : 'not there'} -> ${after ? answerOf(after).trim() : 'not there'}`;
