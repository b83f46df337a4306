import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Context } from '../app/context.ts';
import type { LoadedRun } from '../app/runs.ts';
import type { State } from '../app/state.ts';
import { branchTree } from '../branches/panel.ts';
import { within } from '../embed/settings.ts';
import { EN } from '../i18n/en.ts';
import { inputValue } from '../panels/inputs.ts';
import { commandButton, playButton, speedField } from './controls.ts';
import { markers } from './markers.ts';

/** Buttons, the scrubber with its marks, and where we are. */
export function timeBar(context: Context): TemplateResult {
  return html`
    <section class="time" aria-label=${EN.time.label}>
      ${buttons(context)} ${scrubber(context)} ${branchTree(context)}
    </section>
  `;
}

function buttons({ state, run, actions }: Context): TemplateResult {
  const { seq } = state.place;
  const [start, end] = endsOf(state.range, run);
  const { time } = EN;
  const atStart = seq <= start;
  const atEnd = seq >= end;
  const hasViolations = run.data.film.violations.length > 0;
  return html`
    <div class="buttons">
      ${commandButton({ name: time.first, sign: 'first', act: actions.first, disabled: atStart, wide: true })}
      ${commandButton({ name: time.back, sign: 'back', act: () => actions.step(-1), disabled: atStart })}
      ${playButton(state, actions)}
      ${commandButton({ name: time.forward, sign: 'forward', act: () => actions.step(1), disabled: atEnd })}
      ${commandButton({ name: time.last, sign: 'last', act: actions.last, disabled: atEnd, wide: true })}
      <span class="group">
        ${commandButton({ name: time.previousVerdict, sign: 'previousVerdict', act: () => actions.verdict(-1) })}
        ${commandButton({ name: time.nextVerdict, sign: 'nextVerdict', act: () => actions.verdict(1) })}
        ${
          hasViolations
            ? html`
                ${commandButton({ name: time.previousViolation, sign: 'previousViolation', act: () => actions.violation(-1) })}
                ${commandButton({ name: time.nextViolation, sign: 'nextViolation', act: () => actions.violation(1) })}
              `
            : nothing
        }
      </span>
      ${speedField(state, actions)}
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
