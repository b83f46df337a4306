import { spawnSync } from 'node:child_process';
import type { ModelSize } from './explore-model.ts';
import { atLeast, type Goal, measured } from './goal.ts';
import { alternate, nodeContender, ratioOf, requireSameCheck } from './measure.ts';
import { spinContender } from './spin-search.ts';

const ROUNDS = 3;
/** Large enough for SPIN’s clock of 10 ms, small enough for a coffee. */
const SIZE: ModelSize = { victims: 3, entries: 8 };
const RATIO = 1;

/** Where a program is; null where it is not on this machine. */
function pathOf(name: string): string | null {
  const { stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' });
  return stdout.trim() || null;
}

/**
 * The explorer, which drives the same step function as everything else, against SPIN on a model
 * written for it, with equal counts of projected states.
 */
export const P6: Goal = {
  id: 'P6',
  suite: 'explore',
  title: `the open question with ${SIZE.victims} victims and ${SIZE.entries} entries, against SPIN`,
  measure: () => {
    const [spin, cc] = [pathOf('spin'), pathOf('cc')];
    if (!spin || !cc)
      return { verdict: 'left-out', why: `no ${spin ? 'C compiler' : 'SPIN'} here` };
    const timings = alternate(
      [
        nodeContender('irqscope', ['explore', String(SIZE.victims), String(SIZE.entries)]),
        spinContender({ spin, cc }, SIZE, 'breadth first'),
      ],
      ROUNDS,
    );
    requireSameCheck(timings);
    const [ours, theirs] = timings;
    return measured([atLeast('projected states a second', ratioOf(theirs, ours), RATIO)], timings);
  },
};
