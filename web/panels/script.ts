import { html, nothing, type TemplateResult } from 'lit-html';
import type { Journey } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { EN } from '../i18n/en.ts';
import { fateWord } from './parts.ts';

/** The script step by step, with what became of each; then what the file expects. */
export function scriptPanel(context: Context): TemplateResult {
  const { run } = context;
  return html`
    <section class="panel script" aria-labelledby="script-title">
      <h2 id="script-title">${EN.panels.script}</h2>
      <ol class="steps">
        ${run.data.steps.map((_, step) => stepRow(context, step))}
      </ol>
      ${expectations(context)} ${sources(context)}
    </section>
  `;
}

/** Messages of a step, in order. */
const journeysOf = ({ run }: Context, step: number): readonly Journey[] =>
  run.data.film.journeys.filter(({ id }) => run.data.film.stepOf[id] === step);

const SHOWN_MAX = 3;

function stepRow(context: Context, step: number): TemplateResult {
  const { run, state, actions } = context;
  const { text, label, realm, line } = run.data.steps[step];
  const start = run.stepStart[step];
  const current = run.data.film.stepOf[state.place.seq] === step;
  const journeys = journeysOf(context, step);
  const guest = realm === run.data.machine.realms[0].name ? '' : realm;
  return html`
    <li class=${current ? 'current' : ''}>
      <button
        type="button"
        ?disabled=${start < 0}
        aria-current=${current ? 'step' : nothing}
        title="${run.data.steps[step].file}:${line}"
        @click=${() => actions.goTo(start)}
      >
        <span class="step-text">${text}</span>
        ${guest ? html`<span class="tag">${guest}</span>` : nothing}
        ${label ? html`<span class="tag label">${label}</span>` : nothing}
        ${start < 0 ? html`<span class="tag">${EN.panels.notReached}</span>` : nothing}
      </button>
      ${
        journeys.length > 0
          ? html`<span class="fates">
              ${journeys
                .slice(0, SHOWN_MAX)
                .map(({ fate, fateSeq }) =>
                  fateSeq <= state.place.seq ? fateWord(fate) : nothing,
                )}
              ${journeys.length > SHOWN_MAX ? `× ${journeys.length}` : nothing}
            </span>`
          : nothing
      }
    </li>
  `;
}

function expectations({ run }: Context): TemplateResult | typeof nothing {
  const { verdict, data } = run;
  if (!run.complete) return nothing;
  const { isolated, works } = verdict ?? data;
  return html`
    <h3>${verdict ? EN.panels.expect : EN.panels.outcome}</h3>
    <p class="verdict">
      <span class="tag ${isolated ? 'good' : 'bad'}">
        ${isolated ? EN.panels.isolated : EN.panels.notIsolated}
      </span>
      <span class="tag ${works ? 'good' : 'bad'}">
        ${works ? EN.panels.works : EN.panels.worksNot}
      </span>
    </p>
    <ul class="expectations">
      ${verdict?.asserts.map(
        ({ text, pass, found }) => html`
          <li class=${pass ? 'pass' : 'fail'}>
            <span aria-hidden="true">${pass ? '✓' : '✗'}</span> ${readable(text)}
            <span class="quiet">${pass ? EN.panels.pass : `${EN.panels.fail}: ${found}`}</span>
          </li>
        `,
      )}
    </ul>
  `;
}

/** The JSON of a demand as people read it: no braces and quotes, vectors in hexadecimal. */
export const readable = (text: string): string =>
  text
    .replaceAll(/"vector":(\d+)/g, (_, n: string) => `vector 0x${Number(n).toString(16)}`)
    .replaceAll(/[{}"]/g, '')
    .replaceAll(/([a-zA-Z]):(?! )/g, '$1 ')
    .replaceAll(',', ', ');

const sources = ({ run }: Context): TemplateResult | typeof nothing =>
  run.data.refs.length === 0
    ? nothing
    : html`
        <h3>${EN.panels.sources}</h3>
        <ul class="sources">
          ${run.data.refs.map(ref => html`<li>${ref}</li>`)}
        </ul>
      `;
