import { html, nothing, type TemplateResult } from 'lit-html';
import { describe, type Likeness } from '../../src/index.ts';
import type { Context } from '../app/context.ts';
import { COMPARE } from '../i18n/en-compare.ts';
import { inputValue } from '../panels/inputs.ts';
import { fateWord } from '../panels/parts.ts';
import { eventTable, SIGNS } from './events.ts';
import type { Laid } from './laid.ts';
import { type Choice, choicesOf, keyOf } from './names.ts';
import type { OtherLoad } from './other.ts';
import { FACES } from './stages.ts';
import { type Compared, type Face, LIKENESSES, type OtherRun } from './state.ts';
import { summaryTables } from './summary.ts';
import { pairTime } from './time.ts';

/** What users can do with two runs side by side. */
export interface Steps {
  goTo(row: number): void;
  step(by: 1 | -1): void;
  /** To a difference. */
  hop(by: 1 | -1): void;
  verdict(by: 1 | -1): void;
  violation(by: 1 | -1): void;
  first(): void;
  last(): void;
  togglePlay(): void;
  setLike(like: Likeness): void;
  setOther(other: OtherRun): void;
  setFirst(run: OtherRun): void;
  swap(): void;
  /** Leaves the other one. */
  alone(face: Face): void;
}

/** What is drawn of two runs. */
export interface PairView {
  /** Null while the other run is not there. */
  readonly laid: Laid | null;
  readonly other: OtherLoad;
  readonly steps: Steps;
}

/** Two runs side by side. */
export function compareView(context: Context, pair: PairView): TemplateResult {
  const { compared } = context.state.place;
  if (!compared) return html``;
  const { laid } = pair;
  return html`
    <main id="main" class="compare" tabindex="-1">
      <h2 class="title">${context.state.place.title || context.run.data.title}</h2>
      ${chooser(context, pair, compared)} ${laid ? body(context, pair, laid) : waiting(pair)}
    </main>
  `;
}

const waiting = ({ other }: PairView): TemplateResult =>
  other.kind === 'failed'
    ? html`<p class="trouble" role="alert">${COMPARE.failed} ${other.text}</p>`
    : html`<p class="loading">${COMPARE.coming}</p>`;

/** Which two, and what counts as the same. */
function chooser(context: Context, pair: PairView, compared: Compared): TemplateResult {
  const { state, run, actions } = context;
  const { steps } = pair;
  const { place } = state;
  const own: OtherRun = { scenario: '', cell: run.data.cell, branch: place.branch };
  const choices = choicesOf(state, run);
  return html`
    <div class="chooser">
      ${select('a', { choices, chosen: own, choose: steps.setFirst })}
      ${select('b', { choices: [...choices, ...asShipped(context)], chosen: compared.other, choose: steps.setOther })}
      <button type="button" ?disabled=${compared.other.scenario !== ''} @click=${steps.swap}>
        ${COMPARE.swap}
      </button>
      <label class="field">
        <span>${COMPARE.like}</span>
        <select @change=${(event: Event) => steps.setLike(likeOf(inputValue(event)))}>
          ${LIKENESSES.map(
            like => html`<option value=${like} ?selected=${like === compared.like}>
              ${COMPARE.likenesses[like]} ${COMPARE.likeEnd}
            </option>`,
          )}
        </select>
      </label>
      <a href="#1;page=compare">${COMPARE.pairs}</a>
      <button type="button" class="leave" @click=${actions.toggleCompare}>${COMPARE.leave}</button>
    </div>
  `;
}

const likeOf = (text: string): Likeness => LIKENESSES.find(like => like === text) ?? LIKENESSES[0];

/** The text as it was before it was changed. */
const asShipped = ({ state, run }: Context): Choice[] => {
  if (state.place.packed === '') return [];
  const other: OtherRun = { scenario: state.place.scenario, cell: run.data.cell, branch: 'main' };
  return [{ key: keyOf(other), text: COMPARE.asShipped, other }];
};

function select(
  face: Face,
  of: {
    readonly choices: readonly Choice[];
    readonly chosen: OtherRun;
    readonly choose: (other: OtherRun) => void;
  },
): TemplateResult {
  const { choices, chosen, choose } = of;
  const key = keyOf(chosen);
  const isListed = choices.some(choice => choice.key === key);
  return html`
    <label class="field">
      <span class="face ${face}">${COMPARE.faces[face]}</span>
      <select
        @change=${(event: Event) => {
          const found = choices.find(choice => choice.key === inputValue(event));
          if (found) choose(found.other);
        }}
      >
        ${isListed ? nothing : html`<option value=${key} selected>${chosen.scenario || COMPARE.asWritten}</option>`}
        ${choices.map(
          choice => html`<option value=${choice.key} ?selected=${choice.key === key}>
            ${choice.text}
          </option>`,
        )}
      </select>
    </label>
  `;
}

