import { atMost, type Goal } from './goal.ts';
import { alternate, nodeContender } from './measure.ts';

const ROUNDS = 5;
const FEW = 100;
const MANY = 100_000;
const TIMES_SLOWER = 1.5;

/** Mean delays. The goal is about the first; the others show how far that is general. */
const MEANS_US = [10, 1, 100];

/** The cost of an event does not depend on how many are pending. */
export const P4: Goal = {
  id: 'P4',
  title: 'hold model, cost of an event with 100 k pending over that with 100',
  measure: () => {
    const contenders = MEANS_US.flatMap(meanUs =>
      [FEW, MANY].map(pending =>
        nodeContender(`${pending} pending, mean delay ${meanUs} us`, [
          'hold',
          `${pending}`,
          `${meanUs * 1000}`,
        ]),
      ),
    );
    const timings = alternate(contenders, ROUNDS);
    return atMost(TIMES_SLOWER, timings[1].nsPerEvent / timings[0].nsPerEvent, timings);
  },
};
