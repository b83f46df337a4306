import { atLeast, type Goal } from './goal.ts';
import { alternate, nodeContender, requireSameCheck } from './measure.ts';

const ROUNDS = 7;
const TIMES_FASTER = 5;

/** The layered API against the fastest simulator for JavaScript. */
export const P1: Goal = {
  id: 'P1',
  title: 'msi64 through the layered API, times as fast as simjs',
  measure: () => {
    const timings = alternate(
      [nodeContender('irqscope', ['msi64-kernel']), nodeContender('simjs', ['msi64-simjs'])],
      ROUNDS,
    );
    requireSameCheck(timings);
    const [ours, simjs] = timings;
    return atLeast(TIMES_FASTER, simjs.nsPerEvent / ours.nsPerEvent, timings);
  },
};
