import { html, type TemplateResult } from 'lit-html';
import type { Actions } from '../app/actions.ts';
import { SPEEDS, type State } from '../app/state.ts';
import { EN } from '../i18n/en.ts';
import { type Icon, icon } from '../panels/icons.ts';
import { inputValue } from '../panels/inputs.ts';

/** A button of a time bar. */
export interface Command {
  readonly name: string;
  readonly sign: Icon;
  readonly act: () => void;
  readonly disabled?: boolean;
  /** Left out where there is little room. */
  readonly wide?: true;
}

export const commandButton = ({ name, sign, act, disabled, wide }: Command): TemplateResult => html`
  <button type="button" class=${wide ? 'wide' : ''} title=${name} aria-label=${name} ?disabled=${disabled} @click=${act}>
    ${icon(sign)}
  </button>
`;

/** Plays and pauses. */
export function playButton({ playing }: State, { togglePlay }: Actions): TemplateResult {
  const name = playing ? EN.time.pause : EN.time.play;
  return html`
    <button type="button" class="play" aria-label=${name} title=${name} @click=${togglePlay}>
      ${icon(playing ? 'pause' : 'play')}
      <span class="wide">${name}</span>
    </button>
  `;
}

/** The field that says how fast is played. */
export const speedField = (state: State, { setSpeed }: Actions): TemplateResult => html`
  <label class="speed">
    <span>${EN.time.speed}</span>
    <select @change=${(event: Event) => setSpeed(Number(inputValue(event)))}>
      ${SPEEDS.map(
        speed => html`<option value=${speed} ?selected=${speed === state.speed}>
          ${EN.time.times(speed)}
        </option>`,
      )}
    </select>
  </label>
`;
