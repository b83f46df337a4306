import type { Change } from '../worker/protocol.ts';
import { MAIN } from './change.ts';

/** A branch, as far as the tree goes by it. */
export interface Named extends Change {
  readonly id: string;
}

/** A branch in its place in the tree. */
export interface Placed<T extends Named> {
  readonly branch: T;
  /** Null for the script as written. */
  readonly parent: T | null;
  /** Rows above, counted from the first. */
  readonly row: number;
  readonly parentRow: number;
}

/** Whether everything one change did has been done in another as well, and more. */
function growsFrom(change: Change, from: Change): boolean {
  const more = change.off.length + change.flips.length > from.off.length + from.flips.length;
  return (
    more &&
    from.off.every(rule => change.off.includes(rule)) &&
    from.flips.every(
      ({ seq, bit }, i) => change.flips[i]?.seq === seq && change.flips[i].bit === bit,
    )
  );
}

const sizeOf = ({ off, flips }: Change): number => off.length + flips.length;

/** What a branch was forked from: of those that are there, the one that shares most with it. */
export function parentOf<T extends Named>(branch: T, branches: readonly T[]): T | null {
  if (branch.id === MAIN) return null;
  return branches
    .filter(one => one.id !== branch.id && growsFrom(branch, one))
    .reduce<T | null>(
      (best, one) => (best === null || sizeOf(one) > sizeOf(best) ? one : best),
      null,
    );
}

/** Branches from top to bottom, each below what it was forked from. */
export function treeOf<T extends Named>(branches: readonly T[]): Placed<T>[] {
  const placed: Placed<T>[] = [];
  const add = (branch: T, parent: T | null, parentRow: number): void => {
    const row = placed.length;
    placed.push({ branch, parent, row, parentRow });
    for (const child of branches)
      if (parentOf(child, branches)?.id === branch.id) add(child, branch, row);
  };
  for (const branch of branches) if (parentOf(branch, branches) === null) add(branch, null, -1);
  return placed;
}
