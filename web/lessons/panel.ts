import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import type { Context } from '../app/context.ts';
import { LESSONS } from '../i18n/en-lessons.ts';
import { answers } from './answers.ts';
import { questionForm } from './ask.ts';
import type { Desk } from './desk.ts';
import { result } from './result.ts';
import { nextAfter } from './sheets.ts';
import { taskForm } from './task.ts';
import { paragraphs } from './terms.ts';

/** What a task does with a text. */
export interface Tries {
  readonly try: (text: string) => void;
}

/** A lesson beside the picture: its text, its question, and what is said about the answer. */
export function lessonPanel(context: Context, desk: Desk, tries: Tries): TemplateResult {
  const { state } = context;
  const { lesson, phase } = state.lesson;
  return html`
    <section
      class="panel lesson ${state.presenting ? 'presenting' : ''}"
      aria-labelledby="part-title"
    >
      ${
        phase === 'failed'
          ? html`<p role="alert">${LESSONS.failed}</p>`
          : lesson
            ? keyed(`${lesson.name} ${state.place.part}`, partOf(context, desk, tries))
            : html`<p class="quiet">${LESSONS.loading}</p>`
      }
    </section>
  `;
}

function partOf(context: Context, desk: Desk, tries: Tries): TemplateResult {
  const { state, actions } = context;
  const { lesson, part, phase } = state.lesson;
  const { part: at } = state.place;
  return html`
    <p class="lesson-of">
      <a class="quiet" href="#1;page=lessons">${LESSONS.title}</a>
      <span class="quiet">${LESSONS.partOf(at, lesson?.parts.length ?? at)}</span>
      <button type="button" class="link leave" @click=${() => actions.goToPart(0)}>
        ${LESSONS.leave}
      </button>
    </p>
    ${partList(context)}
    <h2 id="part-title" tabindex="-1">${lesson?.parts[at - 1]?.title}</h2>
    ${
      part && phase !== 'loading'
        ? html`
            <div class="lesson-text">${paragraphs(part.text, 'text')}</div>
            ${
              part.question?.kind === 'repair'
                ? taskForm(context, desk, { part, question: part.question, tries })
                : part.question
                  ? questionForm(context, desk, { part, question: part.question })
                  : nothing
            }
            ${result(context, desk)}
          `
        : html`<p class="quiet">${LESSONS.loading}</p>`
    }
    ${turning(context)} ${script(context)}
  `;
}

function partList({ state, actions }: Context): TemplateResult {
  const { lesson } = state.lesson;
  const kept = state.presenting ? {} : (answers()[lesson?.name ?? ''] ?? {});
  return html`
    <nav aria-label=${LESSONS.parts}>
      <ol class="part-list">
        ${lesson?.parts.map(({ title, kind }, i) => {
          const current = i + 1 === state.place.part;
          const done = kept[i + 1] !== undefined;
          const what = kind ? `, ${LESSONS.kinds[kind]}` : '';
          return html`
            <li>
              <button
                type="button"
                class=${done ? 'done' : ''}
                title=${title}
                aria-label="${i + 1}: ${title}${what}${done ? `, ${LESSONS.answered}` : ''}"
                aria-current=${current ? 'step' : nothing}
                @click=${() => actions.goToPart(i + 1)}
              >
                ${i + 1}${done ? html`<span aria-hidden="true">✓</span>` : nothing}
              </button>
            </li>
          `;
        })}
      </ol>
    </nav>
  `;
}

function turning({ state, actions }: Context): TemplateResult {
  const { part } = state.place;
  const { lesson, phase } = state.lesson;
  const isLast = part === lesson?.parts.length;
  const after = isLast ? nextAfter(state.place.scenario) : null;
  const main = phase === 'answered' || state.lesson.tried?.kind === 'done' ? 'main' : '';
  return html`
    <p class="turning">
      <button type="button" ?disabled=${part <= 1} @click=${() => actions.turnPart(-1)}>
        ${LESSONS.back}
      </button>
      ${
        isLast
          ? after
            ? html`<a class="button ${main}" href=${after.href} title=${after.title}>${LESSONS.nextLesson}</a>`
            : html`<a class="button ${main}" href="#1;page=lessons">${LESSONS.last}</a>`
          : html`<button type="button" class=${main} @click=${() => actions.turnPart(1)}>
              ${LESSONS.next}
            </button>`
      }
    </p>
  `;
}

/** The steps of the run, for those who want to look them up. */
function script({ run }: Context): TemplateResult {
  return html`
    <details class="lesson-script">
      <summary>${LESSONS.script}</summary>
      <ol class="steps">
        ${run.data.steps.map(
          ({ text, realm }) => html`
            <li>
              <span class="step-text">${text}</span>
              ${realm === run.data.machine.realms[0].name ? nothing : html`<span class="tag">${realm}</span>`}
            </li>
          `,
        )}
      </ol>
    </details>
  `;
}
