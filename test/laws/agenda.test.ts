import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Agenda,
  type AgendaImage,
  createAgenda,
  next,
  type PendingEvent,
  peekTimeNs,
  restore,
  save,
  schedule,
  scheduleAfter,
  size,
} from '../../src/engine/agenda.ts';

const MAX_TIME_NS = Number.MAX_SAFE_INTEGER;

/** The agenda as the law says it: a list, in the order of scheduling. */
interface Model {
  timeNs: number;
  pending: PendingEvent[];
}

/** The first of those that are due earliest. */
function earliest(model: Model): PendingEvent | undefined {
  const dueNs = Math.min(...model.pending.map(event => event.timeNs));
  return model.pending.find(event => event.timeNs === dueNs);
}

function takeEarliest(model: Model, untilNs: number): PendingEvent | undefined {
  const event = earliest(model);
  if (!event || event.timeNs > untilNs) return undefined;
  model.pending = model.pending.filter(other => other !== event);
  model.timeNs = event.timeNs;
  return event;
}

/** The model's future, by taking everything. */
function future(model: Model): AgendaImage {
  const rest: Model = { ...model };
  const events: PendingEvent[] = [];
  for (;;) {
    const event = takeEarliest(rest, Number.POSITIVE_INFINITY);
    if (!event) return { timeNs: model.timeNs, events };
    events.push(event);
  }
}

type Action =
  | { readonly do: 'schedule' | 'after'; readonly delayNs: number }
  | { readonly do: 'next'; readonly count: number }
  | { readonly do: 'until'; readonly aheadNs: number }
  | { readonly do: 'restore' };

const powerOfTwo = fc
  .tuple(fc.integer({ min: 0, max: 45 }), fc.integer({ min: -2, max: 2 }))
  .map(([exponent, off]) => Math.max(0, 2 ** exponent + off));

const delayNs = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 1, 100, 300) },
  { weight: 3, arbitrary: fc.nat(30) },
  { weight: 2, arbitrary: fc.nat(20_000) },
  { weight: 1, arbitrary: fc.nat(30_000_000) },
  { weight: 2, arbitrary: powerOfTwo },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 40, 2 ** 40 + 8192) },
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('schedule' as const), delayNs }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('after' as const), delayNs }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('next' as const),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('until' as const), aheadNs: delayNs }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const) }) },
);

const startNs = fc.constantFrom(0, 1, 8191, 2 ** 31 - 50, 2 ** 40 + 12_345, 2 ** 52);

/** What left last, as an event. */
const left = ({ timeNs, kind, a, b }: Agenda): PendingEvent => ({ timeNs, kind, a, b });

function expectNext(agenda: Agenda, model: Model, untilNs?: number): void {
  const expected = takeEarliest(model, untilNs ?? Number.POSITIVE_INFINITY);
  expect(next(agenda, untilNs)).toBe(expected !== undefined);
  if (expected) expect(left(agenda)).toEqual(expected);
}

/** Does an action to both; gives the agenda to go on with. `serial` marks what is scheduled. */
function act(agenda: Agenda, model: Model, what: Action, serial: number): Agenda {
  switch (what.do) {
    case 'schedule':
    case 'after': {
      const event = {
        timeNs: model.timeNs + what.delayNs,
        kind: serial % 5,
        a: serial,
        b: ~serial,
      };
      if (what.do === 'after') scheduleAfter(agenda, what.delayNs, event.kind, event.a, event.b);
      else schedule(agenda, event.timeNs, event.kind, event.a, event.b);
      model.pending.push(event);
      return agenda;
    }
    case 'next':
      for (let i = 0; i < what.count; i++) expectNext(agenda, model);
      return agenda;
    case 'until':
      expectNext(agenda, model, model.timeNs + what.aheadNs);
      return agenda;
    case 'restore':
      return restore(JSON.parse(JSON.stringify(save(agenda))));
  }
}

