import { html, nothing, type TemplateResult } from 'lit-html';
import { ATTEMPT_FILE, type Problem, type Question, type ShownPart } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { LESSONS } from '../i18n/en-lessons.ts';
import { readable } from '../panels/script.ts';
import type { Desk } from './desk.ts';
import type { Tries } from './panel.ts';
import type { TriedOut } from './state.ts';
import { paragraphs } from './terms.ts';

/** A task: a part of the scenario to change, and what came of it. */
export function taskForm(
  { state }: Context,
  desk: Desk,
  at: {
    readonly part: ShownPart;
    readonly question: Extract<Question, { kind: 'repair' }>;
    readonly tries: Tries;
  },
): TemplateResult {
  const { given, hint, tried, judgement } = state.lesson;
  const { part, question, tries } = at;
  const [text = question.text] = given;
  const submit = (event: Event): void => {
    event.preventDefault();
    tries.try(text);
  };
  const input = ({ target }: Event): void => {
    if (target instanceof HTMLTextAreaElement) desk.choose([target.value]);
  };
  return html`
    <form class="question task" @submit=${submit}>
      <p class="asks">${part.asks}</p>
      <label>
        <span class="quiet">${LESSONS.task}</span>
        <textarea
          class="mono"
          rows=${Math.min(16, text.split('\n').length + 1)}
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          .value=${text}
          @input=${input}
        ></textarea>
      </label>
      <p class="commit">
        <button type="submit" class="main">${LESSONS.run}</button>
        ${
          question.hint && !hint
            ? html`<button type="button" class="link" @click=${desk.showHint}>${LESSONS.hint}</button>`
            : nothing
        }
        <button type="button" class="link" @click=${desk.showSolution}>${LESSONS.solution}</button>
      </p>
      ${hint ? html`<p class="hint">${question.hint}</p>` : nothing}
    </form>
    <div class="result task-result" role="status" tabindex="-1">
      ${tried ? triedOut(tried) : nothing}
      ${tried?.kind === 'done' && judgement ? paragraphs(judgement.explain, 'explain') : nothing}
    </div>
  `;
}

function triedOut({ kind, problems, missing }: TriedOut): TemplateResult {
  switch (kind) {
    case 'running':
      return html`<p class="quiet">${LESSONS.running}</p>`;
    case 'done':
      return html`<p class="judgement good"><strong>${LESSONS.reached}</strong></p>`;
    case 'problems':
      return html`
        <p class="judgement"><strong>${LESSONS.cantRun}</strong></p>
        <ul class="tried">
          ${problems.map(problemLine)}
        </ul>
      `;
    case 'missed':
      return html`
        <p class="judgement"><strong>${LESSONS.notReached}</strong></p>
        <ul class="tried">
          ${missing.map(({ text, found }) => html`<li>${readable(text)}: ${found}</li>`)}
        </ul>
      `;
  }
}

const problemLine = ({ at, message, hint }: Problem): TemplateResult => html`
  <li>
    <code>${at.file === ATTEMPT_FILE ? `${at.line}:${at.column}` : LESSONS.goal}</code>
    ${message}${hint ? ` – ${hint}` : ''}
  </li>
`;
