import type { MatrixReport } from './matrix.ts';
import { cellText, type Grid, type GridCell, gridOf, reasonLines } from './matrix-grid.ts';
import { LOOK_GLYPHS, type Look, lookOf } from './matrix-look.ts';
import { summary } from './matrix-text.ts';
import { escapeXml } from './xml.ts';

const FILLS: Readonly<Record<Look, string>> = {
  holds: '#dff2e1',
  lost: '#eeeeee',
  broken: '#f9dede',
  open: '#fff6d6',
};

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#111;background:#fff}
table{border-collapse:collapse}caption{text-align:left;font-weight:600;padding-bottom:.5rem}
th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top}
${Object.entries(FILLS)
  .map(([look, fill]) => `td.${look}{background:${fill}}`)
  .join('')}`;

/** The matrix as a page of its own, without script. */
export function matrixHtml(report: MatrixReport): string {
  const grid = gridOf(report);
  const head = [...grid.rowAxes, ...grid.columns].map(
    text => `<th scope="col">${escapeXml(text)}</th>`,
  );
  const rows = grid.rows.map(({ values, cells }) => {
    const names = values.map(value => `<th scope="row">${escapeXml(value)}</th>`);
    return `<tr>${names.join('')}${cells.map(htmlCell).join('')}</tr>`;
  });
  const reasons = grid.reasons.map(
    (reason, i) =>
      `<li id="reason-${i + 1}">${reasonLines(reason).map(escapeXml).join('<br>')}</li>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escapeXml(report.title)}</title><style>${STYLE}</style>
<table><caption>${escapeXml(report.title)}</caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
<h2>Why it holds</h2>
<ol>${reasons.join('\n')}</ol>
<p>${escapeXml(summary(report))}</p>
</html>
`;
}

function htmlCell(cell: GridCell | null): string {
  if (!cell) return '<td></td>';
  const look = lookOf(cell.cell);
  const text = escapeXml(cellText(cell));
  const { counterexample } = cell.cell;
  const target = counterexample ?? (cell.reason > 0 ? `#reason-${cell.reason}` : null);
  const inner = target === null ? text : `<a href="${escapeXml(target)}">${text}</a>`;
  return `<td class="${look}">${LOOK_GLYPHS[look]} ${inner}</td>`;
}

const COLUMN = 150;
const ROW = 26;
const TOP = 60;
const CHARACTER = 7.4;

/** The matrix as a picture. */
export function matrixSvg(report: MatrixReport): string {
  const grid = gridOf(report);
  const left = 20 + CHARACTER * Math.max(0, ...grid.rows.map(row => row.values.join(' · ').length));
  const width = left + grid.columns.length * COLUMN + 10;
  const height = TOP + grid.rows.length * ROW + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<title>${escapeXml(report.title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="10" y="20" font-size="14" font-weight="600">${escapeXml(report.title)}</text>
${grid.columns.map((name, i) => text(left + i * COLUMN + 6, TOP - 8, name)).join('\n')}
${svgRows(grid, left)}
${text(10, height - 10, summary(report))}
</svg>
`;
}

const text = (x: number, y: number, words: string): string =>
  `<text x="${x}" y="${y}">${escapeXml(words)}</text>`;

function svgRows({ rows }: Grid, left: number): string {
  return rows
    .flatMap(({ values, cells }, row) => {
      const y = TOP + row * ROW;
      const boxes = cells.map((cell, column) => svgCell(cell, left + column * COLUMN, y));
      return [text(10, y + 17, values.join(' · ')), ...boxes];
    })
    .join('\n');
}

function svgCell(cell: GridCell | null, x: number, y: number): string {
  if (!cell) return '';
  const look = lookOf(cell.cell);
  const box = `<rect x="${x}" y="${y}" width="${COLUMN - 3}" height="${ROW - 3}" fill="${FILLS[look]}" stroke="#999999"/>`;
  return box + text(x + 6, y + 16, `${LOOK_GLYPHS[look]} ${cellText(cell)}`);
}
