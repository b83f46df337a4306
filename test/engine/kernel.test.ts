import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { restore, save } from '../../src/engine/agenda.ts';
import {
  createKernel,
  type Kernel,
  type Layer,
  layerIndex,
  run,
  scheduleAfter,
  step,
} from '../../src/engine/kernel.ts';

/** A toy of two layers: a device sends numbered messages over a wire to a CPU. */
interface Toy {
  sent: number;
  log: string[];
}

const DEVICE = 0;
const CPU = 1;
const PERIOD_NS = 1_000;
const WIRE_NS = 250;

const device: Layer<Toy> = {
  name: 'device',
  handle: (state, event, kernel) => {
    state.log.push(`${event.timeNs} sends ${state.sent}`);
    scheduleAfter(kernel, WIRE_NS, CPU, event.a, state.sent);
    state.sent++;
    scheduleAfter(kernel, PERIOD_NS, DEVICE, event.a, event.b);
  },
};

const cpu: Layer<Toy> = {
  name: 'cpu',
  handle: (state, event) => {
    state.log.push(`${event.timeNs} gets ${event.b} of ${event.a}`);
  },
};

function toy(agenda?: Kernel<Toy>['agenda'], state: Toy = { sent: 0, log: [] }): Kernel<Toy> {
  return createKernel({ state, layers: [device, cpu], agenda });
}

function started(): Kernel<Toy> {
  const kernel = toy();
  scheduleAfter(kernel, 0, DEVICE, 7, 0);
  return kernel;
}

describe('kernel', () => {
  test('hands each event to its layer, at its time, with its operands', () => {
    const kernel = started();
    expect(run(kernel, { untilNs: 1_250 })).toBe(4);
    expect(kernel.state.log).toEqual([
      '0 sends 0',
      '250 gets 0 of 7',
      '1000 sends 1',
      '1250 gets 1 of 7',
    ]);
    expect(kernel.agenda.timeNs).toBe(1_250);
  });

  test('stops before the first event that is due later, which stays pending', () => {
    const kernel = started();
    expect(run(kernel, { untilNs: 1_249 })).toBe(3);
    expect(kernel.agenda.timeNs).toBe(1_000);
    expect(step(kernel)).toBe(true);
    expect(kernel.state.log.at(-1)).toBe('1250 gets 1 of 7');
  });

  test('stops when nothing is pending', () => {
    const kernel = toy();
    scheduleAfter(kernel, 10, CPU, 1, 2);
    expect(run(kernel)).toBe(1);
    expect(run(kernel)).toBe(0);
    expect(step(kernel)).toBe(false);
  });

  test('handles events of one time in the order they were scheduled, across layers', () => {
    const order: string[] = [];
    const layers = ['x', 'y', 'z'].map(
      (name): Layer<null> => ({
        name,
        handle: (_state, event, kernel) => {
          order.push(`${name}${event.a}`);
          if (event.a === 0) scheduleAfter(kernel, 0, (event.kind + 1) % 3, 1, 0);
        },
      }),
    );
    const kernel = createKernel({ state: null, layers });
    for (const layer of [2, 0, 1]) scheduleAfter(kernel, 5, layer, 0, 0);
    run(kernel);
    expect(order).toEqual(['z0', 'x0', 'y0', 'x1', 'y1', 'z1']);
  });

  test('a run in pieces, or saved and resumed, is the same run', () => {
    const whole = started();
    run(whole, { maxEvents: 100 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 })), pieces => {
        let kernel = started();
        let handled = 0;
        for (const maxEvents of pieces) {
          handled += run(kernel, { maxEvents: Math.min(maxEvents, 100 - handled) });
          kernel = toy(restore(save(kernel.agenda)), structuredClone(kernel.state));
        }
        run(kernel, { maxEvents: 100 - handled });
        expect(kernel.state).toEqual(whole.state);
        expect(save(kernel.agenda)).toEqual(save(whole.agenda));
      }),
    );
  });

  test('finds layers by name', () => {
    expect(layerIndex(toy(), 'cpu')).toBe(CPU);
    expect(() => layerIndex(toy(), 'bus')).toThrow(RangeError);
    expect(() => createKernel({ state: { sent: 0, log: [] }, layers: [device, device] })).toThrow(
      /device/,
    );
  });

  test.each([-1, 2, 0.5, Number.NaN])('refuses events for layer %s', layer => {
    expect(() => scheduleAfter(toy(), 1, layer, 0, 0)).toThrow(RangeError);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses a delay of %s ns', delayNs => {
    expect(() => scheduleAfter(toy(), delayNs, CPU, 0, 0)).toThrow(RangeError);
  });
});
