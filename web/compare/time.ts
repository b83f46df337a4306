import { html, svg, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { live } from 'lit-html/directives/live.js';
import type { Context } from '../app/context.ts';
import { EN } from '../i18n/en.ts';
import { COMPARE } from '../i18n/en-compare.ts';
import { inputValue } from '../panels/inputs.ts';
import { commandButton, playButton, speedField } from '../time/controls.ts';
import type { Laid } from './laid.ts';
import { FACES } from './stages.ts';
import type { Face } from './state.ts';
import type { Steps } from './view.ts';

/** Buttons, both runs as two lanes, and where we are. */
export function pairTime(context: Context, laid: Laid, steps: Steps): TemplateResult {
  const { state, actions } = context;
  const row = state.place.compared?.row ?? -1;
  const { length } = laid.alignment.rows;
  const { time } = EN;
  const atStart = row < 0;
  const atEnd = row >= length - 1;
  return html`
    <section class="time" aria-label=${COMPARE.time}>
      <div class="buttons">
        ${commandButton({ name: time.first, sign: 'first', act: steps.first, disabled: atStart, wide: true })}
        ${commandButton({ name: time.back, sign: 'back', act: () => steps.step(-1), disabled: atStart })}
        ${playButton(state, actions)}
        ${commandButton({ name: time.forward, sign: 'forward', act: () => steps.step(1), disabled: atEnd })}
        ${commandButton({ name: time.last, sign: 'last', act: steps.last, disabled: atEnd, wide: true })}
        <span class="group">
          ${commandButton({ name: COMPARE.previous, sign: 'previousViolation', act: () => steps.hop(-1) })}
          ${commandButton({ name: COMPARE.next, sign: 'nextViolation', act: () => steps.hop(1) })}
          ${commandButton({ name: time.previousVerdict, sign: 'previousVerdict', act: () => steps.verdict(-1) })}
          ${commandButton({ name: time.nextVerdict, sign: 'nextVerdict', act: () => steps.verdict(1) })}
        </span>
        ${speedField(state, actions)}
      </div>
      <div class="scrubber">
        <div class="track">
          ${guard([laid.alignment], () => lanes(laid))} ${here(row, length)}
          <input
            type="range"
            min="-1"
            max=${length - 1}
            step="1"
            .value=${live(String(row))}
            aria-label=${COMPARE.scrub}
            aria-valuetext=${COMPARE.position(row + 1, length)}
            @input=${(event: Event) => steps.goTo(Number(inputValue(event)))}
          />
        </div>
        <p class="where">${COMPARE.position(row + 1, length)}</p>
      </div>
    </section>
  `;
}

const HEIGHT = 46;
const LANE_Y: Readonly<Record<Face, number>> = { a: 12, b: 34 };
/** More events than this are not drawn one by one: those that differ are. */
const DOTS_MAX = 400;
const DIAMOND = 'M0 -6l6 6l-6 6l-6 -6z';

const xOf = (row: number, length: number): string => `${((row + 1) / Math.max(1, length)) * 100}%`;

/** Where both runs are now: a line through both lanes. */
const here = (row: number, length: number): TemplateResult => html`
  <svg class="lanes-now" width="100%" height=${HEIGHT} aria-hidden="true">
    <line x1=${xOf(row, length)} x2=${xOf(row, length)} y1="0" y2=${HEIGHT}></line>
  </svg>
`;

/**
 * Each run as a lane. Twins stand above each other, and a line joins those that differ; an event
 * that has no twin is a diamond.
 */
function lanes({ alignment }: Laid): TemplateResult {
  const { rows } = alignment;
  const shown = rows
    .map((row, at) => ({ ...row, at }))
    .filter(({ kind }) => rows.length <= DOTS_MAX || kind !== 'alike');
  return html`
    <svg class="lanes" width="100%" height=${HEIGHT} aria-hidden="true">
      ${FACES.map(
        face => svg`
          <line class="lane" x1="0" x2="100%" y1=${LANE_Y[face]} y2=${LANE_Y[face]}></line>
          <text x="-8" y=${LANE_Y[face] + 4} text-anchor="end">${COMPARE.faces[face]}</text>
        `,
      )}
      ${shown.map(({ kind, at, a, b }) => {
        const x = xOf(at, rows.length);
        if (kind === 'alone') {
          const y = LANE_Y[a >= 0 ? 'a' : 'b'];
          return svg`<svg x=${x} y=${y} overflow="visible"><path class="alone" data-seq=${Math.max(a, b)} d=${DIAMOND}></path></svg>`;
        }
        const twin =
          kind === 'unlike'
            ? svg`<line class="twin" x1=${x} x2=${x} y1=${LANE_Y.a} y2=${LANE_Y.b}></line>`
            : '';
        return svg`${twin}${FACES.map(
          face => svg`<circle class=${kind} cx=${x} cy=${LANE_Y[face]} r="2.5"></circle>`,
        )}`;
      })}
    </svg>
  `;
}
