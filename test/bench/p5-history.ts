import { atMost, type Goal, measured } from './goal.ts';
import { alternate, nodeContender, ratioOf, runNode } from './measure.ts';

const ROUNDS = 7;
const PERCENT_MAX = 5;
const MEGABYTES_MAX = 32;
const SEEK_MS_MAX = 16;
const PERCENT = 100;

/** Looking back upon a run of a million events: what it costs, what it holds, how long it takes. */
export const P5: Goal = {
  id: 'P5',
  suite: 'engine',
  title: 'time travel on 1 M events of msi64 on the whole machine',
  measure: () => {
    const timings = alternate(
      [
        nodeContender('irqscope, checkpoints', ['history']),
        nodeContender('irqscope, from the start only', ['history-none']),
      ],
      ROUNDS,
    );
    const [checkpoints, none] = timings;
    const [megabytes] = runNode(['--expose-gc'], ['history-memory']);
    const [slowMs] = runNode([], ['history-seek']);
    const percent = (ratioOf(checkpoints, none) - 1) * PERCENT;
    return measured(
      [
        atMost('% of the run', percent, PERCENT_MAX),
        atMost('MB', megabytes, MEGABYTES_MAX),
        atMost('ms to seek, 99th of a hundred', slowMs, SEEK_MS_MAX),
      ],
      timings,
    );
  },
};
