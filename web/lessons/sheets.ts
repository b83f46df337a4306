import { html, type TemplateResult } from 'lit-html';
import type { Context } from '../app/context.ts';
import { download } from '../app/download.ts';
import { LESSONS as LIST } from '../app/scenarios.ts';
import { fileButton } from '../editor/panel.ts';
import { LESSONS } from '../i18n/en-lessons.ts';
import { answeredIn, answersText, forgetAnswers } from './answers.ts';
import { glossary } from './terms.ts';

/** What the list of lessons can have done. */
export interface ListTools {
  /** Prints a sheet of paper for every lesson. */
  readonly print: (withAnswers: boolean) => void;
  readonly forgotten: () => void;
}

/** Link to a part of a lesson, from 1. */
const hrefOf = (id: string, part: number): string => `#1;s=${id};lesson=${part}`;

/** The lesson after one; null after the last, and after one that is not shipped. */
export function nextAfter(id: string): { readonly title: string; readonly href: string } | null {
  const at = LIST.findIndex(lesson => lesson.id === id);
  const next = at < 0 ? undefined : LIST[at + 1];
  return next ? { title: next.title, href: hrefOf(next.id, 1) } : null;
}

/** All lessons, or all terms. */
export function sheet(context: Omit<Context, 'run'>, tools: ListTools): TemplateResult {
  if (context.state.place.sheet === 'glossary')
    return html`
      <main id="main" class="sheet" tabindex="-1">
        <h2>${LESSONS.glossary}</h2>
        <p class="quiet">${LESSONS.glossaryIntro} <a href="#1;page=lessons">${LESSONS.title}</a></p>
        ${glossary()}
      </main>
    `;
  return lessonList(context, tools);
}

function lessonList(context: Omit<Context, 'run'>, tools: ListTools): TemplateResult {
  const { state, actions } = context;
  return html`
    <main id="main" class="sheet lessons" tabindex="-1">
      <h2>${LESSONS.title}</h2>
      <p class="quiet">${LESSONS.intro} <a href="#1;page=glossary">${LESSONS.glossary}</a></p>
      <ol class="lesson-list">
        ${LIST.map(lesson => {
          const done = state.presenting ? 0 : answeredIn(lesson.name);
          return html`
            <li>
              <a href=${hrefOf(lesson.id, 1)}>
                <span class="quiet">${LESSONS.lesson(lesson.order)}</span>
                <strong>${lesson.title}</strong>
                <span>${lesson.goal}</span>
                <span class="quiet">${LESSONS.progress(done, lesson.parts)}</span>
              </a>
            </li>
          `;
        })}
      </ol>
      <p class="lesson-tools">
        ${LESSONS.keep}
        <button
          type="button"
          @click=${() => download(new Blob([answersText()], { type: 'application/json' }), 'irqscope-answers.json')}
        >
          ${LESSONS.save}
        </button>
        <button
          type="button"
          @click=${() => {
            forgetAnswers();
            tools.forgotten();
          }}
        >
          ${LESSONS.forget}
        </button>
      </p>
      <h3>${LESSONS.teachers}</h3>
      <p>
        <label class="tick">
          <input
            type="checkbox"
            .checked=${state.presenting}
            @change=${() => actions.setPresenting(!state.presenting)}
          />
          ${LESSONS.presenting}
        </label>
      </p>
      <p class="quiet">${LESSONS.presentingNote}</p>
      <p class="lesson-tools">
        <button type="button" @click=${() => tools.print(false)}>${LESSONS.worksheet}</button>
        <button type="button" @click=${() => tools.print(true)}>
          ${LESSONS.worksheet}, ${LESSONS.worksheetAnswers}
        </button>
        ${fileButton(actions.openFile, LESSONS.open)}
      </p>
      <p class="quiet">${LESSONS.teachersNote}</p>
    </main>
  `;
}
