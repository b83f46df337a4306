import { createKernel, type Layer, runKernel, scheduleAfter } from '../../src/index.ts';
import { processorMs, type Round } from './measure.ts';
import { drawGapNs, gapsNs } from './msi64.ts';

const EVENTS = 1_000_000;

interface Hold {
  random: number;
  check: number;
  readonly gapsNs: readonly number[];
}

const LAYERS: readonly Layer<Hold>[] = [
  {
    name: 'hold',
    handle: (state, event, kernel) => {
      state.check = Math.imul(state.check ^ event.a, 0x01000193);
      scheduleAfter(kernel, drawGapNs(state), 0, event.a, 0);
    },
  },
];

/** Hold model: every event schedules one, at an exponential delay, so that as many stay pending. */
export function hold(pending: number, meanNs: number, count = EVENTS): Round {
  const state: Hold = { random: 1, check: 0, gapsNs: gapsNs(meanNs) };
  const kernel = createKernel({ state, layers: LAYERS });
  for (let i = 0; i < pending; i++) scheduleAfter(kernel, drawGapNs(state), 0, i, 0);
  runKernel(kernel, { maxEvents: pending * 2 });
  const start = processorMs();
  const events = runKernel(kernel, { maxEvents: count });
  return { ms: processorMs() - start, events, check: state.check };
}
