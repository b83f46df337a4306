import { html, nothing, type TemplateResult } from 'lit-html';
import type { Choice, Given, Question } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { LESSONS } from '../i18n/en-lessons.ts';
import type { Desk } from './desk.ts';
import { FATES } from './fates.ts';
import { paragraphs } from './terms.ts';

/** What is said once the question is answered, and while the run shows it. */
export function result({ state, run }: Context, desk: Desk): TemplateResult {
  const { phase, judgement, part, given, lesson } = state.lesson;
  const question = part?.question ?? null;
  const told =
    phase === 'answered' && judgement && question && question.kind !== 'repair'
      ? html`
          <p class="judgement ${judgement.right ? 'good' : ''}">
            <strong>
              ${given.length === 0 ? LESSONS.shown : judgement.right ? LESSONS.right : LESSONS.wrong}
            </strong>
            ${judgement.said}
          </p>
          ${
            judgement.right
              ? nothing
              : html`<p class="answer">
                  ${given.length === 0 ? nothing : LESSONS.answer}
                  <strong>${answerText(question, judgement.answer)}</strong>
                </p>`
          }
          ${paragraphs(judgement.explain, 'explain')}
          ${run.data.trace[judgement.seq] ? html`<p class="quiet">${LESSONS.why}</p>` : nothing}
          ${
            lesson && lesson.rolls > 1
              ? html`<button type="button" class="link" @click=${desk.again}>${LESSONS.again}</button>`
              : nothing
          }
        `
      : nothing;
  return html`
    ${
      phase === 'playing'
        ? html`<p class="film">
            ${LESSONS.watch}
            <button type="button" class="link" @click=${desk.skip}>${LESSONS.skip}</button>
          </p>`
        : nothing
    }
    <div class="result" role="status" tabindex="-1">${told}</div>
  `;
}

const textIn = (choices: readonly Choice[], key: string): string =>
  choices.find(choice => choice.key === key)?.text ?? key;

/** An answer in words. */
export function answerText(question: Question, answer: Given): string {
  const [first = '', second = ''] = answer;
  switch (question.kind) {
    case 'choose':
    case 'component':
      return textIn(question.choices, first);
    case 'field':
      return question.choices.find(({ key }) => key === first)?.text ?? first;
    case 'order':
      return answer.map(key => textIn(question.choices, key)).join(' → ');
    case 'verdict': {
      const fate = FATES.find(one => one === first);
      return `${fate ? LESSONS.fateWord(fate) : first}. ${textIn(question.reasons, second)}.`;
    }
    case 'roles':
      return question.places
        .map(({ text }, i) => {
          const roles = question.choices.find(({ key }) => key === answer[i])?.roles ?? [];
          return `${text}: ${LESSONS.roles(roles)}`;
        })
        .join('; ');
    case 'fill':
    case 'repair':
      return first;
  }
}
