import { searchModel } from './explore-search.ts';
import { historyMegabytes, historyThroughput, seekMs } from './history.ts';
import { hold } from './hold.ts';
import { median, type Round } from './measure.ts';
import { runMsi64Kernel } from './msi64-kernel.ts';
import { runMsi64Machine } from './msi64-machine.ts';
import { runMsi64Simjs } from './msi64-simjs.ts';

/*
 * node contender.js NAME [NUMBER...]
 * One contender in a process of its own, where nothing else shapes the compiled code or the heap.
 * Prints milliseconds, events and checksum, as c/msi64.c does: the median of a few warm runs; of
 * what is no race, the figure itself.
 */

const WARM_UPS = 3;
const RUNS = 3;

function contender(name: string, numbers: readonly number[]): () => Round {
  switch (name) {
    case 'msi64-kernel':
      return () => runMsi64Kernel();
    case 'msi64-simjs':
      return () => runMsi64Simjs();
    case 'msi64-machine-silent':
      return runMsi64Machine('silent', numbers[0]);
    case 'msi64-machine-facts':
      return runMsi64Machine('facts', numbers[0]);
    case 'msi64-machine-full':
      return runMsi64Machine('full', numbers[0]);
    case 'history':
      return historyThroughput();
    case 'history-none':
      return historyThroughput(Number.POSITIVE_INFINITY);
    case 'explore':
      return () => searchModel(numbers[0], numbers[1]);
    case 'hold':
      return () => hold(numbers[0], numbers[1]);
    default:
      throw new Error(`no contender ${name}`);
  }
}

/** A contender that is timed: the median of a few warm runs. */
function timed(name: string, numbers: readonly number[]): readonly number[] {
  const run = contender(name, numbers);
  const rounds: Round[] = [];
  for (let i = 0; i < WARM_UPS + RUNS; i++) rounds.push(run());
  const ms = median(rounds.slice(WARM_UPS).map(round => round.ms));
  return [ms, rounds[0].events, rounds[0].check];
}

const [name, ...words] = process.argv.slice(2);
if (name === 'history-memory') console.log(historyMegabytes());
else if (name === 'history-seek') console.log(seekMs().slow, seekMs().middle);
else console.log(...timed(name, words.map(Number)));
