import type { MatrixReport } from './matrix.ts';
import { cellText, type Grid, type GridCell, gridOf, reasonLines } from './matrix-grid.ts';

/** The matrix as aligned text, with the reasons below. */
export function matrixTable(report: MatrixReport): string {
  const grid = gridOf(report);
  const rows = [
    [...grid.rowAxes, ...grid.columns],
    ...grid.rows.map(({ values, cells }) => [...values, ...cells.map(plain)]),
  ];
  const widths = rows[0].map((_, i) => Math.max(...rows.map(row => row[i].length)));
  const lines = rows.map(row =>
    row
      .map((text, i) => text.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
  return [report.title, '', ...lines, '', ...reasonText(grid), '', summary(report), ''].join('\n');
}

const plain = (cell: GridCell | null): string => (cell ? cellText(cell) : '-');

const reasonText = ({ reasons }: Grid): string[] =>
  reasons.flatMap((reason, i) =>
    reasonLines(reason).map((line, j) => `${j === 0 ? `[${i + 1}]`.padEnd(4) : '    '} ${line}`),
  );

/** How many cells are how, and whether everything was tried. */
export function summary({ cells }: MatrixReport): string {
  const count = (isolated: boolean | null, works: boolean): number =>
    cells.filter(cell => cell.isolated === isolated && cell.works === works).length;
  const states = cells.reduce((sum, cell) => sum + cell.states, 0);
  const bounded = cells.filter(({ complete }) => !complete).length;
  const parts = [
    `${count(true, true)} isolated and working`,
    `${count(true, false)} isolated but lost`,
    `${count(false, true)} broken and working`,
    `${count(false, false)} broken and lost`,
    ...(bounded > 0 ? [`${bounded} bounded`] : ['all complete']),
    `${states} states`,
  ];
  return `${cells.length} cells: ${parts.join(', ')}`;
}

/** The matrix as a Markdown table; broken cells link to their counterexamples. */
export function matrixMarkdown(report: MatrixReport): string {
  const grid = gridOf(report);
  const head = [...grid.rowAxes, ...grid.columns];
  const rows = grid.rows.map(({ values, cells }) => [...values, ...cells.map(linked)]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
    ...grid.reasons.flatMap((reason, i) => [
      `**[${i + 1}]** ${reasonLines(reason, code).join('. ')}`,
      '',
    ]),
    summary(report),
    '',
  ].join('\n');
}

const code = (end: string): string => `\`${end}\``;

function linked(cell: GridCell | null): string {
  if (!cell) return '';
  const text = cellText(cell);
  const path = cell.cell.counterexample;
  return path === null ? text : `[${text}](${path})`;
}
