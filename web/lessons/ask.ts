import { html, nothing, type TemplateResult } from 'lit-html';
import type { Choice, Question, ShownPart } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { LESSONS } from '../i18n/en-lessons.ts';
import { inputValue } from '../panels/inputs.ts';
import { fateSign } from '../panels/parts.ts';
import { bitChoices } from './ask-bits.ts';
import { orderList } from './ask-order.ts';
import type { Desk } from './desk.ts';
import { FATES } from './fates.ts';

/** A question of any kind but a task. */
export type Asked = Exclude<Question, { kind: 'repair' }>;

/** What the parts of a form need. */
export interface Form {
  readonly question: Asked;
  readonly given: readonly string[];
  /** It is answered: nothing can be chosen any more. */
  readonly closed: boolean;
  readonly choose: (given: readonly string[]) => void;
}

/** The question with what can be answered. */
export function questionForm(
  { state }: Context,
  desk: Desk,
  { part, question }: { readonly part: ShownPart; readonly question: Asked },
): TemplateResult {
  const { phase, given } = state.lesson;
  const form: Form = { question, given, closed: phase !== 'asking', choose: desk.choose };
  const submit = (event: Event): void => {
    event.preventDefault();
    desk.answer(given);
  };
  return html`
    <form class="question" @submit=${submit}>
      <fieldset ?disabled=${form.closed}>
        <legend>${part.asks}</legend>
        ${answersOf(form)}
      </fieldset>
      ${
        form.closed
          ? nothing
          : html`
              <p class="commit">
                ${
                  state.presenting
                    ? html`<span class="quiet">${LESSONS.hidden}</span>`
                    : html`<button type="submit" class="main" ?disabled=${!isComplete(form)}>
                        ${LESSONS.check}
                      </button>`
                }
                <button type="button" class="link" @click=${() => desk.answer(null)}>
                  ${LESSONS.showMe}
                </button>
              </p>
            `
      }
    </form>
  `;
}

function isComplete({ question, given }: Form): boolean {
  if (question.kind === 'roles') return given.length > 0 && given.every(key => key !== '');
  if (question.kind === 'verdict') return given[0] !== '' && given[1] !== '';
  return (given[0] ?? '').trim() !== '';
}

function answersOf(form: Form): TemplateResult {
  const { question, given, choose } = form;
  switch (question.kind) {
    case 'choose':
      return radios('choice', {
        choices: question.choices,
        chosen: given[0],
        choose: key => choose([key]),
      });
    case 'component':
      return html`
        <p class="quiet">${LESSONS.chooseHere}</p>
        ${radios('choice', { choices: question.choices, chosen: given[0], choose: key => choose([key]) })}
      `;
    case 'field':
      return bitChoices(form, question);
    case 'fill':
      return html`
        <label class="fill">
          ${LESSONS[question.as]}
          <input
            type="text"
            name="number"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            size="14"
            .value=${given[0] ?? ''}
            @input=${(event: Event) => choose([inputValue(event)])}
          />
        </label>
      `;
    case 'roles':
      return roleSelects(form, question);
    case 'order':
      return orderList(form, question.choices);
    case 'verdict':
      return verdict(form, question);
  }
}

/** One of several, as buttons of which one can be on. */
export const radios = (
  name: string,
  at: {
    readonly choices: readonly Choice[];
    readonly chosen: string | undefined;
    readonly choose: (key: string) => void;
  },
): TemplateResult => html`
  <ul class="choices ${name === 'field' ? 'field-choices' : ''}">
    ${at.choices.map(
      ({ key, text }) => html`
        <li>
          <label>
            <input
              type="radio"
              name=${name}
              value=${key}
              .checked=${key === at.chosen}
              @change=${() => at.choose(key)}
            />
            <span>${text}</span>
          </label>
        </li>
      `,
    )}
  </ul>
`;

function roleSelects(
  { given, choose }: Form,
  { places, choices }: Extract<Question, { kind: 'roles' }>,
): TemplateResult {
  const set = (at: number, key: string): void =>
    choose(places.map((_, i) => (i === at ? key : (given[i] ?? ''))));
  return html`
    <ul class="role-list">
      ${places.map(
        ({ text }, i) => html`
          <li>
            <label>
              <span>${text}</span>
              <select
                aria-label=${LESSONS.role(text)}
                @change=${(event: Event) => set(i, inputValue(event))}
              >
                <option value="" ?selected=${(given[i] ?? '') === ''}>${LESSONS.roleNone}</option>
                ${choices.map(
                  ({ key, roles }) => html`
                    <option value=${key} ?selected=${given[i] === key}>${LESSONS.roles(roles)}</option>
                  `,
                )}
              </select>
            </label>
          </li>
        `,
      )}
    </ul>
  `;
}

function verdict(
  { given, choose }: Form,
  { choices, reasons }: Extract<Question, { kind: 'verdict' }>,
): TemplateResult {
  const [fate = '', reason = ''] = given;
  return html`
    <fieldset class="inner">
      <legend>${LESSONS.fate}</legend>
      <ul class="choices fates">
        ${FATES.filter(one => choices.includes(one)).map(
          one => html`
            <li>
              <label>
                <input
                  type="radio"
                  name="fate"
                  value=${one}
                  .checked=${one === fate}
                  @change=${() => choose([one, reason])}
                />
                ${fateSign(one)} <span>${LESSONS.fateWord(one)}</span>
              </label>
            </li>
          `,
        )}
      </ul>
    </fieldset>
    <fieldset class="inner">
      <legend>${LESSONS.reason}</legend>
      ${radios('reason', { choices: reasons, chosen: reason, choose: key => choose([fate, key]) })}
    </fieldset>
  `;
}
