import { html, nothing, type TemplateResult } from 'lit-html';
import type { BitView, DecodedField } from '../../src/index.ts';
import type { Actions } from '../app/actions.ts';
import type { Context } from '../app/context.ts';
import { flipKey } from '../branches/change.ts';
import { EN } from '../i18n/en.ts';

const WORD_BITS = 32;
const NIBBLE = 4;

/** Bits in rows, and where they can be turned over. */
export interface BitRows {
  readonly view: BitView;
  /** The record in which these bits can be turned over; -1 for none. */
  readonly flipSeq: number;
  /** By word: the bits that can be turned over. */
  readonly masks: readonly number[];
}

/** Every bit of the entry, a word a row, highest first; bits of one field share a shade. */
export function bitRows(context: Context, rows: BitRows): TemplateResult | typeof nothing {
  const { entry } = rows.view.decoding;
  if (!entry || entry.layout.bits > 4 * WORD_BITS) return nothing;
  const owners = ownersOf(rows.view);
  const names = wordNames(rows.view);
  const words = entry.words.map((word, w) => ({ word, w })).reverse();
  return html`
    <figure class="bit-rows">
      <figcaption class="quiet">
        ${EN.bits.diagram}. ${rows.flipSeq < 0 ? nothing : EN.bits.turn}
      </figcaption>
      <div @keydown=${walkBits}>
        ${words.map(
          ({ word, w }) => html`
            <p class="quiet word-name">${names[w]}</p>
            <div class="bit-row">
              ${Array.from({ length: WORD_BITS / NIBBLE }, (_, n) =>
                nibble(context, rows, {
                  word,
                  top: w * WORD_BITS + WORD_BITS - 1 - n * NIBBLE,
                  owners,
                }),
              )}
            </div>
          `,
        )}
      </div>
      ${answers(context, rows)}
    </figure>
  `;
}

/** What the words of an entry are called, lowest first. */
function wordNames(view: BitView): readonly string[] {
  const { bits } = EN;
  const count = view.decoding.entry?.words.length ?? 0;
  return view.subject === 'message'
    ? bits.messageWords
    : Array.from({ length: count }, (_, w) =>
        bits.word(w * WORD_BITS + WORD_BITS - 1, w * WORD_BITS),
      );
}

/** The field each bit belongs to. */
function ownersOf(view: BitView): Map<number, DecodedField> {
  const owners = new Map<number, DecodedField>();
  const { entry, document } = view.decoding;
  for (const field of document.fields) {
    const place = entry?.layout.fields[field.name];
    if (!place) continue;
    for (const part of place.more ? [place, place.more] : [place])
      for (let bit = part.bit; bit < part.bit + part.width; bit++) owners.set(bit, field);
  }
  return owners;
}

function nibble(
  context: Context,
  rows: BitRows,
  at: {
    readonly word: number;
    readonly top: number;
    readonly owners: ReadonlyMap<number, DecodedField>;
  },
): TemplateResult {
  const { word, top, owners } = at;
  const digit = (word >>> ((top - 3) % WORD_BITS)) & 15;
  return html`
    <span class="nibble">
      <span class="digit" aria-hidden="true">${digit.toString(16)}</span>
      ${[0, 1, 2, 3].map(i => {
        const bit = top - i;
        const value = (word >>> (bit % WORD_BITS)) & 1;
        return bitOf(context, rows, { bit, value, field: owners.get(bit) });
      })}
    </span>
  `;
}

function bitOf(
  { actions }: Context,
  rows: BitRows,
  at: { readonly bit: number; readonly value: number; readonly field: DecodedField | undefined },
): TemplateResult {
  const { bit, value, field } = at;
  const { view, flipSeq } = rows;
  const { fields } = view.decoding.document;
  const shade = field ? fields.indexOf(field) % 2 : 0;
  const name = field?.name ?? '';
  const look = `bit shade-${shade} ${value ? 'one' : ''}`;
  const title = EN.bits.bit(bit, name);
  if (!canTurn(rows, bit))
    return html`<span class=${look} data-bit=${bit} data-field=${name} title=${title}>${value}</span>`;
  return html`<button
    type="button"
    class=${look}
    data-bit=${bit}
    data-field=${name}
    title=${title}
    aria-label="${EN.bits.turnBit(bit, name)}: ${value}"
    tabindex=${bit === firstTurned(rows) ? 0 : -1}
    @click=${(event: MouseEvent) => chooseBit(event, actions, { seq: flipSeq, bit })}
  >${value}</button>`;
}

const canTurn = ({ masks }: BitRows, bit: number): boolean =>
  (((masks[Math.floor(bit / WORD_BITS)] ?? 0) >>> (bit % WORD_BITS)) & 1) === 1;

/** The lowest bit that can be turned over: the Tab key leads there. */
function firstTurned(rows: BitRows): number {
  let bit = 0;
  while (bit < rows.masks.length * WORD_BITS && !canTurn(rows, bit)) bit++;
  return bit;
}

/** The chosen bit is the one the Tab key comes back to. */
function chooseBit(
  event: MouseEvent,
  actions: Actions,
  bit: { readonly seq: number; readonly bit: number },
): void {
  if (event.currentTarget instanceof HTMLElement) standOn(event.currentTarget);
  actions.flip(bit);
}

function standOn(button: HTMLElement): void {
  for (const other of button.closest('figure')?.querySelectorAll<HTMLElement>('button.bit') ?? [])
    other.tabIndex = other === button ? 0 : -1;
  button.focus();
}

/** Bits to the side, and a word up or down. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: 1,
  ArrowRight: -1,
  ArrowUp: WORD_BITS,
  ArrowDown: -WORD_BITS,
};

function walkBits(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const { target, currentTarget } = event;
  if (!step || !(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement)) return;
  const bit = Number(target.dataset.bit) + step;
  const next = currentTarget.querySelector<HTMLElement>(`button[data-bit="${bit}"]`);
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  standOn(next);
}

/** What was found out by turning bits of this record over. */
function answers(
  { whatIfs, actions }: Context,
  { flipSeq, view }: BitRows,
): TemplateResult | typeof nothing {
  const count = (view.decoding.entry?.words.length ?? 0) * WORD_BITS;
  const known = Array.from({ length: count }, (_, bit) => ({
    bit,
    answer: whatIfs.get(flipKey({ seq: flipSeq, bit })),
  })).filter(({ answer }) => answer !== undefined);
  if (known.length === 0) return nothing;
  return html`
    <ul class="turned" role="status">
      ${known.map(
        ({ bit, answer }) => html`
          <li class="what-if-answer">
            ${EN.bits.turnedBit(bit)}
            ${
              answer?.kind === 'done'
                ? html`
                    <strong>${answer.text}</strong>
                    <button
                      type="button"
                      class="link"
                      @click=${() => actions.setBranch(answer.branch)}
                    >
                      ${EN.why.open}
                    </button>
                    <button
                      type="button"
                      class="link"
                      @click=${() => actions.compareBranch(answer.branch)}
                    >
                      ${EN.why.compare}
                    </button>
                  `
                : answer?.kind === 'failed'
                  ? EN.bits.turnFailed
                  : EN.app.loading
            }
          </li>
        `,
      )}
    </ul>
  `;
}
