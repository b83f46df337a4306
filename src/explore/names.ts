import type { Cell } from '../scenario/resolve.ts';

/** A name for what belongs to a variant, which is a file name too. */
export const nameOf = (scenario: string, cell: Cell): string =>
  [scenario, ...Object.values(cell)]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
