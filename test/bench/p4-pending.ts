import { atMost, type Goal } from './goal.ts';
import { alternate, nodeContender } from './measure.ts';

const ROUNDS = 5;
const FEW = 100;
const MANY = 100_000;
const TIMES_SLOWER = 1.5;

const MEAN_DELAYS_US = [1, 10, 100];

const contender = (pending: number, meanUs: number) =>
  nodeContender(`${pending} pending, mean delay ${meanUs} us`, [
    'hold',
    `${pending}`,
    `${meanUs * 1000}`,
  ]);

/** The cost of an event does not depend on how many are pending: the worst of some mean delays. */
export const P4: Goal = {
  id: 'P4',
  title: 'hold model, cost of an event with 100 k pending over that with 100, worst delay',
  measure: () => {
    const pairs = MEAN_DELAYS_US.map(us => [contender(FEW, us), contender(MANY, us)]);
    const timings = alternate(pairs.flat(), ROUNDS);
    const ratios = pairs.map((_, i) => timings[2 * i + 1].nsPerEvent / timings[2 * i].nsPerEvent);
    return atMost(TIMES_SLOWER, Math.max(...ratios), timings);
  },
};
