import { html, nothing, type TemplateResult } from 'lit-html';
import type { Actions } from '../app/actions.ts';
import type { LoadedRun } from '../app/runs.ts';
import { LESSONS, SCENARIOS } from '../app/scenarios.ts';
import { type State, VIEWS } from '../app/state.ts';
import { fileButton } from '../editor/panel.ts';
import { EN } from '../i18n/en.ts';
import { inputValue } from './inputs.ts';

/** Shipped scenarios by folder, teaching first. */
const GROUPS: readonly [string, typeof SCENARIOS][] = [
  ...new Set(SCENARIOS.map(({ id }) => id.split('/')[0])),
]
  .sort((a, b) => Number(b === 'teaching') - Number(a === 'teaching') || (a < b ? -1 : 1))
  .map(folder => [folder, SCENARIOS.filter(({ id }) => id.startsWith(`${folder}/`))]);

/** The name, what is shown, and how. */
export function header(state: State, shown: LoadedRun | null, actions: Actions): TemplateResult {
  const run = state.place.sheet === 'run' ? shown : null;
  const inLesson = state.place.part > 0;
  const comparing = state.place.compared !== null;
  return html`
    <header class="top">
      <h1><a href="#">${EN.app.name}</a></h1>
      <label class="field scenario">
        <span>${EN.app.scenario}</span>
        <select @change=${(event: Event) => actions.openScenario(inputValue(event))}>
          ${ownOption(state.place.scenario)}
          ${GROUPS.map(
            ([folder, list]) => html`
              <optgroup label=${folder}>
                ${list.map(
                  ({ id }) => html`
                    <option value=${id} ?selected=${id === state.place.scenario}>
                      ${id.slice(folder.length + 1)}
                    </option>
                  `,
                )}
              </optgroup>
            `,
          )}
        </select>
      </label>
      ${sections(state, run, actions)}
      ${run && !inLesson && !comparing ? axes(run, actions) : nothing}
      ${run && !comparing ? views(state, actions) : nothing}
      ${run ? tools(state, actions) : html`<span class="tools">${fileButton(actions.openFile)}</span>`}
      <button
        type="button"
        class="help-button"
        aria-label=${EN.app.help}
        @click=${() => actions.setDialog('help')}
      >
        <span class="wide">${EN.app.help}</span><span class="narrow" aria-hidden="true">?</span>
      </button>
    </header>
  `;
}

/** What is shown and is none of the shipped scenarios: a file of the user’s own, or nothing yet. */
const ownOption = (id: string): TemplateResult | typeof nothing =>
  SCENARIOS.some(one => one.id === id)
    ? nothing
    : html`<option value=${id} selected disabled>${id || EN.app.choose}</option>`;

/** The axes along which the scenario varies. */
function axes(run: LoadedRun, actions: Actions): TemplateResult[] {
  const { cell, cells } = run.data;
  return Object.keys(cell).map(axis => {
    const values = [...new Set(cells.map(one => one[axis]))];
    return html`
      <label class="field axis">
        <span>${EN.app.variant(axis)}</span>
        <select @change=${(event: Event) => actions.setAxis(axis, inputValue(event))}>
          ${values.map(
            value =>
              html`<option value=${value} ?selected=${value === cell[axis]}>${value}</option>`,
          )}
        </select>
      </label>
    `;
  });
}

/** Ways to other parts of the page. */
const sections = (state: State, run: LoadedRun | null, actions: Actions): TemplateResult => html`
  <nav class="sections" aria-label=${EN.app.sections}>
    ${
      LESSONS.length > 0
        ? html`<a class="button" href="#1;page=lessons">${EN.app.lessons}</a>
            <a class="button" href="#1;page=matrix">${EN.app.matrix}</a>`
        : nothing
    }
    ${
      run && (state.place.part === 0 || state.place.compared)
        ? html`<button
            type="button"
            aria-pressed=${state.place.compared ? 'true' : 'false'}
            @click=${actions.toggleCompare}
          >
            ${EN.app.compare}
          </button>`
        : html`<a class="button" href="#1;page=compare">${EN.app.compare}</a>`
    }
  </nav>
`;

/** The text of the scenario, and ways to pass on what is seen. */
const tools = (state: State, actions: Actions): TemplateResult => html`
  <span class="tools">
    ${
      state.place.part > 0 || state.place.compared
        ? nothing
        : html`<button
            type="button"
            class="edit-button"
            aria-pressed=${state.editor ? 'true' : 'false'}
            @click=${actions.toggleEditor}
          >
            ${EN.editor.open}
          </button>`
    }
    <button type="button" @click=${() => actions.setDialog('share')}>${EN.share.open}</button>
  </span>
`;

const views = (state: State, actions: Actions): TemplateResult => html`
  <span class="views" role="group" aria-label=${EN.app.view}>
    ${VIEWS.map(
      view => html`
        <button
          type="button"
          aria-pressed=${view === state.place.view ? 'true' : 'false'}
          title=${EN.app.viewNotes[view]}
          @click=${() => actions.setView(view)}
        >
          ${EN.views[view]}
        </button>
      `,
    )}
  </span>
`;

/** Where to begin, for those who do not know yet. */
const ways = (): TemplateResult | typeof nothing =>
  LESSONS.length === 0
    ? nothing
    : html`
        <ul class="cards ways">
          <li>
            <a href="#1;s=${LESSONS[0].id};lesson=1">
              <strong>${EN.app.firstLesson}</strong>
              <span>${LESSONS[0].title}</span>
            </a>
          </li>
          <li>
            <a href="#1;page=lessons">
              <strong>${EN.app.allLessons}</strong>
              <span>${EN.app.allLessonsNote(LESSONS.length)}</span>
            </a>
          </li>
          <li>
            <a href="#1;page=matrix">
              <strong>${EN.app.question}</strong>
              <span>${EN.app.matrixNote}</span>
            </a>
          </li>
        </ul>
      `;

/** Whether a scenario is one a reader looks for: every word is in its name, title or tags. */
function isWanted({ id, title, tags }: (typeof SCENARIOS)[number], search: string): boolean {
  const text = `${id} ${title} ${tags.join(' ')}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

/** The list of what can be looked at, with a sentence each: what the page opens with. */
export function menu({ search }: State, actions: Actions): TemplateResult {
  const groups = GROUPS.map(([folder, list]) => ({
    folder,
    list: list.filter(one => isWanted(one, search)),
  })).filter(({ list }) => list.length > 0);
  return html`
    <main class="menu" id="main" tabindex="-1">
      <h2>${EN.app.empty}</h2>
      <p class="quiet">${EN.app.tagline}</p>
      <label class="field">
        ${EN.app.search}
        <input
          type="search"
          class="search"
          .value=${search}
          @input=${(event: Event) => actions.setSearch(inputValue(event))}
        />
      </label>
      ${search ? nothing : ways()}
      ${groups.length === 0 ? html`<p role="status">${EN.app.noneFound}</p>` : nothing}
      ${groups.map(
        ({ folder, list }) => html`
          <h3>${folder}</h3>
          <ul class="cards">
            ${list.map(
              ({ id, title }) => html`
                <li>
                  <button type="button" @click=${() => actions.openScenario(id)}>
                    <strong>${id.slice(folder.length + 1)}</strong>
                    <span>${title}</span>
                  </button>
                </li>
              `,
            )}
          </ul>
        `,
      )}
    </main>
  `;
}
