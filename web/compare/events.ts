import { html, nothing, type TemplateResult } from 'lit-html';
import type { Row } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { COMPARE } from '../i18n/en-compare.ts';
import type { Laid } from './laid.ts';
import { FACES } from './stages.ts';
import type { Face } from './state.ts';
import { headRow } from './summary.ts';
import { recordText, type Steps } from './view.ts';

/** Rows shown before and after the current one where there are too many for one list. */
const AROUND = 100;
const WHOLE_MAX = 400;

/** How rows that differ are marked. */
export const SIGNS: Readonly<Record<Row['kind'], string>> = { alike: '', unlike: '≠', alone: '◆' };

/** Both runs as text, twins beside each other. */
export function eventTable({ state }: Context, laid: Laid, steps: Steps): TemplateResult {
  const { rows } = laid.alignment;
  const current = state.place.compared?.row ?? -1;
  const isWhole = rows.length <= WHOLE_MAX;
  const first = isWhole ? 0 : Math.max(0, current - AROUND);
  const end = isWhole ? rows.length : Math.min(rows.length, current + AROUND);
  const jump = (row: number, text: string): TemplateResult => html`
    <p><button type="button" class="link" @click=${() => steps.goTo(row)}>${text}</button></p>
  `;
  return html`
    <section class="compared">
      <h3 id="events-title">${COMPARE.events}</h3>
      ${first > 0 ? jump(first - 1, COMPARE.earlier(first)) : nothing}
      <div class="transcript" role="region" aria-labelledby="events-title" tabindex="0">
        <table class="both">
          <thead>
            ${headRow(laid, COMPARE.event)}
          </thead>
          <tbody class="records">
            ${rows.slice(first, end).map((row, i) => {
              const at = first + i;
              return eventRow(laid, row, { at, current: at === current, go: steps.goTo });
            })}
          </tbody>
        </table>
      </div>
      ${end < rows.length ? jump(end, COMPARE.later(rows.length - end)) : nothing}
    </section>
  `;
}

function eventRow(
  laid: Laid,
  row: Row,
  is: { readonly at: number; readonly current: boolean; readonly go: (row: number) => void },
): TemplateResult {
  return html`
    <tr class="${row.kind} ${is.current ? 'current' : ''}">
      <td>
        <button
          type="button"
          class="link"
          aria-current=${is.current ? 'true' : nothing}
          @click=${() => is.go(is.at)}
        >
          ${is.at + 1}
          <span aria-hidden="true">${SIGNS[row.kind]}</span>
          <span class="visually-hidden">${COMPARE.signs[row.kind]}</span>
        </button>
      </td>
      ${FACES.map(face => html`<td>${row[face] >= 0 ? recordOf(laid, face, row) : nothing}</td>`)}
    </tr>
  `;
}

const recordOf = (laid: Laid, face: Face, row: Row): TemplateResult =>
  recordText(laid, face, row[face]);
