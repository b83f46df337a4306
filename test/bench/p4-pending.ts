import { atMost, type Goal, measured } from './goal.ts';
import { alternate, nodeContender, ratioOf } from './measure.ts';

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
  suite: 'engine',
  title: 'hold model, an event with 100 k pending against one with 100',
  measure: () => {
    const pairs = MEAN_DELAYS_US.map(us => [contender(FEW, us), contender(MANY, us)]);
    const timings = alternate(pairs.flat(), ROUNDS);
    const ratios = pairs.map((_, i) => ratioOf(timings[2 * i + 1], timings[2 * i]));
    return measured([atMost('times the cost', Math.max(...ratios), TIMES_SLOWER)], timings);
  },
};
