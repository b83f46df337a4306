import { cellText, readCell } from '../app/cells.ts';
import { MAIN } from '../branches/change.ts';
import { type Compared, FIRST_LIKENESS, LIKENESSES } from './state.ts';

/** Stands between the parts of a run in a link. */
const AND = '!';

/** Two runs side by side as a link writes them: scenario, variant and branch of the other one. */
export function comparedText({ other }: Compared): string {
  const { scenario, cell, branch } = other;
  const parts = [scenario, cellText(cell), branch === MAIN ? '' : branch];
  while (parts.length > 1 && parts[parts.length - 1] === '') parts.pop();
  return parts.join(AND);
}

/** What the parts `cmp`, `row` and `like` of a link say; null where there is no `cmp`. */
export function readCompared(parts: ReadonlyMap<string, string>): Compared | null {
  const text = parts.get('cmp');
  if (text === undefined) return null;
  const [scenario, cell = '', branch = ''] = text.split(AND);
  const row = parts.get('row');
  return {
    other: { scenario, cell: readCell(cell), branch: branch || MAIN },
    row: row === undefined ? null : Number(row),
    like: LIKENESSES.find(like => like === parts.get('like')) ?? FIRST_LIKENESS,
  };
}
