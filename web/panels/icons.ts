import { html, type TemplateResult } from 'lit-html';

/** Outlines of the signs on buttons, in a square of 16. */
const SHAPES = {
  first: 'M3 3v10M13 3l-7 5l7 5z',
  back: 'M11 3l-7 5l7 5z',
  play: 'M4 2l9 6l-9 6z',
  pause: 'M4 3h3v10h-3zM9 3h3v10h-3z',
  forward: 'M5 3l7 5l-7 5z',
  last: 'M13 3v10M3 3l7 5l-7 5z',
  previousVerdict: 'M5 4l-4 4l4 4zM8 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0',
  nextVerdict: 'M11 4l4 4l-4 4zM1 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0',
  previousViolation: 'M5 4l-4 4l4 4zM11.5 3l4 5l-4 5l-4 -5z',
  nextViolation: 'M11 4l4 4l-4 4zM4.5 3l4 5l-4 5l-4 -5z',
} as const;
export type Icon = keyof typeof SHAPES;

/** The sign of a button; its name is the button’s. */
export const icon = (name: Icon): TemplateResult => html`
  <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d=${SHAPES[name]}></path>
  </svg>
`;
