import { describe, expect, test } from 'vitest';
import { faultsOf, play, playAll, recordsOf, servicedOf } from './play.ts';

const vtd = (ir: object = {}, more: object = {}) => ({
  preset: 'x86-vtd',
  cpus: 3,
  ir: { kind: 'vtd', ...ir },
  ...more,
});
const devices = {
  dev: { bdf: '03:00.0', store: 'msix' },
  other: { bdf: '04:00.0', store: 'msix' },
};
const start = [{ allocate: { irq: 'dev.0', cpu: 'p0' } }, { store: 'dev.0' }, { raise: 'dev.0' }];
const race = (mover: object) => ({ race: { mover: [mover], device: [{ raise: 'dev.0' }] } });

/** What the raise in a race comes to, over all orders and choices. */
const outcomes = (platform: object, mover: object): string[] => {
  const time = { mode: 'interleave' };
  const runs = playAll({ platform, devices, time, steps: [...start, race(mover)] });
  return [...new Set(runs.map(run => [...servicedOf(run).slice(1), ...faultsOf(run)].join('; ')))];
};

describe('a driver that waits for its invalidations', () => {
  const move = { affinity: { irq: 'dev.0', cpu: 'p1' } };
  const late = [
    ...start,
    { affinity: { irq: 'dev.0', cpu: 'p1' } },
    { raise: 'dev.0' },
    { raise: 'dev.0' },
  ];

  test.each(['never', 'always', 'either'])('cache %s: the race ends at either CPU', cache => {
    expect(outcomes(vtd({ cache }), move).toSorted()).toEqual([
      'p0 dev.0 handled',
      'p1 dev.0 handled',
    ]);
  });

  test.each(['never', 'always', 'either'])('cache %s: afterwards the old entry is gone', cache => {
    for (const run of playAll({ platform: vtd({ cache }), devices, steps: late }))
      expect(servicedOf(run).slice(1)).toEqual(['p1 dev.0 handled', 'p1 dev.0 handled']);
  });

  test('the order is entry, queue, done, and only then the old vector goes back', () => {
    const run = play({ platform: vtd({ cache: 'always' }), devices, steps: late });
    const moved = run.trace.findIndex(
      record => record.act === 'step' && record.verb === 'affinity',
    );
    const acts = run.trace
      .slice(moved)
      .flatMap(record =>
        ['write', 'queue', 'invalidate', 'free'].includes(record.act) ? [record.act] : [],
      );
    expect(acts).toEqual(['write', 'write', 'queue', 'invalidate', 'free']);
  });
});

describe('what a cache can do to a driver that does not', () => {
  const off = (guard: string, cache: string, more: object = {}) =>
    vtd({ cache, ...more }, { off: [guard] });
  const late = (platform: object) =>
    playAll({
      platform,
      devices,
      steps: [...start, { affinity: { irq: 'dev.0', cpu: 'p1' } }, { raise: 'dev.0' }],
    }).map(run => servicedOf(run).slice(1).join());

  test.each<[string, string[]]>([
    ['never', ['p1 dev.0 handled']],
    ['always', ['p0 0x21 spurious']],
    ['either', ['p1 dev.0 handled', 'p0 0x21 spurious']],
  ])('no flush after a change, cache %s', (cache, seen) => {
    expect(late(off('remap/flush-on-change', cache))).toEqual(seen);
  });

  test('no wait: the old entry still counts when the old vector has gone back', () => {
    const seen = outcomes(off('remap/wait-for-invalidation', 'always'), {
      affinity: { irq: 'dev.0', cpu: 'p1' },
    });
    expect(seen.toSorted()).toEqual(['p0 0x21 spurious', 'p0 dev.0 handled', 'p1 dev.0 handled']);
  });

  test('a freed entry that was not flushed still fires for its requester', () => {
    const steps = [
      ...start,
      { free: 'dev.0' },
      { raise: { device: 'dev', message: { format: 'remappable', handle: 0 } } },
    ];
    const run = play({ platform: off('remap/flush-on-free', 'always'), devices, steps });
    expect(faultsOf(run)).toEqual([]);
    expect(servicedOf(run)).toHaveLength(2);
  });

  test.each([
    [false, ['p0 dev.0 handled'], 1],
    [true, [], 2],
  ])('entries not present are cached (%s): %j', (cachesNotPresent, seen, faults) => {
    const raw = { raise: { device: 'dev', message: { format: 'remappable', handle: 0 } } };
    const platform = off('remap/flush-on-change', 'always', { cachesNotPresent });
    const run = play({ platform, devices, steps: [raw, ...start] });
    expect(servicedOf(run)).toEqual(seen);
    expect(faultsOf(run)).toEqual(Array(faults).fill('vtd/0x22 recorded'));
  });
});

describe('which entries an invalidation covers', () => {
  const many = (scope: object | string) => {
    const all = [0, 1, 2, 3, 4, 5].map(i => `dev.${i}`);
    const run = play({
      platform: vtd({ cache: 'always' }),
      devices: { dev: { bdf: '03:00.0', store: 'msix', vectors: 6 } },
      steps: [
        ...all.flatMap(irq => [{ allocate: { irq, cpu: 'p0' } }, { store: irq }, { raise: irq }]),
        ...all.map((_, entry) => ({ write: { entry, high: '0x0', low: '0x0' }, by: 'host' })),
        { invalidate: scope, by: 'host' },
        ...all.map(irq => ({ raise: irq })),
      ],
    });
    return recordsOf(run, 'fault').map(({ entry }) => entry);
  };

  test.each<[string, object | string, number[]]>([
    ['all', 'all', [0, 1, 2, 3, 4, 5]],
    ['one', { entry: 3 }, [3]],
    ['two, aligned', { entry: 2, count: 2 }, [2, 3]],
    ['two, not aligned: the block its index lies in', { entry: 3, count: 2 }, [2, 3]],
    ['three: four', { entry: 1, count: 3 }, [0, 1, 2, 3]],
    ['four, not aligned', { entry: 5, count: 4 }, [4, 5]],
  ])('%s', (_name, scope, gone) => {
    expect(many(scope)).toEqual(gone);
  });
});

describe('an entry that comes to be', () => {
  const activation = (entryWrite: string) =>
    playAll({
      platform: vtd({ entryWrite }),
      devices,
      time: { mode: 'interleave' },
      steps: [
        {
          race: {
            driver: [{ allocate: { irq: 'dev.0', cpu: 'p1' } }],
            stranger: [
              { raise: { device: 'other', message: { format: 'remappable', handle: 0 } } },
            ],
          },
        },
      ],
    });
  const kinds = (entryWrite: string) =>
    new Set(activation(entryWrite).map(run => [...servicedOf(run), ...faultsOf(run)].join()));

  test('in one go: strangers are refused, before as not present, after by their id', () => {
    expect([...kinds('whole')].toSorted()).toEqual(['vtd/0x22 recorded', 'vtd/0x26 recorded']);
  });

  test('low half first: between the halves there is no source check', () => {
    expect([...kinds('halves')].toSorted()).toEqual([
      'p1 dev.0 handled',
      'vtd/0x22 recorded',
      'vtd/0x26 recorded',
    ]);
  });
});
