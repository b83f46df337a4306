import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Context } from '../app/context.ts';
import type { LoadedRun } from '../app/runs.ts';
import { MAIN, SPEEDS, type State } from '../app/state.ts';
import { within } from '../embed/settings.ts';
import { EN } from '../i18n/en.ts';
import { type Icon, icon } from '../panels/icons.ts';
import { inputValue } from '../panels/inputs.ts';
import { branchName } from './branch-name.ts';
import { markers } from './markers.ts';

/** Buttons, the scrubber with its marks, and where we are. */
export function timeBar(context: Context): TemplateResult {
  return html`
    <section class="time" aria-label=${EN.time.label}>
      ${buttons(context)} ${scrubber(context)} ${branches(context)}
    </section>
  `;
}

interface Command {
  readonly name: string;
  readonly sign: Icon;
  readonly act: () => void;
  readonly disabled?: boolean;
  /** Left out where there is little room. */
  readonly wide?: true;
}

const button = ({ name, sign, act, disabled, wide }: Command): TemplateResult => html`
  <button type="button" class=${wide ? 'wide' : ''} title=${name} aria-label=${name} ?disabled=${disabled} @click=${act}>
    ${icon(sign)}
  </button>
`;

function buttons({ state, run, actions }: Context): TemplateResult {
  const { seq } = state.place;
  const [start, end] = endsOf(state.range, run);
  const { time } = EN;
  const atStart = seq <= start;
  const atEnd = seq >= end;
  const hasViolations = run.data.film.violations.length > 0;
  return html`
    <div class="buttons">
      ${button({ name: time.first, sign: 'first', act: actions.first, disabled: atStart, wide: true })}
      ${button({ name: time.back, sign: 'back', act: () => actions.step(-1), disabled: atStart })}
      <button
        type="button"
        class="play"
        aria-label=${state.playing ? time.pause : time.play}
        title=${state.playing ? time.pause : time.play}
        @click=${actions.togglePlay}
      >
        ${icon(state.playing ? 'pause' : 'play')}
        <span class="wide">${state.playing ? time.pause : time.play}</span>
      </button>
      ${button({ name: time.forward, sign: 'forward', act: () => actions.step(1), disabled: atEnd })}
      ${button({ name: time.last, sign: 'last', act: actions.last, disabled: atEnd, wide: true })}
      <span class="group">
        ${button({ name: time.previousVerdict, sign: 'previousVerdict', act: () => actions.verdict(-1) })}
        ${button({ name: time.nextVerdict, sign: 'nextVerdict', act: () => actions.verdict(1) })}
        ${
          hasViolations
            ? html`
                ${button({ name: time.previousViolation, sign: 'previousViolation', act: () => actions.violation(-1) })}
                ${button({ name: time.nextViolation, sign: 'nextViolation', act: () => actions.violation(1) })}
              `
            : nothing
        }
      </span>
      <label class="speed">
        <span>${time.speed}</span>
        <select @change=${(event: Event) => actions.setSpeed(Number(inputValue(event)))}>
          ${SPEEDS.map(
            speed => html`<option value=${speed} ?selected=${speed === state.speed}>
              ${time.times(speed)}
            </option>`,
          )}
        </select>
      </label>
    </div>
  `;
}

/** The first and the last moment that are shown. */
function endsOf(range: State['range'], run: LoadedRun): [number, number] {
  const { length } = run.data.trace;
  return [within(range, length, -1), within(range, length, length - 1)];
}

function scrubber({ state, run, actions }: Context): TemplateResult {
  const { seq } = state.place;
  const { trace, order, end } = run.data;
  const record = trace[seq];
  const [first, last] = endsOf(state.range, run);
  return html`
    <div class="scrubber">
      <div class="track">
        ${markers(run, state.bookmarks)}
        <input
          type="range"
          min=${first}
          max=${last}
          step="1"
          .value=${live(String(seq))}
          aria-label=${EN.time.scrub}
          aria-valuetext=${EN.time.position(seq + 1, trace.length)}
          @input=${(event: Event) => actions.goTo(Number(inputValue(event)))}
        />
      </div>
      <p class="where">
        <label>
          <span class="visually-hidden">${EN.time.goTo}</span>
          <input
            type="number"
            class="goto"
            min="0"
            max=${trace.length}
            .value=${String(seq + 1)}
            @change=${(event: Event) => actions.goTo(Number(inputValue(event)) - 1)}
          />
        </label>
        ${EN.time.position(seq + 1, trace.length).replace(/^\d+ /, '')}
        ${record ? html`<span class="quiet wide">${EN.time.at(record.timeNs)}</span>` : nothing}
        ${order ? html`<span class="quiet wide">${EN.time.order(order.index, order.tried)}</span>` : nothing}
        ${end === 'limit' ? html`<span class="bad">${EN.time.limit}</span>` : nothing}
      </p>
    </div>
  `;
}

/** The script as written, and what would have happened otherwise. */
function branches({ state, actions }: Context): TemplateResult | typeof nothing {
  if (state.branches.length < 2) return nothing;
  return html`
    <div class="branches" role="group" aria-label=${EN.time.branches}>
      ${state.branches.map(
        ({ id, off, flips }) => html`
          <span class="branch ${id === state.place.branch ? 'current' : ''}">
            <button
              type="button"
              aria-pressed=${id === state.place.branch ? 'true' : 'false'}
              @click=${() => actions.setBranch(id)}
            >
              ${branchName({ off, flips })}
            </button>
            ${
              id === MAIN
                ? nothing
                : html`<button
                    type="button"
                    aria-label=${EN.time.closeBranch}
                    title=${EN.time.closeBranch}
                    @click=${() => actions.closeBranch(id)}
                  >
                    ×
                  </button>`
            }
          </span>
        `,
      )}
    </div>
  `;
}
