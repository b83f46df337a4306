import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { allServiced, breaksIsolation } from '../../src/runner/run-view.ts';
import { type Played, play, playAll, type Script } from '../engine/play.ts';

const base = {
  platform: { preset: 'x86-vtd', cpus: 3 },
  guests: { g1: { vcpus: { v0: 'p1' }, behaviour: 'adversarial' } },
  devices: {
    nic: { bdf: '02:00.0', store: 'msix', vectors: 2 },
    q: { bdf: '03:00.0', store: 'ims-queue', owner: 'g1' },
  },
} satisfies Partial<Script>;

const HOST_UP = [{ allocate: { irq: 'nic.0', cpu: 'p0' } }, { store: 'nic.0' }];
const GUEST_UP = [{ allocate: { irq: 'q.0', cpu: 'v0' } }, { store: 'q.0' }];

/** A script, how many of its raises count, and how many of those are serviced. */
const ROWS: readonly (readonly [string, readonly object[], number, number, object?])[] = [
  ['a raise', [...HOST_UP, { raise: 'nic.0' }], 1, 1],
  ['a raise of a guest’s device', [...GUEST_UP, { raise: 'q.0' }], 1, 1],
  ['a raise before anything was allocated', [{ raise: 'nic.0' }], 0, 0],
  ['a raise before its function was switched on', [HOST_UP[0], { raise: 'nic.0' }], 0, 0],
  [
    'a raise while its function is off again',
    [...HOST_UP, { raise: 'nic.0' }, { power: 'suspend' }, { raise: 'nic.0' }],
    2,
    1,
  ],
  ['a raise after it was given back', [...HOST_UP, { free: 'nic.0' }, { raise: 'nic.0' }], 0, 0],
  ['a raise behind a mask', [...HOST_UP, { mask: 'nic.0' }, { raise: 'nic.0' }], 0, 0],
  [
    'what waited behind a mask',
    [...HOST_UP, { mask: 'nic.0' }, { raise: 'nic.0' }, { unmask: 'nic.0' }],
    1,
    1,
  ],
  [
    'edges that the CPU takes as one',
    [
      ...HOST_UP,
      { cpu: { cpu: 'p0', do: 'interrupts-off' } },
      { raise: { irq: 'nic.0', times: 3 } },
      { cpu: { cpu: 'p0', do: 'interrupts-on' } },
    ],
    3,
    3,
  ],
  [
    'a CPU that never listens again',
    [...HOST_UP, { cpu: { cpu: 'p0', do: 'interrupts-off' } }, { raise: 'nic.0' }],
    1,
    0,
  ],
  [
    'a service before the raise',
    [...HOST_UP, { raise: 'nic.0' }, { write: { entry: 0, words: [0] } }, { raise: 'nic.0' }],
    2,
    1,
  ],
  [
    'a message that was forged, and refused',
    [
      ...GUEST_UP,
      { attack: { kind: 'forge-store', irq: 'q.0', message: { format: 'remappable', handle: 9 } } },
      { raise: 'q.0' },
    ],
    0,
    0,
  ],
  [
    'an honest message stored again after a forgery',
    [
      ...GUEST_UP,
      { attack: { kind: 'forge-store', irq: 'q.0', message: { format: 'remappable', handle: 9 } } },
      { raise: 'q.0' },
      { store: 'q.0' },
      { raise: 'q.0' },
    ],
    1,
    1,
  ],
  [
    'a write of spelled-out words is nobody’s interrupt',
    [
      ...HOST_UP,
      { raise: { device: 'nic', message: { format: 'compat', dest: 0, vector: 0x55 } } },
    ],
    0,
    0,
  ],
  [
    'the vector of one that is serviced on another’s behalf',
    [
      { allocate: { irq: 'nic.0', cpu: 'p0', vector: 0x31 } },
      { store: 'nic.0' },
      { allocate: { irq: 'nic.1', cpu: 'p0', vector: 0x41 } },
      { store: 'nic.1' },
      // The entry of nic.0 now names the vector of nic.1.
      { write: { entry: 0, words: [0x00410009], first: 0 } },
      { raise: 'nic.0' },
    ],
    1,
    0,
  ],
  [
    'a guest that waits for its CPU',
    [
      ...GUEST_UP,
      { cpu: { cpu: 'g1/v0', do: 'preempt' } },
      { raise: 'q.0' },
      { cpu: { cpu: 'g1/v0', do: 'run', on: 'p2' } },
    ],
    1,
    1,
    { guests: { g1: { vcpus: { v0: 'p1' }, behaviour: 'adversarial', interrupts: 'posted' } } },
  ],
];

