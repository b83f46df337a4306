import { atLeast, type Goal, measured } from './goal.ts';
import { alternate, nodeContender, ratioOf, requireSameCheck } from './measure.ts';

const ROUNDS = 7;
const TIMES_FASTER = 5;

/** The layered API against the fastest simulator for JavaScript. */
export const P1: Goal = {
  id: 'P1',
  suite: 'engine',
  title: 'msi64 through the layered API, against simjs',
  measure: () => {
    const rounds = alternate(
      [nodeContender('irqscope', ['msi64-kernel']), nodeContender('simjs', ['msi64-simjs'])],
      ROUNDS,
    );
    const [ours, simjs] = rounds;
    requireSameCheck(rounds);
    return measured([atLeast('times as fast', ratioOf(simjs, ours), TIMES_FASTER)], rounds);
  },
};
