import { html, render } from 'lit-html';
import { unsafeSVG } from 'lit-html/directives/unsafe-svg.js';
import { describe } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { fateWord } from '../panels/parts.ts';
import type { Exporting } from './export.ts';
import { openStudio } from './studio.ts';

/** Room of a picture on paper: two of them fit on a page. */
const ROOM = { width: 700, height: 330 };
const PICTURES_MAX = 24;

/** Puts a sheet for paper behind the page, and opens the browser’s dialog for printing. */
export async function printRun({ run, state }: Exporting): Promise<void> {
  document.querySelector('.print-sheet')?.remove();
  const sheet = document.createElement('div');
  sheet.className = 'print-sheet';
  document.body.append(sheet);
  document.documentElement.classList.add('printing');
  render(sheetOf({ run, state }), sheet);
  const leave = (): void => {
    document.documentElement.classList.remove('printing');
    sheet.remove();
  };
  addEventListener('afterprint', leave, { once: true });
  window.print();
}

/** Title, script, a picture of every verdict, and the run in sentences. */
function sheetOf({ run, state }: Pick<Exporting, 'run' | 'state'>) {
  const { data, verdicts } = run;
  const { machine, trace, film } = data;
  const moments = verdicts.length > 0 ? verdicts : [trace.length - 1];
  const studio = openStudio(run, ROOM);
  const pictures = moments.slice(0, PICTURES_MAX).map(seq => ({ seq, ...studio.at(seq) }));
  studio.close();
  const fateAt = (seq: number) => {
    const journey = film.journeys[film.journeyOf[seq]];
    return journey?.fateSeq === seq ? fateWord(journey.fate) : '';
  };
  return html`
    <h1>${state.place.title || data.title}</h1>
    <p>${Object.entries(data.cell).map(([axis, value]) => `${axis}: ${value} `)}</p>
    <h2>${EN.panels.script}</h2>
    <ol>
      ${data.steps.map(({ text, realm, label }) => html`<li><code>${text}</code> ${realm} ${label}</li>`)}
    </ol>
    ${pictures.map(
      ({ seq, svg }) => html`
        <figure>
          <figcaption>
            ${seq + 1}. ${describe(machine, trace[seq].actor, trace[seq])} ${fateAt(seq)}
          </figcaption>
          ${unsafeSVG(svg)}
        </figure>
      `,
    )}
    <h2>${EN.panels.transcript}</h2>
    <ol start="1">
      ${trace.map(record => html`<li>${describe(machine, record.actor, record)} ${fateAt(record.seq)}</li>`)}
    </ol>
  `;
}
