import { html, nothing, type TemplateResult } from 'lit-html';
import {
  type Cell,
  type Grid,
  type GridCell,
  gridOf,
  LOOK_GLYPHS,
  lookOf,
  type MatrixReport,
  matrixCellText,
  matrixSummary,
} from '../../src/index.ts';
import { cellText, sameCell } from '../app/cells.ts';
import type { Context } from '../app/context.ts';
import { MATRIX } from '../i18n/en-matrix.ts';
import { cellPanel } from './cell.ts';
import { idOfPath, REPORTS } from './reports.ts';

const GRIDS = REPORTS.map(report => ({ report, grid: gridOf(report) }));

/** Every shipped matrix; cells lead to a counterexample, or to the reason why there is none. */
export function matrixSheet({ state }: Omit<Context, 'run'>): TemplateResult {
  const chosen = state.place.cell;
  return html`
    <main id="main" class="sheet matrix" tabindex="-1">
      <h2>${MATRIX.title}</h2>
      <p>${MATRIX.intro}</p>
      <ul class="matrix-signs">
        ${Object.entries(MATRIX.signs).map(
          ([look, text]) => html`<li>
            <span class="look ${look}" aria-hidden="true">${LOOK_GLYPHS[look as keyof typeof LOOK_GLYPHS]}</span>
            ${text}
          </li>`,
        )}
      </ul>
      ${GRIDS.map(({ report, grid }) => section(report, grid, chosen))}
    </main>
  `;
}

function section(report: MatrixReport, grid: Grid, chosen: Cell | null): TemplateResult {
  const id = `matrix-${report.name}`;
  return html`
    <section>
      <h3 id=${id}>${report.title}</h3>
      ${(MATRIX.notes[report.name] ?? []).map(text => html`<p>${text}</p>`)}
      <div class="scroll" tabindex="0" role="region" aria-labelledby=${id}>
        <table>
          <thead>
            <tr>
              ${grid.rowAxes.map(axis => html`<th scope="col">${axisName(axis)}</th>`)}
              ${grid.columns.map(value => html`<th scope="col">${valueName(grid.columnAxis, value)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${grid.rows.map(
              ({ values, cells }) => html`<tr>
                ${values.map(
                  (value, i) => html`<th scope="row">${valueName(grid.rowAxes[i], value)}</th>`,
                )}
                ${cells.map(one => (one ? cellOf(one, chosen) : html`<td></td>`))}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="quiet">${matrixSummary(report)}. ${MATRIX.tried}</p>
      ${chosenPanel(report, grid, chosen)} ${axisList(grid)}
    </section>
  `;
}

function cellOf(one: GridCell, chosen: Cell | null): TemplateResult {
  const { cell } = one;
  const look = lookOf(cell);
  const isChosen = sameCell(chosen, cell.cell);
  const href = hrefOf(one);
  return html`<td class=${look} ?data-chosen=${isChosen}>
    <a
      href=${href}
      aria-current=${isChosen ? 'true' : nothing}
      @click=${cell.counterexample === null ? () => goToReason(href) : nothing}
    >
      <span class="look" aria-hidden="true">${LOOK_GLYPHS[look]}</span> ${matrixCellText({ cell, reason: 0 })}
    </a>
  </td>`;
}

/** A counterexample opens at the step that breaks isolation; what holds is explained below. */
const hrefOf = ({ cell }: GridCell): string =>
  cell.counterexample === null
    ? `#1;page=matrix;c=${cellText(cell.cell)}`
    : `#1;s=${idOfPath(cell.counterexample)};e=v`;

/** The reason comes into view once the address has been followed. */
function goToReason(href: string): void {
  const show = (): void => {
    requestAnimationFrame(() => {
      const panel = document.querySelector<HTMLElement>('#cell-reason');
      panel?.focus({ preventScroll: true });
      panel?.scrollIntoView({ block: 'nearest' });
    });
  };
  if (location.hash === href) show();
  else addEventListener('hashchange', show, { once: true });
}

function chosenPanel(
  report: MatrixReport,
  grid: Grid,
  chosen: Cell | null,
): TemplateResult | typeof nothing {
  const found = grid.rows
    .flatMap(({ cells }) => cells)
    .find(one => one !== null && sameCell(chosen, one.cell.cell));
  return found && isWhole(chosen, report) ? cellPanel(grid, found) : nothing;
}

/** Axes may be called alike in two matrices: a cell names all of one. */
const isWhole = (chosen: Cell | null, { cells }: MatrixReport): boolean =>
  Object.keys(chosen ?? {}).join() === Object.keys(cells[0]?.cell ?? {}).join();

const axisName = (axis: string): string => MATRIX.axes[axis]?.name ?? axis;
const valueName = (axis: string, value: string): string =>
  MATRIX.axes[axis]?.values[value]?.name ?? value;

/** What the words at the heads of rows and columns mean. */
function axisList({ columnAxis, columns, rowAxes, rows }: Grid): TemplateResult {
  const axes = [columnAxis, ...rowAxes].map((axis, i) => ({
    axis,
    values: i === 0 ? columns : [...new Set(rows.map(({ values }) => values[i - 1]))],
  }));
  return html`
    <details class="matrix-words">
      <summary>${MATRIX.words}</summary>
      <dl>
        ${axes.map(
          ({ axis, values }) => html`
            <dt>${axisName(axis)} <code>${axis}</code></dt>
            <dd>
              <ul>
                ${values.map(
                  value => html`<li>
                    <strong>${valueName(axis, value)}</strong>
                    ${valueName(axis, value) === value ? nothing : html`<code>${value}</code>`}
                    ${MATRIX.axes[axis]?.values[value]?.text ?? ''}
                  </li>`,
                )}
              </ul>
            </dd>
          `,
        )}
      </dl>
    </details>
  `;
}
