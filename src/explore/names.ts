import { type Cell, cellText } from '../scenario/resolve.ts';

/** A name for what belongs to a variant, which is a file name too. */
export const nameOf = (scenario: string, cell: Cell): string =>
  [scenario, ...Object.values(cell)]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');

/** A variant as reports name it: the scenario, and the variant in brackets. */
export function idOf({ name, cell }: { readonly name: string; readonly cell: Cell }): string {
  const text = cellText(cell);
  return text ? `${name}[${text}]` : name;
}
