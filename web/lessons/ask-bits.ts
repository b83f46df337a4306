import { html, type TemplateResult } from 'lit-html';
import type { Question } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { LESSONS } from '../i18n/en-lessons.ts';
import { type Form, radios } from './ask.ts';

const WORD_BITS = 32;
const NIBBLE = 4;

/** Bits without what they mean: those of a field are chosen together. */
export function bitChoices(
  { given, choose, closed }: Form,
  question: Extract<Question, { kind: 'field' }>,
): TemplateResult {
  const { words, choices } = question;
  const [chosen = ''] = given;
  const owner = new Map(choices.flatMap(({ key, bits }) => bits.map(bit => [bit, key] as const)));
  const names = namesOf(question);
  const rows = words.map((word, w) => ({ word, w })).reverse();
  return html`
    <p class="quiet">${LESSONS.chooseBits}</p>
    <div class="bit-rows ask-bits" aria-hidden="true">
      ${rows.map(
        ({ word, w }) => html`
          <p class="quiet word-name">${names[w]}</p>
          <div class="bit-row">
            ${Array.from({ length: WORD_BITS / NIBBLE }, (_, n) =>
              nibble({ word, top: w * WORD_BITS + WORD_BITS - 1 - n * NIBBLE }),
            )}
          </div>
        `,
      )}
    </div>
    ${radios('field', { choices, chosen, choose: key => choose([key]) })}
  `;

  function nibble({ word, top }: { readonly word: number; readonly top: number }): TemplateResult {
    const digit = (word >>> ((top - 3) % WORD_BITS)) & 15;
    return html`
      <span class="nibble">
        <span class="digit">${digit.toString(16)}</span>
        ${[top, top - 1, top - 2, top - 3].map(bit => {
          const key = owner.get(bit);
          const value = (word >>> (bit % WORD_BITS)) & 1;
          const look = `bit ${value ? 'one' : ''} ${key && key === chosen ? 'chosen' : ''}`;
          return html`<span
            class=${look}
            data-bit=${bit}
            @click=${() => key && !closed && choose([key])}
            >${value}</span
          >`;
        })}
      </span>
    `;
  }
}

/** What the words are called, lowest first. */
function namesOf({ words, subject }: Extract<Question, { kind: 'field' }>): readonly string[] {
  if (subject === 'message') return EN.bits.messageWords;
  return words.map((_, w) => EN.bits.word(w * WORD_BITS + WORD_BITS - 1, w * WORD_BITS));
}
