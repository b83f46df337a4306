import { createHistory, type History } from '../../src/index.ts';
import { median, processorMs, type Round } from './measure.ts';
import { msi64Scenario } from './msi64-machine.ts';

const EVENTS = 1_000_000;
const SEEKS = 400;
/** Seeks before those that are timed, so that no code is met for the first time. */
const WARM_UPS = 20;
const PERCENTILE = 0.99;

/** A run of the whole machine one can look back upon; `every` Infinity: from the start only. */
export function historyRun(every?: number): () => History {
  const { machine, program, seed } = msi64Scenario(EVENTS / 4);
  const chance = { seed, pick: () => 0 };
  const options = { level: 'silent', eventsMax: EVENTS, ...(every && { every }) } as const;
  return () => createHistory(machine, program, chance, options);
}

/** How long the run takes. */
export function historyThroughput(every?: number): () => Round {
  const run = historyRun(every);
  return () => {
    const start = processorMs();
    const { events } = run();
    return { ms: processorMs() - start, events, check: events };
  };
}

/** Seeks all over a run: milliseconds of the slowest but one in a hundred, and of the middle one. */
export function seekMs(): { readonly slow: number; readonly middle: number } {
  const history = historyRun()();
  const all: number[] = [];
  let event = 1;
  for (let i = 0; i < WARM_UPS + SEEKS; i++) {
    event = (event * 48_271) % 2_147_483_647;
    const start = processorMs();
    history.stateAt(event % history.events);
    if (i >= WARM_UPS) all.push(processorMs() - start);
  }
  const sorted = all.toSorted((x, y) => x - y);
  return { slow: sorted[Math.floor(SEEKS * PERCENTILE)], middle: median(all) };
}

/** Megabytes a history of the run holds on to, its own machine and program not counted. */
export function historyMegabytes(): number {
  const run = historyRun();
  const used = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  run();
  const before = used();
  const history = run();
  const megabytes = (used() - before) / 2 ** 20;
  if (history.events !== EVENTS) throw new Error(`${history.events} events`);
  return megabytes;
}
