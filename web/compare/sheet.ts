import { html, nothing, type TemplateResult } from 'lit-html';
import { SCENARIOS } from '../app/scenarios.ts';
import { COMPARE, PAIRS } from '../i18n/en-compare.ts';

/** Pairs worth a look, and how to compare a run of one’s own. */
export const pairsSheet = (): TemplateResult => html`
    <main id="main" class="sheet" tabindex="-1">
      <h2>${COMPARE.sheetTitle}</h2>
      <p>${COMPARE.sheetIntro}</p>
      ${
        SCENARIOS.length > 0
          ? html`
              <h3>${COMPARE.sheetPairs}</h3>
              <ul class="cards">
                ${PAIRS.map(
                  ({ text, note, hash }) => html`
                    <li>
                      <a href=${hash}><strong>${text}</strong> <span>${note}</span></a>
                    </li>
                  `,
                )}
              </ul>
            `
          : nothing
      }
      <p class="quiet">${COMPARE.sheetHow}</p>
    </main>
  `;
