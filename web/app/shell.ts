import { html, nothing, type TemplateResult } from 'lit-html';
import { describe, type Problem } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { bitsPanel } from '../panels/bits.ts';
import { header, menu } from '../panels/header.ts';
import { helpDialog, legend } from '../panels/help.ts';
import { fateWord } from '../panels/parts.ts';
import { scriptPanel } from '../panels/script.ts';
import { tablesPanel } from '../panels/tables.ts';
import { transcript } from '../panels/transcript.ts';
import { whyPanel } from '../panels/why.ts';
import { mailDrawing } from '../stage/mail.ts';
import { timeBar } from '../time/time-bar.ts';
import type { Actions } from './actions.ts';
import type { Context } from './context.ts';
import type { LoadedRun } from './runs.ts';
import { type State, TABS } from './state.ts';

/** What the page shows: everything but the inside of the picture. */
export function shell(
  state: State,
  at: {
    readonly run: LoadedRun | null;
    readonly actions: Actions;
    readonly whatIfs: Context['whatIfs'];
  },
): TemplateResult {
  const { run, actions, whatIfs } = at;
  return html`
    <a class="skip" href="#main">${EN.app.skip}</a>
    ${header(state, run, actions)} ${troubles(state)}
    ${
      run
        ? page({ state, run, actions, whatIfs })
        : state.load.kind === 'loading'
          ? html`<main id="main"><p class="loading">${EN.app.loading}</p></main>`
          : menu(actions)
    }
    ${state.dialog === 'help' ? helpDialog(state, actions) : nothing}
  `;
}

/** What went wrong; the last good picture stays below. */
function troubles({ load }: State): TemplateResult | typeof nothing {
  if (load.kind === 'crash')
    return html`
      <div class="trouble" role="alert">
        <h2>${EN.problems.crash}</h2>
        <p>${load.message}</p>
      </div>
    `;
  if (load.kind !== 'problems') return nothing;
  return html`
    <div class="trouble" role="alert">
      <h2>${EN.problems.title}</h2>
      <ul>
        ${load.problems.map(problemRow)}
      </ul>
    </div>
  `;
}

const problemRow = ({ at, message, hint }: Problem): TemplateResult => html`
  <li><code>${at.file}:${at.line}:${at.column}</code> ${message}${hint ? ` – ${hint}` : ''}</li>
`;

function page(context: Context): TemplateResult {
  const { state, run } = context;
  const { view } = state.place;
  const still = state.load.kind !== 'ready';
  return html`
    <main id="main" class="page ${still ? 'stale' : ''}" tabindex="-1">
      <h2 class="title">${run.data.title}</h2>
      ${scriptPanel(context)}
      <div class="middle">
        ${caption(context)}
        <div class="picture" ?hidden=${view !== 'stage'}><svg id="stage"></svg></div>
        ${view === 'mail' ? mailDrawing(run.data.machine, state.width) : nothing}
        ${view === 'text' ? transcript(context) : nothing}
        <details class="signs">
          <summary>${EN.stage.legend}</summary>
          ${legend()}
        </details>
      </div>
      ${inspector(context)} ${timeBar(context)}
    </main>
  `;
}

/** The current record in one sentence, also for screen readers. */
function caption({ state, run }: Context): TemplateResult {
  const { seq } = state.place;
  const { trace, machine, film } = run.data;
  const record = trace[seq];
  const journey = film.journeys[film.journeyOf[seq]];
  const decided = journey?.fateSeq === seq ? journey.fate : null;
  const step = run.data.steps[film.stepOf[seq]];
  const text = record ? describe(machine, record.actor, record) : EN.time.beginning;
  return html`
    <div class="caption">
      <p class="step-of quiet">${step ? step.text : ' '}</p>
      <p class="now">${text} ${decided ? fateWord(decided) : nothing}</p>
    </div>
  `;
}

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
