import { html, nothing, type TemplateResult } from 'lit-html';
import type { AspectRow, Fate, StepRow } from '../../src/index.ts';
import { COMPARE } from '../i18n/en-compare.ts';
import { fateWord } from '../panels/parts.ts';
import type { Laid } from './laid.ts';

/** In what two runs differ, aspect by aspect and step by step. */
export const summaryTables = (laid: Laid): TemplateResult => html`
  <section class="compared" aria-labelledby="compared-title">
    <h3 id="compared-title">${COMPARE.summary}</h3>
    <table>
      <thead>
        ${headRow(laid, COMPARE.aspect)}
      </thead>
      <tbody>
        ${laid.summary.aspects.map(aspectRow)}
      </tbody>
    </table>
    <h3>${COMPARE.steps}</h3>
    <table>
      <thead>
        ${headRow(laid, COMPARE.stepHead)}
      </thead>
      <tbody>
        ${laid.summary.steps.map(stepRow)}
      </tbody>
    </table>
  </section>
`;

/** Names of the columns. */
export const headRow = ({ names }: Laid, first: string): TemplateResult => html`
  <tr>
    <th scope="col">${first}</th>
    <th scope="col">${COMPARE.head('a', names.a)}</th>
    <th scope="col">${COMPARE.head('b', names.b)}</th>
  </tr>
`;

/** Says that a row has two different things in it. */
const mark = (differs: boolean): TemplateResult | typeof nothing =>
  differs
    ? html`<span class="differs" title=${COMPARE.differs}
        ><span aria-hidden="true">≠</span><span class="visually-hidden">${COMPARE.differs}</span></span
      >`
    : nothing;

const aspectRow = ({ aspect, a, b }: AspectRow): TemplateResult => html`
  <tr class=${a === b ? '' : 'unlike'}>
    <th scope="row">${COMPARE.aspects[aspect]} ${mark(a !== b)}</th>
    <td>${a}</td>
    <td>${b}</td>
  </tr>
`;

const fateCell = (fates: readonly Fate[]): TemplateResult =>
  fates.length === 0
    ? html`<span class="quiet">${COMPARE.notSent}</span>`
    : html`${fates.map(fateWord)}`;

function stepRow({ text, a, b }: StepRow): TemplateResult {
  const differs = a.join() !== b.join();
  return html`
    <tr class=${differs ? 'unlike' : ''}>
      <th scope="row"><span class="step-text">${text}</span> ${mark(differs)}</th>
      <td>${fateCell(a)}</td>
      <td>${fateCell(b)}</td>
    </tr>
  `;
}
