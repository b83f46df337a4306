import { html, nothing, type TemplateResult } from 'lit-html';
import {
  rowsAt,
  TABLE_COLUMNS,
  TABLE_NAMES,
  type TableRow,
  type TablesFilm,
} from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import type { CellPath } from '../app/state.ts';
import { EN } from '../i18n/en.ts';
import { inputValue } from './inputs.ts';
import { recordLink } from './parts.ts';

/** What software and hardware keep, as the current record left it. */
export function tablesPanel(context: Context): TemplateResult {
  const { run, state, actions } = context;
  const { table } = state.place;
  if (!run.tables) return html`<p class="quiet">${EN.table.loading}</p>`;
  const used = usedTables(run.tables);
  return html`
    <label class="field">
      ${EN.table.choose}
      <select
        .value=${table}
        @change=${(event: Event) => {
          const name = TABLE_NAMES.find(one => one === inputValue(event));
          if (name) actions.setTable(name);
        }}
      >
        ${TABLE_NAMES.map(
          name => html`
            <option value=${name} ?selected=${name === table}>
              ${EN.tableNames[name]}${used.has(name) ? '' : ' –'}
            </option>
          `,
        )}
      </select>
    </label>
    <p class="quiet">${EN.tableNotes[table]}</p>
    ${tableOf(context, run.tables)} ${history(context, run.tables)}
  `;
}

const usedTables = (film: TablesFilm): Set<string> =>
  new Set([
    ...film.changes.map(({ table }) => table),
    ...TABLE_NAMES.filter(name => film.initial[name].length > 0),
  ]);

function tableOf({ state, actions }: Context, film: TablesFilm): TemplateResult {
  const { table, seq } = state.place;
  const rows = rowsAt(film, table, seq);
  if (rows.length === 0) return html`<p>${EN.table.empty}</p>`;
  const columns = TABLE_COLUMNS[table];
  const before = new Map(
    film.changes
      .filter(change => change.seq === seq && change.table === table)
      .map(change => [change.after?.id ?? '', change.before]),
  );
  const shown = columns.map((_, i) => rows.some(({ cells }) => cells[i] !== ''));
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${EN.tableNames[table]}>
      <table class="state">
        <thead>
          <tr>
            ${columns.map((column, i) =>
              shown[i] ? html`<th scope="col">${EN.columns[column]}</th>` : nothing,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            row => html`
              <tr>
                ${row.cells.map((cell, i) =>
                  shown[i]
                    ? cellOf({
                        cell,
                        was: before.has(row.id) ? (before.get(row.id)?.cells[i] ?? '') : cell,
                        choose: () => actions.chooseCell({ table, row: row.id, column: i }),
                      })
                    : nothing,
                )}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function cellOf(at: {
  readonly cell: string;
  readonly was: string;
  readonly choose: () => void;
}): TemplateResult {
  const changed = at.cell !== at.was;
  return html`
    <td class=${changed ? 'changed' : ''}>
      <button type="button" class="cell" title=${EN.table.history} @click=${at.choose}>
        ${changed ? html`<span aria-hidden="true">▸</span>` : nothing}${at.cell || ' '}
      </button>
      ${changed ? html`<span class="was">${EN.table.was(at.was)}</span>` : nothing}
    </td>
  `;
}

/** All writes to the chosen cell, those of the same value included. */
function history(context: Context, film: TablesFilm): TemplateResult | typeof nothing {
  const { cellPath } = context.state;
  if (!cellPath || cellPath.table !== context.state.place.table) return nothing;
  const entries = historyOf(context, film, cellPath);
  return html`
    <h3>${EN.table.history}: ${EN.columns[TABLE_COLUMNS[cellPath.table][cellPath.column]]}, ${cellPath.row}</h3>
    ${
      entries.length === 0
        ? html`<p class="quiet">${EN.table.noHistory}</p>`
        : html`<ol class="history">
            ${entries.map(
              ({ seq, text }) =>
                html`<li>${recordLink(seq, EN.why.goTo(seq), context.actions.goTo)} ${text}</li>`,
            )}
          </ol>`
    }
  `;
}

const textIn = (row: TableRow | null, column: number): string =>
  row ? row.cells[column] || '–' : EN.table.gone;

function historyOf({ run }: Context, film: TablesFilm, path: CellPath) {
  const own = film.changes.filter(
    ({ table, before, after }) => table === path.table && (after ?? before)?.id === path.row,
  );
  const changes = own
    .filter(
      ({ before, after }) => before?.cells[path.column] !== after?.cells[path.column] || !before,
    )
    .map(({ seq, after }) => ({ seq, text: textIn(after, path.column) }));
  const known = new Set(changes.map(({ seq }) => seq));
  const place = own[0]?.after?.place ?? own[0]?.before?.place ?? '';
  const again = run.data.trace
    .filter(({ act, where, seq }) => act === 'write' && where === place && !known.has(seq))
    .map(({ seq }) => ({ seq, text: EN.table.same }));
  return [...changes, ...again].sort((a, b) => a.seq - b.seq);
}
