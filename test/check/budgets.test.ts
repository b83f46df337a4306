import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { play, rulesOf, type Script } from '../engine/play.ts';

/** A budget, and a script that uses it so many times on a guest’s account. */
interface Budget {
  readonly rule: string;
  readonly budget: string;
  readonly use: (times: number, by: 'g1' | 'g2') => readonly object[];
}

const SLOTS = 24;
const DEVICE = { g1: 'd1', g2: 'd2' } as const;

const BUDGETS: readonly Budget[] = [
  {
    rule: 'dos/storm',
    budget: 'interrupts',
    use: (times, by) => [
      { allocate: { irq: `${DEVICE[by]}.0`, cpu: 'v0' } },
      { store: `${DEVICE[by]}.0` },
      { raise: { irq: `${DEVICE[by]}.0`, times } },
    ],
  },
  {
    rule: 'dos/fault-log',
    budget: 'faults',
    use: (times, by) => [
      {
        repeat: {
          times,
          steps: [{ raise: { device: DEVICE[by], message: { format: 'remappable', handle: 60 } } }],
        },
      },
    ],
  },
  {
    rule: 'dos/entry-exhaustion',
    budget: 'entries',
    use: (times, by) => [{ allocate: { irq: `${DEVICE[by]}.0`, count: times, cpu: 'v0' } }],
  },
  {
    rule: 'dos/vector-exhaustion',
    budget: 'vectors',
    use: (times, by) => [{ allocate: { irq: `${DEVICE[by]}.0`, count: times, cpu: 'v0' } }],
  },
  {
    // Each allocation has its entry flushed once.
    rule: 'dos/inval-queue',
    budget: 'invalidations',
    use: (times, by) => [{ allocate: { irq: `${DEVICE[by]}.0`, count: times, cpu: 'v0' } }],
  },
];

const script = (budgets: object, steps: readonly object[]): Script => ({
  platform: { preset: 'x86-vtd', cpus: 3, ir: { kind: 'vtd', entries: 64 } },
  guests: {
    g1: { vcpus: { v0: 'p1' }, behaviour: 'adversarial' },
    g2: { vcpus: { v0: 'p2' } },
  },
  devices: {
    own: { bdf: '02:00.0', store: 'msix', vectors: SLOTS },
    d1: { bdf: '03:00.0', store: 'ims-queue', vectors: SLOTS, owner: 'g1' },
    d2: { bdf: '04:00.0', store: 'ims-queue', vectors: SLOTS, owner: 'g2' },
  },
  policy: { budgets },
  steps,
});

const few = fc.integer({ min: 1, max: 12 });

describe.each(BUDGETS)('$rule', ({ rule, budget, use }) => {
  const told = (limit: number, steps: readonly object[]): string[] =>
    play(script({ [budget]: limit }, steps)).findings.flatMap(finding =>
      finding.rule === rule ? [`${finding.culprit} of ${finding.victim}`] : [],
    );

  it('is told once, as soon as a guest uses more than its budget, and not before', () => {
    fc.assert(
      fc.property(few, few, (times, limit) => {
        expect(told(limit, use(times, 'g1'))).toEqual(times > limit ? ['g1 of host'] : []);
      }),
      { numRuns: 40 },
    );
  });

  it('counts each guest by itself', () => {
    fc.assert(
      fc.property(few, few, few, (one, other, limit) => {
        const over = [one > limit ? ['g1 of host'] : [], other > limit ? ['g2 of host'] : []];
        expect(told(limit, [...use(one, 'g1'), ...use(other, 'g2')])).toEqual(over.flat());
      }),
      { numRuns: 40 },
    );
  });

  it('has nothing to say where there is no budget', () => {
    const run = play(script({}, use(12, 'g1')));
    expect(rulesOf(run)).not.toContain(rule);
  });
});

describe('a budget', () => {
  it('of what is held is free again with what is given back', () => {
    const steps = Array.from({ length: 6 }, (_, slot) => [
      { allocate: { irq: `d1.${slot}`, cpu: 'v0' } },
      { free: `d1.${slot}` },
    ]).flat();
    expect(rulesOf(play(script({ entries: 1, vectors: 1 }, steps)))).toEqual([]);
  });

  it('is no matter of the host’s', () => {
    const steps = [{ allocate: { irq: 'own.0', count: 12, cpu: 'p0' } }];
    const all = { interrupts: 1, faults: 1, entries: 1, vectors: 1, invalidations: 1 };
    expect(rulesOf(play(script(all, steps)))).toEqual([]);
  });
});
