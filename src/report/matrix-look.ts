import type { MatrixCell } from './matrix.ts';

/** How a cell looks: by shape and word, and by colour only besides. */
export type Look = 'holds' | 'lost' | 'broken' | 'open';

/** `open`: nothing was found, and not everything was tried. */
export function lookOf({ isolated, works }: Pick<MatrixCell, 'isolated' | 'works'>): Look {
  if (isolated === null) return 'open';
  if (!isolated) return 'broken';
  return works ? 'holds' : 'lost';
}

/** The shape a cell has besides its words. */
export const LOOK_GLYPHS: Readonly<Record<Look, string>> = {
  holds: '●',
  lost: '○',
  broken: '◆',
  open: '?',
};
