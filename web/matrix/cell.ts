import { html, nothing, type TemplateResult } from 'lit-html';
import { type Grid, type GridCell, LOOK_GLYPHS, lookOf, reasonLines } from '../../src/index.ts';
import { MATRIX } from '../i18n/en-matrix.ts';
import { idOfPath } from './reports.ts';

/** What was found in one combination: the verdict, why it holds, and how much was tried. */
export function cellPanel(grid: Grid, { cell, reason }: GridCell): TemplateResult {
  const look = lookOf(cell);
  const words = Object.entries(cell.cell).map(
    ([axis, value]) =>
      `${MATRIX.axes[axis]?.name ?? axis}: ${MATRIX.axes[axis]?.values[value]?.name ?? value}`,
  );
  return html`
    <section class="cell-reason ${look}" id="cell-reason" tabindex="-1" aria-label=${MATRIX.cell}>
      <h4>
        <span class="look" aria-hidden="true">${LOOK_GLYPHS[look]}</span>
        ${MATRIX.verdict(cell)}
      </h4>
      <p class="quiet">${words.join(', ')}</p>
      ${cell.sentence ? html`<p>${cell.sentence}</p>` : nothing}
      ${
        cell.counterexample
          ? html`<p>
              <a href="#1;s=${idOfPath(cell.counterexample)};e=v">${MATRIX.counterexample}</a>
            </p>`
          : nothing
      }
      ${reason > 0 ? reasons(grid, reason) : nothing}
      ${look === 'lost' ? html`<p>${MATRIX.lostNote}</p>` : nothing}
      <p class="quiet">${MATRIX.bound(cell)}</p>
    </section>
  `;
}

function reasons(grid: Grid, reason: number): TemplateResult {
  const lines = reasonLines(grid.reasons[reason - 1], end => {
    const text = MATRIX.ends[end] ?? end;
    return end.includes('/') ? `${text} (${end})` : text;
  });
  return html`
    <p>${MATRIX.why}</p>
    <ul>
      ${lines.map(line => html`<li>${line}</li>`)}
    </ul>
  `;
}
