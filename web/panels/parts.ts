import { html, type TemplateResult } from 'lit-html';
import type { Fate } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { FATE_SHAPES, FATE_SIGNS } from '../stage/glyphs.ts';

/** The sign of a verdict, as in the picture. */
export const fateSign = (fate: Fate): TemplateResult => html`
  <svg class="fate-sign ${fate}" viewBox="-12 -12 24 24" width="16" height="16" aria-hidden="true">
    <path class="mark" d=${FATE_SHAPES[fate]}></path>
    <path class="sign" d=${FATE_SIGNS[fate]}></path>
  </svg>
`;

/** The sign of a verdict and its word. */
export const fateWord = (fate: Fate): TemplateResult => html`
  <span class="fate-word ${fate}">${fateSign(fate)} ${EN.fates[fate]}</span>
`;

/** A link to a record: a button, for it changes the moment and not the page. */
export const recordLink = (
  seq: number,
  text: string,
  go: (seq: number) => void,
): TemplateResult => html`
  <button type="button" class="link" data-seq=${seq} @click=${() => go(seq)}>${text}</button>
`;
