import { hold } from './hold.ts';
import { median, type Round } from './measure.ts';
import { runMsi64Kernel } from './msi64-kernel.ts';
import { runMsi64Simjs } from './msi64-simjs.ts';

/*
 * node contender.js NAME [NUMBER...]
 * One contender in a process of its own, where nothing else shapes the compiled code or the heap.
 * Prints milliseconds, events and checksum, as c/msi64.c does: the median of a few warm runs.
 */

const WARM_UPS = 3;
const RUNS = 3;

function contender(name: string, numbers: readonly number[]): () => Round {
  switch (name) {
    case 'msi64-kernel':
      return runMsi64Kernel;
    case 'msi64-simjs':
      return runMsi64Simjs;
    case 'hold':
      return () => hold(numbers[0], numbers[1]);
    default:
      throw new Error(`no contender ${name}`);
  }
}

const [name, ...numbers] = process.argv.slice(2);
const run = contender(name, numbers.map(Number));
const rounds: Round[] = [];
for (let i = 0; i < WARM_UPS + RUNS; i++) rounds.push(run());
const ms = median(rounds.slice(WARM_UPS).map(round => round.ms));
console.log(ms, rounds[0].events, rounds[0].check);
