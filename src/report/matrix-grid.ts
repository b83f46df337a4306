import { axesOf, type MatrixCell, type MatrixReport } from './matrix.ts';

/** A matrix on paper: the first axis across, all others down. */
export interface Grid {
  readonly columnAxis: string;
  readonly columns: readonly string[];
  readonly rowAxes: readonly string[];
  readonly rows: readonly GridRow[];
  /** Every distinct reason why isolation holds, in order of appearance. */
  readonly reasons: readonly Reason[];
}

export interface GridRow {
  /** Values of the other axes. */
  readonly values: readonly string[];
  /** By column; null where the combination is left out. */
  readonly cells: readonly (GridCell | null)[];
}

export interface GridCell {
  readonly cell: MatrixCell;
  /** Number of its reason, from 1; 0 where isolation does not hold. */
  readonly reason: number;
}

/** What stops messages, and which ones each stops. */
export type Reason = readonly { readonly end: string; readonly kinds: readonly string[] }[];

export function gridOf({ cells }: MatrixReport): Grid {
  const [[columnAxis, columns] = ['', []], ...others] = axesOf(cells);
  const rows = new Map<string, { values: string[]; cells: (GridCell | null)[] }>();
  const reasons = new Map<string, Reason>();
  for (const cell of cells) {
    const values = others.map(([axis]) => cell.cell[axis]);
    const key = values.join(' ');
    const row = rows.get(key) ?? { values, cells: columns.map(() => null) };
    rows.set(key, row);
    row.cells[columns.indexOf(cell.cell[columnAxis])] = { cell, reason: numberOf(reasons, cell) };
  }
  return {
    columnAxis,
    columns,
    rowAxes: others.map(([axis]) => axis),
    rows: [...rows.values()],
    reasons: [...reasons.values()],
  };
}

function numberOf(reasons: Map<string, Reason>, cell: MatrixCell): number {
  if (cell.isolated !== true) return 0;
  const ends = [...new Set(cell.reasons.map(({ end }) => end))].sort();
  const key = ends.join('\n');
  const known = reasons.get(key) ?? ends.map(end => ({ end, kinds: [] }));
  reasons.set(
    key,
    known.map(({ end, kinds }) => ({ end, kinds: unite(kinds, cell.reasons, end) })),
  );
  return [...reasons.keys()].indexOf(key) + 1;
}

const unite = (
  kinds: readonly string[],
  reasons: MatrixCell['reasons'],
  end: string,
): readonly string[] =>
  [...new Set([...kinds, ...reasons.filter(r => r.end === end).map(r => r.kind)])].sort();

/** Why isolation holds where no message had to be stopped. */
export const NOTHING_SENT = 'nothing it sends reaches anybody else';

/** A reason in words, a line for each check that takes part. */
export const reasonLines = (reason: Reason, named = (end: string): string => end): string[] =>
  reason.length === 0
    ? [NOTHING_SENT]
    : reason.map(({ end, kinds }) => `${folded(kinds).join('; ')} → ${named(end)}`);

const COMPATIBILITY = /^compatibility, (\w+) to (.+)$/;

/** Kinds of messages, those in compatibility format as one where every mode goes to every place. */
function folded(kinds: readonly string[]): readonly string[] {
  const found = kinds.flatMap(kind => {
    const [, mode, target] = COMPATIBILITY.exec(kind) ?? [];
    return mode === undefined ? [] : [{ mode, target }];
  });
  const modes = [...new Set(found.map(({ mode }) => mode))];
  const targets = [...new Set(found.map(({ target }) => target))];
  if (found.length < 2 || found.length < modes.length * targets.length) return kinds;
  const others = kinds.filter(kind => !COMPATIBILITY.test(kind));
  return [`compatibility format, ${orList(modes)} to ${orList(targets)}`, ...others];
}

const orList = (words: readonly string[]): string =>
  [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' or ');

/** What stands in a cell: isolation and works together, and where to look. */
export function cellText({ cell, reason }: GridCell): string {
  const { isolated, works, refused, steps, complete } = cell;
  const first = isolated === false ? `broken in ${steps}` : isolated ? 'isolated' : 'nothing found';
  const second = refused ? 'refused' : works ? 'works' : 'lost';
  const note = reason > 0 ? ` [${reason}]` : '';
  return `${first}, ${second}${complete ? '' : ', bounded'}${note}`;
}
