import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Machine } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { bandsOf } from './bands.ts';
import { type Columns, columnsOf } from './layout-columns.ts';
import { type MailColumn, type MailPicture, mailPictureOf } from './mail-picture.ts';

/** The drawings need this much room; narrower windows scroll. */
const WIDTH_MIN = 600;
const LINE = 22;
const ROW_Y = 84;
const CHARACTER = 8.5;

function middleOf(columns: Columns, column: MailColumn): number {
  if (column === 'bus') return columns.busX;
  if (column === 'store') return columns.busX - 20;
  const { x, w } = columns[column];
  return x + w / 2;
}

/** The plain drawing of what a machine’s first guest, or its host, sees: in the picture’s places. */
export function mailDrawing(machine: Machine, width: number): TemplateResult {
  const picture = mailPictureOf(machine);
  const wide = Math.max(WIDTH_MIN, width);
  const columns = columnsOf(wide, bandsOf(machine).hasUnitColumn);
  const x = (column: MailColumn): number => middleOf(columns, column);
  const height = ROW_Y + LINE * 9.5;
  const edge = x(picture.boundary);
  return html`
    <figure class="mail" tabindex="0">
      <svg width=${wide} height=${height} role="img" aria-label=${EN.mail.label[picture.picture]}>
        <path class="mail-boundary" d="M${edge} ${ROW_Y - 50}V${ROW_Y - 16}M${edge} ${ROW_Y + 8}V${ROW_Y + 46}"></path>
        ${links(picture, x)}
        ${picture.row.map(
          ({ column, text }) =>
            svg`<text class="mail-text box" data-column=${column} x=${x(column)} y=${ROW_Y}>${text}</text>`,
        )}
        ${picture.texts.map(
          ({ column, line, text }) =>
            svg`<text class="mail-text" data-column=${column} x=${inside(x(column), text)} y=${ROW_Y + 14 + line * LINE}>${text}</text>`,
        )}
        ${picture.arrow ? arrow(x(picture.arrow.column), picture.arrow.both) : nothing}
      </svg>
      <figcaption>
        ${EN.mail.caption[picture.picture]}
        <span class="quiet">${picture.drawn ? EN.mail.drawn : EN.mail.told}</span>
      </figcaption>
    </figure>
  `;
}

/** The middle of a text, moved where it would begin outside the drawing. */
const inside = (x: number, text: string): number => Math.max(x, (text.length * CHARACTER) / 2 + 2);

/** The dashes between the texts of the row. */
function links(picture: MailPicture, x: (column: MailColumn) => number) {
  return picture.row.slice(1).map(({ column, text }, i) => {
    const before = picture.row[i];
    const from = x(before.column) + (before.text.length * CHARACTER) / 2 + 4;
    const to = x(column) - (text.length * CHARACTER) / 2 - 4;
    return svg`<path class="mail-link" d="M${from} ${ROW_Y - 5}H${to}"></path>`;
  });
}

function arrow(x: number, both: boolean) {
  const top = ROW_Y + 14 + (both ? 4.4 : 2.4) * LINE;
  const bottom = ROW_Y + 14 + (both ? 6.2 : 4.2) * LINE;
  const aside = both ? 12 : 26;
  const down = `M${x - aside} ${top}V${bottom}m-4 -6l4 6l4 -6`;
  const up = both ? `M${x + aside} ${bottom}V${top}m-4 6l4 -6l4 6` : '';
  return svg`<path class="mail-arrow" d=${down + up}></path>`;
}
