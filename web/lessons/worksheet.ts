import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Judgement, Question, ShownLesson, ShownPart } from '../../src/index.ts';
import { LESSONS as LIST, sourceOf } from '../app/scenarios.ts';
import { LESSONS } from '../i18n/en-lessons.ts';
import type { Client } from '../worker/client.ts';
import type { LessonReply, Source } from '../worker/protocol.ts';
import { FATES } from './fates.ts';
import { answerText } from './result.ts';

/** A part on paper; no judgement where no answers are wanted, or nothing is asked. */
interface PaperPart {
  readonly part: ShownPart;
  readonly judgement: Judgement | null;
}

interface PaperLesson {
  readonly lesson: ShownLesson;
  readonly parts: readonly PaperPart[];
}

/** Prints all lessons as sheets to fill in, with the answers on sheets of their own at the end. */
export async function printWorksheets(client: Client, withAnswers: boolean): Promise<void> {
  document.querySelector('.print-sheet')?.remove();
  const sheet = document.createElement('div');
  sheet.className = 'print-sheet worksheets';
  sheet.dataset.state = 'coming';
  document.body.append(sheet);
  const lessons: PaperLesson[] = [];
  for (const { id } of LIST) lessons.push(await lessonOf(client, await sourceOf(id), withAnswers));
  render(html`${lessons.map(lessonSheet)}${withAnswers ? answerSheet(lessons) : nothing}`, sheet);
  document.documentElement.classList.add('printing');
  sheet.dataset.state = 'ready';
  const leave = (): void => {
    document.documentElement.classList.remove('printing');
    sheet.remove();
  };
  addEventListener('afterprint', leave, { once: true });
  window.print();
}

async function lessonOf(
  client: Client,
  source: Source,
  withAnswers: boolean,
): Promise<PaperLesson> {
  const ask = (part: number, want: 'part' | 'judgement'): Promise<LessonReply> =>
    new Promise(resolve => {
      client.askLesson({ source, lesson: { part, roll: 0, want, given: null } }, resolve);
    });
  const parts: PaperPart[] = [];
  let lesson: ShownLesson | null = null;
  for (let i = 0; lesson === null || i < lesson.parts.length; i++) {
    const reply = await ask(i, 'part');
    if (reply.kind !== 'part') throw new Error('a lesson can’t be read');
    lesson = reply.lesson;
    const { question } = reply.part;
    const asks = withAnswers && question !== null && question.kind !== 'repair';
    const judged = asks ? await ask(i, 'judgement') : null;
    const judgement = judged?.kind === 'judgement' ? judged.judgement : null;
    parts.push({ part: reply.part, judgement });
  }
  return { lesson, parts };
}

const lessonSheet = ({ lesson, parts }: PaperLesson): TemplateResult => html`
  <section class="worksheet">
    <h1>${lesson.title}</h1>
    <p>${lesson.goal}</p>
    <ol>
      ${parts.map(
        ({ part }) => html`
          <li>
            <h2>${part.title}</h2>
            ${part.text.split(/\n\s*\n/).map(text => html`<p>${text}</p>`)}
            <p><strong>${part.asks}</strong></p>
            ${part.question ? blanks(part.question) : nothing}
          </li>
        `,
      )}
    </ol>
  </section>
`;

const boxes = (texts: readonly string[]): TemplateResult => html`
  <ul class="boxes">
    ${texts.map(text => html`<li>☐ ${text}</li>`)}
  </ul>
`;

/** Where answers are written. */
function blanks(question: Question): TemplateResult {
  const line = html`<p class="line"></p>`;
  switch (question.kind) {
    case 'choose':
    case 'component':
    case 'field':
      return boxes(question.choices.map(({ text }) => text));
    case 'order':
      return html`<ul class="boxes">
        ${question.choices.map(({ text }) => html`<li>___ ${text}</li>`)}
      </ul>`;
    case 'roles':
      return html`<ul class="boxes">
        ${question.places.map(({ text }) => html`<li>${text}: ______________</li>`)}
      </ul>`;
    case 'verdict':
      return html`
        ${boxes(FATES.map(LESSONS.fateWord))} ${boxes(question.reasons.map(({ text }) => text))}
      `;
    case 'fill':
      return line;
    case 'repair':
      return html`<p>${LESSONS.worksheetTask}</p>
        <pre>${question.text}</pre>`;
  }
}

const answerSheet = (lessons: readonly PaperLesson[]): TemplateResult => html`
  <section class="worksheet answers">
    <h1>${LESSONS.worksheetKey}</h1>
    ${lessons.map(
      ({ lesson, parts }) => html`
        <h2>${lesson.title}</h2>
        <ol>
          ${parts.map(
            ({ part: { title, question }, judgement }) => html`
              <li>
                ${title}:
                ${question && judgement ? html`<strong>${answerText(question, judgement.answer)}</strong>` : '–'}
              </li>
            `,
          )}
        </ol>
      `,
    )}
  </section>
`;