describe('what counts as a permitted raise, and as its service', () => {
  it.each(ROWS.map(row => [row[0], row] as const))('%s', (_, row) => {
    const [, steps, permitted, serviced, more] = row;
    const run = play({ ...base, ...more, steps });
    const answered = run.raises.filter(({ servicedSeq }) => servicedSeq >= 0);
    expect([run.raises.length, answered.length]).toEqual([permitted, serviced]);
    for (const { seq, servicedSeq } of answered) expect(servicedSeq).toBeGreaterThan(seq);
    expect(allServiced(run)).toBe(permitted === serviced);
  });
});

/** Honest use of two devices and two CPUs, in any order. */
const HOST_IRQS = ['nic.0', 'nic.1', 'disk.0'];
const irq = fc.constantFrom(...HOST_IRQS);
const cpu = fc.constantFrom('p0', 'p1');

/** What an interrupt has gone through so far: a driver does only what makes sense next. */
type Stage = 'free' | 'allocated' | 'stored';

const step = fc.record({
  irq,
  cpu,
  act: fc.constantFrom('next', 'next', 'raise', 'raise', 'mask', 'unmask', 'affinity', 'free'),
});

/** Turns drawn deeds into what a correct driver would do at that moment. */
function honest(drawn: readonly { irq: string; cpu: string; act: string }[]): object[] {
  const stages = new Map<string, Stage>();
  return drawn.flatMap(({ irq: name, cpu: on, act }): object[] => {
    const stage = stages.get(name) ?? 'free';
    if (stage === 'free') {
      stages.set(name, 'allocated');
      return [{ allocate: { irq: name, cpu: on } }];
    }
    if (stage === 'allocated') {
      stages.set(name, 'stored');
      return [{ store: name }];
    }
    if (act === 'next') return [{ raise: name }];
    if (act === 'affinity') return [{ affinity: { irq: name, cpu: on } }, { raise: name }];
    if (act === 'free') stages.set(name, 'free');
    return [{ [act]: name }];
  });
}

const platforms = fc.record({
  ir: fc.constantFrom<unknown>(
    'none',
    'vtd',
    { kind: 'vtd', entryWrite: 'whole', cache: 'always' },
    { kind: 'amdvi', cache: 'always' },
    { kind: 'amdvi', entryBits: 32, table: 'shared' },
  ),
  kernel: fc.constantFrom('linux-6.1', 'linux-6.6'),
  destination: fc.constantFrom('physical', 'logical'),
  cpus: fc.constant(2),
});

const HOST_DEVICES = {
  nic: { bdf: '02:00.0', store: 'msix', vectors: 2 },
  disk: { bdf: '00:1f.2', store: 'msi' },
};

const isSound = (run: Played): boolean =>
  allServiced(run) && !run.findings.some(breaksIsolation) && run.end === 'done';

test('honest software on sound hardware is isolated, and works', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      platforms,
      fc.array(step, { minLength: 3, maxLength: 30, size: 'max' }),
      (platform, drawn) => {
        const run = play({ platform, devices: HOST_DEVICES, steps: honest(drawn) });
        expect(run.findings.filter(({ rule }) => rule !== 'integrity/spurious')).toEqual([]);
        expect(isSound(run)).toBe(true);
      },
    ),
    { numRuns: 400 },
  );
});

test('without a flush after each change it does not', () => {
  const result = fc.check(
    fc.property(fc.array(step, { minLength: 3, maxLength: 30, size: 'max' }), drawn =>
      isSound(
        play({
          platform: { ir: { kind: 'vtd', cache: 'always' }, off: ['remap/flush-on-change'] },
          devices: HOST_DEVICES,
          steps: honest(drawn),
        }),
      ),
    ),
    { numRuns: 400, endOnFailure: true },
  );
  expect(result.failed).toBe(true);
});

test('and so does a move in every order with a raise, by the way the kernel has', {
  timeout: 60_000,
}, () => {
  const stores = fc.constantFrom(
    { store: 'msi' },
    { store: 'msi', maskable: true },
    { store: 'msix' },
    { store: 'msi', storeWidth: 16 },
  );
  fc.assert(
    fc.property(platforms, stores, (platform, store) => {
      const runs = playAll({
        platform,
        devices: { d: { bdf: '02:00.0', ...store } },
        time: { mode: 'interleave' },
        steps: [
          { allocate: { irq: 'd.0', cpu: 'p0' } },
          { store: 'd.0' },
          {
            race: {
              mover: [{ affinity: { irq: 'd.0', cpu: 'p1' } }],
              device: [{ raise: 'd.0' }],
            },
          },
        ],
      });
      for (const run of runs) expect(isSound(run)).toBe(true);
    }),
    { numRuns: 25 },
  );
});
