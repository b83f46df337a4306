import { html, nothing, type TemplateResult } from 'lit-html';
import { editorPanel } from '../editor/panel.ts';
import { embedShell } from '../embed/shell.ts';
import { EN } from '../i18n/en.ts';
import { bitsPanel } from '../panels/bits.ts';
import { header, menu } from '../panels/header.ts';
import { helpDialog } from '../panels/help.ts';
import { scriptPanel } from '../panels/script.ts';
import { tablesPanel } from '../panels/tables.ts';
import { driftBanner, troubles } from '../panels/troubles.ts';
import { whyPanel } from '../panels/why.ts';
import { timeBar } from '../time/time-bar.ts';
import type { Actions } from './actions.ts';
import type { Context } from './context.ts';
import type { Late } from './late.ts';
import { middle } from './middle.ts';
import type { LoadedRun } from './runs.ts';
import { type State, TABS } from './state.ts';

/** What the page shows: everything but the inside of the picture and of the editor. */
export function shell(
  state: State,
  at: Omit<Context, 'state' | 'run'> & { readonly run: LoadedRun | null },
): TemplateResult {
  const { run, actions } = at;
  if (state.embed) return embedShell({ ...at, state });
  return html`
    <a class="to-main" href="#main" @click=${skip}>${EN.app.skip}</a>
    ${header(state, run, actions)} ${troubles(state, actions)}
    ${
      state.place.sheet !== 'run'
        ? sheet({ ...at, state })
        : run
          ? page({ ...at, state, run })
          : withoutRun({ ...at, state })
    }
    ${state.dialog === 'help' ? helpDialog(state, actions) : nothing}
    ${state.dialog === 'share' && run ? shareDialog({ ...at, state, run }) : nothing}
    <p class="drop-here" aria-hidden="true">${EN.editor.drop}</p>
  `;
}

/** The address names a place of the run; going to the picture must not change it. */
function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
}

/** What fills the page in place of a run. */
function sheet(context: Omit<Context, 'run'>): TemplateResult {
  const { desk, pair, late, state } = context;
  if (state.place.sheet === 'compare') return pair?.sheet() ?? coming(late.compare, 'sheet');
  if (state.place.sheet === 'matrix')
    return late.matrix.get()?.matrixSheet(context) ?? coming(late.matrix, 'sheet');
  return desk?.sheet(context) ?? coming(late.lessons, 'sheet');
}

/** A part of the page that is not there yet. */
const coming = (part: Late<unknown>, look: string): TemplateResult => html`
  <main id="main" class=${look}>
    <p class="loading">${part.failed() ? EN.app.lateFailed : EN.app.late}</p>
  </main>
`;

function withoutRun(context: Omit<Context, 'run'>): TemplateResult {
  const { state, actions } = context;
  if (state.editor && context.text.source())
    return html`<main id="main" class="text-alone">${editorPanel(context)}</main>`;
  return state.load.kind === 'loading'
    ? html`<main id="main"><p class="loading">${EN.app.loading}</p></main>`
    : menu(state, actions);
}

const shareDialog = (context: Context): TemplateResult | typeof nothing =>
  context.late.share.get()?.shareDialog(context) ?? nothing;

function page(context: Context): TemplateResult {
  const { state, run } = context;
  const { kind } = state.load;
  const look = kind === 'ready' ? '' : kind === 'loading' ? 'waiting' : 'stale';
  const { part, compared } = state.place;
  if (compared) return context.pair?.view(context) ?? coming(context.late.compare, 'compare');
  if (part > 0) return lessonPage(context, look);
  return html`
    <main id="main" class="page ${look} ${state.editor ? 'with-editor' : ''}" tabindex="-1">
      <h2 class="title">${state.place.title || run.data.title}</h2>
      ${driftBanner(state, run, context.actions)} ${lessonHere(context)} ${matrixHere(state)}
      ${state.editor ? editorPanel(context) : scriptPanel(context)}
      ${middle(context)}
      ${inspector(context)} ${timeBar(context)}
    </main>
  `;
}

/** A lesson in place of the script; what is behind the picture is opened after the answer. */
function lessonPage(context: Context, look: string): TemplateResult {
  const { state, run, desk, late } = context;
  const { phase, part } = state.lesson;
  const isOpen = phase === 'answered' || part?.show || part?.question?.kind === 'repair';
  return html`
    <main id="main" class="page with-lesson ${look}" tabindex="-1">
      <h2 class="title">${run.data.title}</h2>
      <div class="lesson-side">
        ${
          desk?.panel(context) ??
          html`<section class="panel lesson">
            <p class="loading">${late.lessons.failed() ? EN.app.lateFailed : EN.app.late}</p>
          </section>`
        }
        ${isOpen ? inspector(context) : nothing}
      </div>
      ${middle(context)} ${timeBar(context)}
    </main>
  `;
}

/** The open file has a lesson: a way into it. */
const lessonHere = ({ run, actions }: Context): TemplateResult | typeof nothing =>
  run.data.hasLesson
    ? html`<p class="lesson-here">
        ${EN.app.hasLesson}
        <button type="button" @click=${() => actions.goToPart(1)}>${EN.app.startLesson}</button>
      </p>`
    : nothing;

/** The run is a counterexample: the way back to what it is one of. */
const matrixHere = ({ place }: State): TemplateResult | typeof nothing =>
  place.scenario.startsWith('matrix/')
    ? html`<p class="lesson-here">
        ${EN.app.counterexample} <a href="#1;page=matrix">${EN.app.toMatrix}</a>
      </p>`
    : nothing;

function inspector(context: Context): TemplateResult {
  const { state, actions } = context;
  const { tab, pin } = state.place;
  const panel = { why: whyPanel, bits: bitsPanel, tables: tablesPanel }[tab];
  return html`
    <section class="panel inspector" aria-label=${EN.panels.inspector}>
      <div class="tabs" role="tablist" aria-label=${EN.panels.inspector}>
        ${TABS.map(
          name => html`
            <button
              type="button"
              role="tab"
              id="tab-${name}"
              aria-selected=${name === tab ? 'true' : 'false'}
              aria-controls="tab-panel"
              tabindex=${name === tab ? 0 : -1}
              @click=${() => actions.setTab(name)}
              @keydown=${(event: KeyboardEvent) => walkTabs(event, actions, name)}
            >
              ${EN.tabs[name]}
            </button>
          `,
        )}
      </div>
      ${
        pin === null
          ? nothing
          : html`<p class="pinned">
              ${EN.panels.pinned(pin)}
              <button type="button" class="link" @click=${actions.unpin}>${EN.panels.follow}</button>
            </p>`
      }
      <div id="tab-panel" role="tabpanel" aria-labelledby="tab-${tab}" tabindex="0">
        ${panel(context)}
      </div>
    </section>
  `;
}

/** Left and right go to the neighbouring tab. */
function walkTabs(event: KeyboardEvent, actions: Actions, name: (typeof TABS)[number]): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  event.stopPropagation();
  const next = TABS[(TABS.indexOf(name) + by + TABS.length) % TABS.length];
  actions.setTab(next);
  document.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
}
