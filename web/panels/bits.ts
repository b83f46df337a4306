import { html, nothing, type TemplateResult } from 'lit-html';
import {
  type BitView,
  bitsAt,
  type DecodedField,
  describe,
  flipMasks,
  flipPlace,
} from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { EN } from '../i18n/en.ts';
import { bitRows } from './bit-rows.ts';
import { recordLink } from './parts.ts';

/** The bits behind the current record: of its message, table entry or descriptor. */
export function bitsPanel(context: Context): TemplateResult {
  const { run, state } = context;
  const wanted = state.place.pin ?? state.place.seq;
  const seq = recordWithBits(context, wanted);
  const { machine, program, trace } = run.data;
  const view = seq < 0 ? null : bitsAt(machine, trace, seq);
  if (!view) return html`<p class="quiet">${EN.bits.nothing}</p>`;
  const { document } = view.decoding;
  const flipSeq = flipPlace(machine, program, trace, seq);
  const masks = flipSeq < 0 ? [] : flipMasks(machine, program, trace, flipSeq);
  return html`
    <p class="bits-head">
      <strong>${EN.bits.subject[view.subject]}</strong>
      <span class="quiet">${document.title} ${document.source}</span>
      ${seq === wanted ? nothing : recordLink(seq, EN.bits.of(seq), context.actions.goTo)}
    </p>
    <p class="summary">${document.summary}</p>
    ${bitRows(context, { view, flipSeq, masks })}
    ${fieldTable(context, view)} ${problems(view)}
  `;
}

/** The record itself, the emission of its message, or the latest before it with bits; -1: none. */
function recordWithBits({ run }: Context, seq: number): number {
  const { machine, trace, film } = run.data;
  if (!trace[seq] || bitsAt(machine, trace, seq)) return trace[seq] ? seq : -1;
  const journey = film.journeys[film.journeyOf[seq]];
  if (journey && journey.emitSeq >= 0) return journey.emitSeq;
  for (let at = seq - 1; at >= Math.max(0, seq - LOOK_BACK); at--)
    if (bitsAt(machine, trace, at)) return at;
  return -1;
}

/** Records looked through for one with bits. */
const LOOK_BACK = 40;

function fieldTable(context: Context, view: BitView): TemplateResult {
  const { fields } = view.decoding.document;
  const { bits } = EN;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${bits.subject[view.subject]}>
      <table class="fields">
        <thead>
          <tr>
            <th scope="col">${bits.field}</th>
            <th scope="col">${bits.value}</th>
            <th scope="col">${bits.by}</th>
          </tr>
        </thead>
        <tbody>
          ${fields.map((field, i) => fieldRow(context, view, { field, index: i })).reverse()}
        </tbody>
      </table>
    </div>
  `;
}

function fieldRow(
  context: Context,
  view: BitView,
  at: { readonly field: DecodedField; readonly index: number },
): TemplateResult {
  const { field, index } = at;
  return html`
    <tr data-field=${field.name}>
      <th scope="row" title=${field.text}>
        ${field.name}
        <span class="mono quiet">${field.part ? `${field.part} ` : ''}${field.bits}</span>
      </th>
      <td><span class="mono">${field.hex}</span> ${field.meaning || field.text}</td>
      <td>${view.origins[index].map(origin => originLink(context, origin))}</td>
    </tr>
  `;
}

function originLink(
  { run, actions }: Context,
  { seq, share }: BitView['origins'][number][number],
): TemplateResult {
  const record = run.data.trace[seq];
  const who = 'domain' in record ? record.domain : record.actor;
  const step = run.data.film.stepOf[seq];
  const text = `${EN.shares[share]}: ${who}${step < 0 ? '' : `, ${EN.panels.step(step + 1)}`}`;
  return html`<span class="origin" title=${describe(run.data.machine, record.actor, record)}>
    ${recordLink(seq, text, actions.goTo)}
  </span>`;
}

function problems(view: BitView): TemplateResult | typeof nothing {
  const list = view.decoding.document.problems;
  if (list.length === 0) return nothing;
  return html`
    <h3>${EN.bits.problems}</h3>
    <ul class="problems">
      ${list.map(
        ({ severity, field, text }) =>
          html`<li class=${severity}>${field ? html`<code>${field}</code>: ` : nothing}${text}</li>`,
      )}
    </ul>
  `;
}
