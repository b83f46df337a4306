import { atLeast, type Goal, measured } from './goal.ts';
import { alternate, nodeContender, ratioOf } from './measure.ts';

const ROUNDS = 5;
const TIMES_FASTER = 2;
const EVENTS = 1_000_000;
const EVENTS_FULL = 100_000;

/** The whole machine, with a trace, against a toy on the fastest simulator for JavaScript. */
export const P2: Goal = {
  id: 'P2',
  suite: 'engine',
  title: 'msi64 on the whole machine with a trace of facts, against the toy on simjs',
  measure: () => {
    const timings = alternate(
      [
        nodeContender('irqscope, facts', ['msi64-machine-facts', `${EVENTS}`]),
        nodeContender('simjs, the toy', ['msi64-simjs']),
        nodeContender('irqscope, no trace', ['msi64-machine-silent', `${EVENTS}`]),
        nodeContender('irqscope, checks and causes', ['msi64-machine-full', `${EVENTS_FULL}`]),
      ],
      ROUNDS,
    );
    const [facts, simjs] = timings;
    return measured([atLeast('times as fast', ratioOf(simjs, facts), TIMES_FASTER)], timings);
  },
};
