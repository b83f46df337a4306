import { html, nothing, type TemplateResult } from 'lit-html';
import type { Problem } from '../../src/index.ts';
import type { Actions } from '../app/actions.ts';
import type { LoadedRun } from '../app/runs.ts';
import type { State } from '../app/state.ts';
import { EN } from '../i18n/en.ts';

/** What went wrong; the last good picture stays below. The open editor tells of its text itself. */
export function troubles(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { load, editor } = state;
  if (load.kind === 'link') {
    const [title, text] = EN.link.troubles[load.why];
    return trouble(title, html`<p>${text}</p>`);
  }
  if (editor) return nothing;
  if (load.kind === 'crash') return trouble(EN.problems.crash, html`<p>${load.message}</p>`);
  if (load.kind !== 'problems') return nothing;
  return trouble(
    EN.problems.title,
    html`
      <ul>
        ${load.problems.map(problemRow)}
      </ul>
      <button type="button" @click=${actions.toggleEditor}>${EN.editor.openText}</button>
    `,
  );
}

const trouble = (title: string, content: TemplateResult): TemplateResult => html`
  <div class="trouble" role="alert">
    <h2>${title}</h2>
    ${content}
  </div>
`;

const problemRow = ({ at, message, hint }: Problem): TemplateResult => html`
  <li><code>${at.file}:${at.line}:${at.column}</code> ${message}${hint ? ` – ${hint}` : ''}</li>
`;

/** The run is another than when the link was made. */
export function driftBanner(
  { drift }: State,
  run: LoadedRun,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (!drift) return nothing;
  const { link } = EN;
  const { step } = drift;
  const start = step === null ? -1 : (run.stepStart[step] ?? -1);
  return html`
    <div class="drift" role="status">
      <p>
        ${link.drift} ${step === null ? link.driftSomewhere : link.driftFrom(step + 1)}
      </p>
      ${
        step === null || start < 0
          ? nothing
          : html`<button type="button" @click=${() => actions.goTo(start)}>
              ${link.goTo(step + 1)}
            </button>`
      }
      <button type="button" @click=${actions.acceptDrift}>${link.accept}</button>
    </div>
  `;
}
