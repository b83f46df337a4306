import type { Fate } from '../../src/index.ts';

/** Outlines of the verdict marks, about the origin, 9 pixels in radius. */
export const FATE_SHAPES: Readonly<Record<Fate, string>> = {
  // A filled disc with a tick.
  delivered: 'M-9 0a9 9 0 1 0 18 0a9 9 0 1 0 -18 0z',
  // An octagon: stop.
  blocked: 'M-3.7 -9h7.4l5.3 5.3v7.4l-5.3 5.3h-7.4l-5.3 -5.3v-7.4z',
  // A diamond: at the wrong place.
  misdelivered: 'M0 -11l11 11l-11 11l-11 -11z',
  // A square: empty.
  lost: 'M-8 -8h16v16h-16z',
  held: 'M-9 0a9 9 0 1 0 18 0a9 9 0 1 0 -18 0z',
  nothing: 'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z',
};

/** A triangle: somebody was told no. */
export const REFUSED_SHAPE = 'M-9 8l9 -16l9 16z';

/** What stands in the mark: lines over its outline. */
export const FATE_SIGNS: Readonly<Record<Fate, string>> = {
  delivered: 'M-4 0l3 3.5l5.5 -7',
  blocked: 'M-5 0h10',
  misdelivered: 'M0 -6v7M0 4v1.6',
  lost: 'M-4 -4l8 8M4 -4l-8 8',
  held: 'M-2.5 -4v8M2.5 -4v8',
  nothing: '',
};

/** A card that points to the side it came from or goes to: a box with a notch. */
export const cardShape = (w: number, h: number, raw: boolean): string => {
  const [x, y] = [w / 2, h / 2];
  if (!raw) return `M${-x} 0l6 ${-y}h${w - 10}q4 0 4 4v${h - 8}q0 4 -4 4h${10 - w}z`;
  const teeth = 8;
  const step = (w - 6) / teeth;
  const edge = (sign: 1 | -1): string =>
    Array.from({ length: teeth }, (_, i) => `l${sign * step} ${sign * (i % 2 ? 3 : -3)}`).join('');
  return `M${-x} 0l6 ${-y}${edge(1)}v${h}${edge(-1)}z`;
};
