import { html, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Choice } from '../../src/index.ts';
import { LESSONS } from '../i18n/en-lessons.ts';
import type { Form } from './ask.ts';

/** Things to put in order: each goes up or down by a button. */
export function orderList({ given, choose }: Form, choices: readonly Choice[]): TemplateResult {
  const items = given.flatMap(key => choices.filter(choice => choice.key === key));
  const swap = (event: Event, from: number, to: number): void => {
    const order = [...given];
    [order[from], order[to]] = [order[to], order[from]];
    choose(order);
    keepFocus(event);
  };
  return html`
    <ol class="order">
      ${repeat(
        items,
        ({ key }) => key,
        ({ text }, i) => html`
          <li>
            <span class="order-text">${text}</span>
            <button
              type="button"
              aria-label=${LESSONS.up(text)}
              ?disabled=${i === 0}
              @click=${(event: Event) => swap(event, i, i - 1)}
            >
              ↑
            </button>
            <button
              type="button"
              aria-label=${LESSONS.down(text)}
              ?disabled=${i === items.length - 1}
              @click=${(event: Event) => swap(event, i, i + 1)}
            >
              ↓
            </button>
          </li>
        `,
      )}
    </ol>
  `;
}

/** The item that moved keeps the focus: its other button where the one used can go no further. */
function keepFocus({ currentTarget }: Event): void {
  if (!(currentTarget instanceof HTMLButtonElement)) return;
  const item = currentTarget.closest('li');
  requestAnimationFrame(() => {
    const [up, down] = item?.querySelectorAll('button') ?? [];
    const wanted = currentTarget.disabled ? (currentTarget === up ? down : up) : currentTarget;
    wanted?.focus();
  });
}
