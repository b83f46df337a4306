import { html, nothing, type TemplateResult } from 'lit-html';
import { describe } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { legend } from '../panels/help.ts';
import { fateWord } from '../panels/parts.ts';
import { transcript } from '../panels/transcript.ts';
import { mailDrawing } from '../stage/mail.ts';
import type { Context } from './context.ts';

/** The run as a picture, as a drawing of 2020, or as text. */
export function middle(context: Context): TemplateResult {
  const { state, run } = context;
  const { view } = state.place;
  return html`
    <div class="middle">
      ${caption(context)}
      <div class="picture" ?hidden=${view !== 'stage'}><svg id="stage"></svg></div>
      ${view === 'mail' ? mailDrawing(run.data.machine, state.width) : nothing}
      ${view === 'text' ? transcript(context) : nothing}
      <details class="signs">
        <summary>${EN.stage.legend}</summary>
        ${legend()}
      </details>
    </div>
  `;
}

/** The current record in one sentence. */
function caption({ state, run }: Context): TemplateResult {
  const { seq } = state.place;
  const { trace, machine, film } = run.data;
  const record = trace[seq];
  const journey = film.journeys[film.journeyOf[seq]];
  const decided = journey?.fateSeq === seq ? journey.fate : null;
  const step = run.data.steps[film.stepOf[seq]];
  const text = record ? describe(machine, record.actor, record) : EN.time.beginning;
  return html`
    <div class="caption">
      <p class="step-of quiet">${step ? step.text : ' '}</p>
      <p class="now">${text} ${decided ? fateWord(decided) : nothing}</p>
    </div>
  `;
}
