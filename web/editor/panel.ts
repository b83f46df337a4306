import { html, nothing, type TemplateResult } from 'lit-html';
import type { Problem } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { EN } from '../i18n/en.ts';
import { problemsOf } from './host.ts';

/** The text of the scenario, and what the loader says of it. */
export function editorPanel(context: Omit<Context, 'run'>): TemplateResult {
  const { actions, late, text, state } = context;
  const { editor } = EN;
  const source = text.source();
  const changed = source?.text !== text.original();
  return html`
    <section class="panel editor" aria-labelledby="editor-title">
      <header class="editor-head">
        <h2 id="editor-title">${editor.title}</h2>
        <button type="button" aria-label=${editor.close} @click=${actions.toggleEditor}>×</button>
      </header>
      <p class="editor-buttons">
        ${fileButton(actions.openFile)}
        <button type="button" @click=${actions.saveFile}>${editor.save}</button>
        ${
          text.original() === null
            ? nothing
            : html`<button type="button" ?disabled=${!changed} @click=${actions.discardEdits}>
                ${editor.discard}
              </button>`
        }
      </p>
      ${
        late.editor.failed()
          ? html`
              <p class="quiet">${editor.plain}</p>
              <textarea class="code plain-code" aria-label=${editor.text} spellcheck="false"></textarea>
            `
          : html`<div class="code">${late.editor.get() ? nothing : editor.loading}</div>`
      }
      <div class="editor-foot" role="status">${verdictOn(context, state)}</div>
    </section>
  `;
}

/** Opens a file of the user’s own. */
export const fileButton = (
  open: (file: File) => void,
  label: string = EN.editor.openFile,
): TemplateResult => html`
  <label class="file-button">
    ${label}
    <input
      type="file"
      accept=".yaml,.yml,application/yaml,text/yaml"
      @change=${({ target }: Event) => {
        if (!(target instanceof HTMLInputElement)) return;
        const file = target.files?.[0];
        target.value = '';
        if (file) open(file);
      }}
    />
  </label>
`;

/** Whether the text can be run, and if not, what is wrong and where. */
function verdictOn(
  { actions, text }: Omit<Context, 'run'>,
  state: Context['state'],
): TemplateResult {
  const { load } = state;
  const { editor } = EN;
  if (load.kind === 'loading') return html`<p class="quiet">${editor.running}</p>`;
  if (load.kind === 'crash')
    return html`<p class="bad">${editor.crashed} ${load.message}</p><p>${editor.lastGood}</p>`;
  const problems = load.kind === 'problems' ? load.problems : problemsOf(state, text);
  const mistakes = problems.filter(({ severity }) => severity === 'error').length;
  const title = mistakes > 0 ? editor.mistakes(mistakes) : editor.warnings(problems.length);
  if (problems.length === 0) return html`<p>${editor.fine}</p>`;
  return html`
    <p class=${mistakes > 0 ? 'bad' : ''}>${title}</p>
    <ul class="editor-problems">
      ${problems.map(problem => problemRow(problem, text.source()?.file ?? '', actions.goToLine))}
    </ul>
    ${mistakes > 0 ? html`<p class="quiet">${editor.lastGood}</p>` : nothing}
  `;
}

const problemRow = (
  { at, message, hint, severity }: Problem,
  file: string,
  go: (line: number, column: number) => void,
): TemplateResult => html`
  <li class=${severity}>
    ${
      at.file === file
        ? html`<button type="button" class="link" @click=${() => go(at.line, at.column)}>
            ${EN.editor.line(at.line, at.column)}
          </button>`
        : html`<code>${at.file}:${at.line}:${at.column}</code>`
    }
    ${message}${hint ? ` – ${hint}` : ''}
  </li>
`;