describe('the law of the agenda', () => {
  test('events leave by time, and equal times in the order they were scheduled', () => {
    fc.assert(
      fc.property(startNs, fc.array(action, { maxLength: 120 }), (start, actions) => {
        let agenda = createAgenda(start);
        const model: Model = { timeNs: start, pending: [] };
        actions.forEach((what, serial) => {
          agenda = act(agenda, model, what, serial);
          expect(agenda.timeNs).toBe(model.timeNs);
          expect(peekTimeNs(agenda)).toBe(earliest(model)?.timeNs ?? Number.POSITIVE_INFINITY);
        });
        expect(size(agenda)).toBe(model.pending.length);
        while (model.pending.length > 0) expectNext(agenda, model);
        expect(next(agenda)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('an image holds the clock and the future, and nothing of the past', () => {
    fc.assert(
      fc.property(startNs, fc.array(action, { maxLength: 60 }), (start, actions) => {
        let agenda = createAgenda(start);
        const model: Model = { timeNs: start, pending: [] };
        actions.forEach((what, serial) => {
          agenda = act(agenda, model, what, serial);
        });
        expect(save(agenda)).toEqual(future(model));
        expect(save(restore(save(agenda)))).toEqual(save(agenda));
      }),
      { numRuns: 200 },
    );
  });
});

describe('agenda', () => {
  test('keeps the order of many events of one time, near and far', () => {
    const agenda = createAgenda();
    const times = [5, 9_000, 2 ** 40];
    const count = 3_000;
    for (let i = 0; i < count; i++) schedule(agenda, times[i % times.length], 0, i, 0);
    const order: number[] = [];
    while (next(agenda)) order.push(agenda.a);
    const ofTime = (t: number) =>
      Array.from({ length: count / times.length }, (_, i) => i * times.length + t);
    expect(order).toEqual([...ofTime(0), ...ofTime(1), ...ofTime(2)]);
  });

  test('takes any time below 2^53, whatever the order', () => {
    const around = Array.from({ length: 53 }, (_, i) => [2 ** i - 1, 2 ** i, 2 ** i + 1]).flat();
    const times = [...around, MAX_TIME_NS, MAX_TIME_NS - 1, 0];
    for (const order of [times, times.toReversed()]) {
      const agenda = createAgenda();
      for (const timeNs of order) schedule(agenda, timeNs, 0, 0, 0);
      const seen: number[] = [];
      while (next(agenda)) seen.push(agenda.timeNs);
      expect(seen).toEqual(times.toSorted((x, y) => x - y));
    }
  });

  test('an event that is not due stays, and events before it can still be scheduled', () => {
    const agenda = createAgenda();
    schedule(agenda, 1_000_000, 7, 0, 0);
    expect(next(agenda, 999_999)).toBe(false);
    expect(agenda.timeNs).toBe(0);
    schedule(agenda, 20_000, 8, 0, 0);
    expect(next(agenda, 1_000_000)).toBe(true);
    expect(left(agenda)).toEqual({ timeNs: 20_000, kind: 8, a: 0, b: 0 });
    expect(next(agenda, 1_000_000)).toBe(true);
    expect(left(agenda)).toEqual({ timeNs: 1_000_000, kind: 7, a: 0, b: 0 });
  });

  test.each([
    ['past', 4_999, 0, 0, 0],
    ['long past', 10, 0, 0, 0],
    ['fractional', 5_000.5, 0, 0, 0],
    ['negative', -1, 0, 0, 0],
    ['not a number', Number.NaN, 0, 0, 0],
    ['infinite', Number.POSITIVE_INFINITY, 0, 0, 0],
    ['too large', 2 ** 53, 0, 0, 0],
    ['kind', 6_000, 0.5, 0, 0],
    ['a', 6_000, 0, 2 ** 31, 0],
    ['b', 6_000, 0, 0, -(2 ** 31) - 1],
  ])('refuses what is out of range, and does not change: %s', (_what, timeNs, kind, a, b) => {
    const agenda = createAgenda();
    schedule(agenda, 5_000, 1, 2, 3);
    schedule(agenda, 70_000, 4, 5, 6);
    next(agenda);
    const before = save(agenda);
    expect(() => schedule(agenda, timeNs, kind, a, b)).toThrow(RangeError);
    expect(() => scheduleAfter(agenda, timeNs - 5_000, kind, a, b)).toThrow(RangeError);
    expect(save(agenda)).toEqual(before);
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN])('cannot start at %s', timeNs => {
    expect(() => createAgenda(timeNs)).toThrow(RangeError);
  });
});
