import type { Cell } from '../../src/index.ts';

/** A variant as links write it: `axis:value,axis:value`. */
export const cellText = (cell: Cell | null): string =>
  Object.entries(cell ?? {})
    .map(([axis, value]) => `${axis}:${value}`)
    .join(',');

/** The variant a text of a link means; null for the first. */
export function readCell(text: string | undefined): Cell | null {
  if (!text) return null;
  return Object.fromEntries(
    text.split(',').map((pair): [string, string] => {
      const [axis, value = ''] = pair.split(':');
      return [axis, value];
    }),
  );
}

/** Whether a variant is the one that is asked for; nobody asks for an axis it does not have. */
export const sameCell = (a: Cell | null, b: Cell): boolean =>
  a !== null && Object.keys(b).every(axis => a[axis] === b[axis]);
