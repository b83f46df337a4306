import { EN } from '../i18n/en.ts';
import type { Change } from '../worker/protocol.ts';

/** A line of events by what is different in it. */
export function branchName({ off, flips }: Change): string {
  const parts = [
    ...(off.length > 0 ? [EN.time.without(off.join(', '))] : []),
    ...flips.map(({ bit, seq }) => EN.time.turned(bit, seq)),
  ];
  return parts.join('; ') || EN.time.main;
}

/** What is different in a branch beside what is in the one it was forked from. */
export const addedName = (branch: Change, parent: Change): string =>
  branchName({
    off: branch.off.filter(rule => !parent.off.includes(rule)),
    flips: branch.flips.slice(parent.flips.length),
  });
