import { atLeast, type Goal } from './goal.ts';
import { alternate, nodeContender } from './measure.ts';

const ROUNDS = 5;
const TIMES_FASTER = 2;
const EVENTS = 1_000_000;
const EVENTS_FULL = 100_000;

/** The whole machine, with a trace, against a toy on the fastest simulator for JavaScript. */
export const P2: Goal = {
  id: 'P2',
  title: 'msi64 on the whole machine with a trace of facts, times as fast as the toy on simjs',
  measure: () => {
    const timings = alternate(
      [
        nodeContender('irqscope, facts', ['msi64-machine', 'facts', `${EVENTS}`]),
        nodeContender('simjs, the toy', ['msi64-simjs']),
        nodeContender('irqscope, no trace', ['msi64-machine', 'silent', `${EVENTS}`]),
        nodeContender('irqscope, checks and causes', ['msi64-machine', 'full', `${EVENTS_FULL}`]),
      ],
      ROUNDS,
    );
    const [facts, simjs] = timings;
    return atLeast(TIMES_FASTER, simjs.nsPerEvent / facts.nsPerEvent, timings);
  },
};
