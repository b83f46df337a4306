import { html, nothing, type TemplateResult } from 'lit-html';
import { describe, type TraceRecord } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { EN } from '../i18n/en.ts';
import { fateWord } from './parts.ts';

/** Records shown before and after the current one where there are too many for one list. */
const AROUND = 150;
const WHOLE_MAX = 600;

/** The run as text: one sentence a record, and the verdicts where they fall. */
export function transcript(context: Context): TemplateResult {
  const { run, state, actions } = context;
  const { trace } = run.data;
  const whole = trace.length <= WHOLE_MAX;
  const first = whole ? 0 : Math.max(0, state.place.seq - AROUND);
  const end = whole ? trace.length : Math.min(trace.length, state.place.seq + AROUND);
  const jump = (seq: number, text: string): TemplateResult => html`
    <p><button type="button" class="link" @click=${() => actions.goTo(seq)}>${text}</button></p>
  `;
  return html`
    <section class="panel transcript" aria-labelledby="transcript-title" tabindex="0">
      <h2 id="transcript-title">${EN.panels.transcript}</h2>
      ${first > 0 ? jump(first - 1, EN.panels.earlier(first)) : nothing}
      <ol class="records" start=${first}>
        ${trace.slice(first, end).map(record => row(context, record))}
      </ol>
      ${end < trace.length ? jump(end, EN.panels.later(trace.length - end)) : nothing}
    </section>
  `;
}

function row({ run, state, actions }: Context, record: TraceRecord): TemplateResult {
  const { machine, film } = run.data;
  const current = record.seq === state.place.seq;
  const journey = film.journeys[film.journeyOf[record.seq]];
  const decided = journey?.fateSeq === record.seq ? journey.fate : null;
  const kind = record.act === 'step' ? 'step' : record.act === 'result' ? 'quiet' : '';
  return html`
    <li class="${kind} ${current ? 'current' : ''}" value=${record.seq}>
      <button
        type="button"
        aria-current=${current ? 'true' : nothing}
        @click=${() => actions.goTo(record.seq)}
      >
        ${describe(machine, record.actor, record)}
      </button>
      ${decided ? fateWord(decided) : nothing}
    </li>
  `;
}
