import { html, type TemplateResult } from 'lit-html';
import type { Fate, Role } from '../../src/index.ts';
import type { Actions } from '../app/actions.ts';
import { KEY_COMMANDS } from '../app/keys.ts';
import type { KeyUse, State, Theme } from '../app/state.ts';
import { EN } from '../i18n/en.ts';
import { REFUSED_SHAPE } from '../stage/glyphs.ts';
import { inputValue } from './inputs.ts';
import { fateWord } from './parts.ts';

const FATES: readonly Fate[] = ['delivered', 'blocked', 'misdelivered', 'lost', 'held', 'nothing'];
const ROLES: readonly Role[] = ['alloc', 'compose', 'store', 'use'];
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const KEY_USES: readonly KeyUse[] = ['stage', 'always', 'never'];

/** What the signs and colours of the picture mean. */
export const legend = (): TemplateResult => html`
  <ul class="legend">
    ${ROLES.map(role => html`<li><span class="swatch does-${role}"></span> ${EN.stage.roleNotes[role]}</li>`)}
    <li>${EN.stage.asked}</li>
    <li><s class="mono">0 fee00000:00000021</s> ${EN.stage.struck}</li>
    <li><span class="swatch dashed"></span> ${EN.stage.boundary}</li>
    <li>
      <svg class="fate-sign" viewBox="-12 -12 24 24" width="16" height="16" aria-hidden="true">
        <path class="mark refused" d=${REFUSED_SHAPE}></path>
      </svg>
      ${EN.stage.refusal}
    </li>
    ${FATES.map(fate => html`<li>${fateWord(fate)} – ${EN.fateTexts[fate]}</li>`)}
  </ul>
`;

/** The list of keys and signs, as a dialog. */
export function helpDialog(state: State, actions: Actions): TemplateResult {
  return html`
    <dialog
      class="help"
      aria-labelledby="help-title"
      @close=${() => actions.setDialog('none')}
    >
      <header>
        <h2 id="help-title">${EN.help.title}</h2>
        <button type="button" aria-label=${EN.help.close} @click=${() => actions.setDialog('none')}>
          ×
        </button>
      </header>
      <label class="field">
        ${EN.app.theme}
        <select
          @change=${(event: Event) => {
            const theme = THEMES.find(one => one === inputValue(event));
            if (theme) actions.setTheme(theme);
          }}
        >
          ${THEMES.map(
            theme => html`<option value=${theme} ?selected=${theme === state.theme}>
              ${EN.themes[theme]}
            </option>`,
          )}
        </select>
      </label>
      <h3>${EN.help.signs}</h3>
      ${legend()}
      <h3>${EN.help.keys}</h3>
      <label class="field">
        ${EN.help.use}
        <select
          @change=${(event: Event) => {
            const use = KEY_USES.find(one => one === inputValue(event));
            if (use) actions.setKeys(use);
          }}
        >
          ${KEY_USES.map(
            use =>
              html`<option value=${use} ?selected=${use === state.keys}>${EN.keyUses[use]}</option>`,
          )}
        </select>
      </label>
      <table class="keys">
        <tbody>
          ${KEY_COMMANDS.map(
            ({ keys, text }) => html`
              <tr>
                <th scope="row">${keys.map(key => html`<kbd>${key}</kbd> `)}</th>
                <td>${text}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <p class="quiet">${EN.help.reset}</p>
    </dialog>
  `;
}