function body(context: Context, pair: PairView, laid: Laid): TemplateResult {
  const { state } = context;
  return html`
    ${choicesOf(state, context.run).length === 1 ? html`<p class="quiet">${COMPARE.forkHint}</p>` : nothing}
    ${parting(pair, laid)} ${faces(context)}
    ${rowHead(laid, state.place.compared?.row ?? -1)}
    <div class="pair" data-face=${state.face}>
      ${FACES.map(face => side(context, { face, laid, steps: pair.steps }))}
    </div>
    ${summaryTables(laid)} ${eventTable(context, laid, pair.steps)}
    ${pairTime(context, laid, pair.steps)}
  `;
}

/** The first difference in a sentence, and how many there are. */
function parting({ steps }: PairView, laid: Laid): TemplateResult {
  const { rows, parting: at } = laid.alignment;
  const count = (kind: string): number => rows.filter(row => row.kind === kind).length;
  return html`
    <div class="parting">
      <p>
        ${
          laid.parting === null
            ? html`<strong>${COMPARE.same}</strong>`
            : html`
                <strong>${COMPARE.parting}</strong> ${laid.parting}
                <button type="button" class="link" @click=${() => steps.goTo(at)}>${COMPARE.goThere}</button>
              `
        }
      </p>
      <p class="quiet">${COMPARE.counts(count('alike'), count('unlike'), count('alone'))}</p>
    </div>
  `;
}

/** The step a row belongs to, and whether both do the same in it. */
function rowHead({ a, b, alignment }: Laid, at: number): TemplateResult {
  const row = alignment.rows[at];
  if (!row) return html`<p class="row-head">${COMPARE.beginning}</p>`;
  const { film, steps } = (row.a >= 0 ? a : b).data;
  const step = film.stepOf[row.a >= 0 ? row.a : row.b];
  const text = steps[step]?.text;
  return html`
    <p class="row-head ${row.kind}">
      ${text === undefined ? COMPARE.built : COMPARE.step(step + 1, text)}
      <span class="tag">${SIGNS[row.kind]} ${COMPARE.signs[row.kind]}</span>
    </p>
  `;
}

/** Where there is room for one picture only: which. */
const faces = ({ state, actions }: Context): TemplateResult => html`
  <div class="faces" role="group" aria-label=${COMPARE.switch}>
    ${FACES.map(
      face => html`
        <button
          type="button"
          aria-pressed=${face === state.face ? 'true' : 'false'}
          @click=${() => actions.setFace(face)}
        >
          ${COMPARE.faces[face]}
        </button>
      `,
    )}
  </div>
`;

/** One of the two: its name, its picture, its record. */
function side(
  { state }: Context,
  at: { readonly face: Face; readonly laid: Laid; readonly steps: Steps },
): TemplateResult {
  const { face, laid, steps } = at;
  const row = state.place.compared?.row ?? -1;
  const seq = laid.alignment.upTo[row]?.[face] ?? -1;
  const moves = row < 0 || laid.alignment.rows[row][face] >= 0;
  return html`
    <section class="side" data-face=${face} aria-labelledby="side-${face}">
      <div class="side-head">
        <h3 id="side-${face}">${COMPARE.head(face, laid.names[face])}</h3>
        <button type="button" class="link" @click=${() => steps.alone(face)}>${COMPARE.alone(face)}</button>
      </div>
      <p class="side-now ${moves ? '' : 'waits'}">
        ${moves ? recordText(laid, face, seq) : html`<span class="quiet">${COMPARE.waits(face === 'a' ? 'b' : 'a')}</span>`}
      </p>
      <div class="picture"><svg id="stage-${face}"></svg></div>
    </section>
  `;
}

/** A record of one of the two, and what it decides. */
export function recordText(laid: Laid, face: Face, seq: number): TemplateResult {
  const { machine, trace, film } = laid[face].data;
  const record = trace[seq];
  if (!record) return html`<span class="quiet">${COMPARE.nothingYet}</span>`;
  const journey = film.journeys[film.journeyOf[seq]];
  return html`${describe(machine, record.actor, record)}
  ${journey?.fateSeq === seq ? fateWord(journey.fate) : nothing}`;
}
