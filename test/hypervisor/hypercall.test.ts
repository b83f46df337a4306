import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Errno } from '../../src/arch/linux.ts';
import { breaksIsolation } from '../../src/runner/run-view.ts';
import {
  errorsOf,
  type Played,
  play,
  recordsOf,
  rulesOf,
  type Script,
  servicedOf,
} from '../engine/play.ts';

const TWO_GUESTS = {
  platform: { preset: 'x86-vtd', cpus: 4, ir: { kind: 'vtd', entries: 4, cache: 'always' } },
  guests: {
    g1: { vcpus: { v0: 'p1', v1: 'p2' }, behaviour: 'adversarial' },
    g2: { vcpus: { v0: 'p3' } },
  },
  devices: {
    d1: { bdf: '03:00.0', store: 'ims-queue', vectors: 2, owner: 'g1' },
    d2: { bdf: '04:00.0', store: 'ims-queue', vectors: 2, owner: 'g2' },
  },
} satisfies Partial<Script>;

const call = (by: string, hypercall: object): object => ({ hypercall, by });
const answersOf = (run: Played): (string | null)[] =>
  recordsOf(run, 'hypercall').map(({ error, message }) =>
    error ? error : `${message?.addressLow.toString(16)}/${message?.data.toString(16)}`,
  );

/** Message of the first entry of a VT-d table. */
const ENTRY_0 = 'fee00018/0';
const NOWHERE = '0/0';

/** What a guest asks for, on a machine where nothing was asked before, and what it is told. */
const ANSWERS: readonly (readonly [string, readonly object[], readonly string[]])[] = [
  [
    'a message',
    [call('g1', { call: 'allocate', irq: 'd1.0', cpu: 'v0', vector: 0x21 })],
    [ENTRY_0],
  ],
  ['a message that leads nowhere yet', [call('g1', { call: 'allocate', irq: 'd1.0' })], [ENTRY_0]],
  ['what was never allocated', [call('g1', { call: 'compose', irq: 'd1.0' })], ['EINVAL']],
  [
    'what it has',
    [
      call('g1', { call: 'allocate', irq: 'd1.0', cpu: 'v0', vector: 0x21 }),
      call('g1', { call: 'compose', irq: 'd1.0' }),
    ],
    [ENTRY_0, ENTRY_0],
  ],
  [
    'another target: the message stays',
    [
      call('g1', { call: 'allocate', irq: 'd1.0', cpu: 'v0', vector: 0x21 }),
      call('g1', { call: 'retarget', irq: 'd1.0', cpu: 'v1', vector: 0x33 }),
    ],
    [ENTRY_0, ENTRY_0],
  ],
  [
    'to be rid of it, and then what it was',
    [
      call('g1', { call: 'allocate', irq: 'd1.0', cpu: 'v0', vector: 0x21 }),
      call('g1', { call: 'free', irq: 'd1.0' }),
      call('g1', { call: 'compose', irq: 'd1.0' }),
    ],
    [ENTRY_0, NOWHERE, 'EINVAL'],
  ],
  ['a device that is another’s', [call('g1', { call: 'allocate', irq: 'd2.0' })], ['EPERM']],
  [
    'it for the one it belongs to, which never asked for help',
    [call('g1', { call: 'allocate', irq: 'd2.0', for: 'g2' })],
    ['EPERM'],
  ],
  [
    'what another has',
    [
      call('g2', { call: 'allocate', irq: 'd2.0', cpu: 'v0', vector: 0x21 }),
      ...['compose', 'free'].map(name => call('g1', { call: name, irq: 'd2.0' })),
      call('g1', { call: 'retarget', irq: 'd2.0', cpu: 'v0', vector: 0x21 }),
    ],
    [ENTRY_0, 'EPERM', 'EPERM', 'EPERM'],
  ],
  [
    'another guest’s CPU',
    [call('g1', { call: 'allocate', irq: 'd1.0', cpu: 'g2/v0', vector: 0x21 })],
    ['EPERM'],
  ],
  [
    'a CPU of the host',
    [call('g1', { call: 'allocate', irq: 'd1.0', cpu: 'p0', vector: 0x21 })],
    ['EPERM'],
  ],
  [
    'a device it gave back',
    [
      { assign: { device: 'd1', to: 'g2' } },
      call('g1', { call: 'allocate', irq: 'd1.0', cpu: 'v0', vector: 0x21 }),
    ],
    ['EPERM'],
  ],
];

describe('a guest that asks for', () => {
  it.each(ANSWERS)('%s', (_, steps, answers) => {
    const run = play({ ...TWO_GUESTS, steps });
    expect(answersOf(run)).toEqual(answers);
    expect(errorsOf(run)).toEqual(answers.filter(answer => /^E/.test(answer)));
  });

  it('more than there is', () => {
    const run = play({
      ...TWO_GUESTS,
      platform: { preset: 'x86-vtd', cpus: 4, ir: { kind: 'vtd', entries: 2 } },
      steps: ['d1.0', 'd1.1', 'd2.0'].map(irq =>
        call(irq.startsWith('d1') ? 'g1' : 'g2', { call: 'allocate', irq }),
      ),
    });
    expect(answersOf(run)).toEqual([ENTRY_0, 'fee00038/0', 'ENOMEM']);
  });

  it('anything, where nobody answers', () => {
    const run = play({
      ...TWO_GUESTS,
      hypervisor: { hypercalls: false },
      steps: [call('g1', { call: 'allocate', irq: 'd1.0' })],
    });
    expect(answersOf(run)).toEqual(['ENOSYS']);
  });
});

describe('an interrupt that is taken back', () => {
  const used = [
    { allocate: { irq: 'd1.0', cpu: 'v0' } },
    { store: 'd1.0' },
    { raise: 'd1.0' },
    { free: 'd1.0' },
  ];

  it('has its entry cleared, then its cached copies flushed, and only then its index goes back', () => {
    const run = play({ ...TWO_GUESTS, steps: used });
    const freed = recordsOf(run, 'hypercall').find(record => record.call === 'free')?.seq ?? -1;
    const after = run.trace.filter(({ seq }) => seq > freed);
    const order = after.flatMap(record => {
      if (record.act === 'write' && record.unit === 'table') return ['clear'];
      if (record.act === 'invalidate') return ['flush'];
      return record.act === 'free' && record.kind === 'remap' ? ['index back'] : [];
    });
    expect([...new Set(order)]).toEqual(['clear', 'flush', 'index back']);
    expect(run.at('ir.irte[0].present')).toBe(false);
    expect(run.at('ir.cache[0]')).toMatchObject({ present: false });
  });

  it('is dead, for its message and for its rights', () => {
    const run = play({
      ...TWO_GUESTS,
      steps: [
        ...used,
        { attack: { kind: 'replay', irq: 'd1.0' } },
        { raise: 'd1.0' },
        { allocate: { irq: 'd2.0', cpu: 'v0' } },
        { store: 'd2.0' },
        { raise: 'd1.0' },
        { raise: 'd2.0' },
      ],
    });
    expect(recordsOf(run, 'fault').map(({ reason }) => reason)).toEqual(['vtd/0x22', 'vtd/0x26']);
    expect(servicedOf(run).at(-1)).toBe('g2/v0 d2.0 handled');
    expect(run.findings.some(breaksIsolation)).toBe(false);
  });
});

/** Models of how a failure shows; the failing call, and what the guest believes after it. */
const FAILING = {
  ...TWO_GUESTS,
  platform: { preset: 'x86-vtd', cpus: 4, ir: { kind: 'vtd', entries: 2 } },
} satisfies Partial<Script>;

/** Vectors of one CPU that devices may have, as Linux 6.1 plans them. */
const VECTORS_OF_A_CPU = 186;

const allocateTooMany = [
  { allocate: { irq: 'd2.0', count: 2, cpu: 'v0' } },
  { allocate: { irq: 'd1.0', cpu: 'v0' } },
];

describe('a failure shows', () => {
  const shown = (errorModel: string, steps: readonly object[], more = {}): Played =>
    play({ ...FAILING, hypervisor: { errorModel }, steps, ...more });

  it('at allocation', () => {
    const run = shown('at-alloc', [...allocateTooMany, { store: 'd1.0' }]);
    expect(errorsOf(run)).toEqual(['ENOMEM', 'ENOENT'] satisfies Errno[]);
    expect(run.at('g1.vectors')).toMatchObject({ allocated: 0 });
  });

  it('by a message of zeros', () => {
    const run = shown('null-message', [...allocateTooMany, { store: 'd1.0' }, { raise: 'd1.0' }]);
    expect(errorsOf(run)).toEqual([]);
    expect(run.at('d1.ims[0]')).toMatchObject({ address: 0, data: 0 });
    expect(rulesOf(run)).toContain('integrity/null-message');
  });

  it('by the message it had before, so that a move that failed seems done', () => {
    // No vector is left on p2, where the guest's new CPU runs.
    const steps = [
      { allocate: { irq: 'disk.0', count: VECTORS_OF_A_CPU, cpu: 'p2' } },
      { allocate: { irq: 'd1.0', cpu: 'v0' } },
      { store: 'd1.0' },
      { affinity: { irq: 'd1.0', cpu: 'v1', vector: 0x41 } },
      { raise: 'd1.0' },
    ];
    const more = {
      platform: { preset: 'x86-vtd', cpus: 4, ir: { kind: 'vtd', entries: 256 } },
      devices: {
        ...TWO_GUESTS.devices,
        disk: { bdf: '00:1f.2', store: 'msix', vectors: VECTORS_OF_A_CPU },
      },
    };
    const told = shown('at-alloc', steps, more);
    expect(errorsOf(told)).toEqual(['ENOSPC'] satisfies Errno[]);
    const untold = shown('stale-message', steps, more);
    expect(errorsOf(untold)).toEqual([]);
    // The host still forwards it to the old place, which the guest holds until the move is done.
    expect(servicedOf(untold)).toEqual(['p1 d1.0 forwarded', 'g1/v0 d1.0 handled']);
    expect(untold.at('d1.ims[0]')).toEqual(told.at('d1.ims[0]'));
  });
});

type Call = { readonly steps: readonly object[] };

const irqs = fc.constantFrom('d1.0', 'd1.1', 'd2.0', 'd2.1');
const guests = fc.constantFrom('g1', 'g2');
const targets = fc.constantFrom('g1/v0', 'g1/v1', 'g2/v0', 'p0');
const vectors = fc.constantFrom(0x21, 0x22, 0x80, 0x0e);

const anyCall: fc.Arbitrary<Call> = fc
  .record({
    call: fc.constantFrom('allocate', 'allocate', 'retarget', 'compose', 'free'),
    irq: irqs,
    cpu: targets,
    vector: vectors,
    behalf: fc.option(guests, { nil: undefined }),
    by: guests,
  })
  .map(({ by, behalf, cpu, vector, ...rest }) => {
    const isPlaced = rest.call === 'allocate' || rest.call === 'retarget';
    return { steps: [call(by, { ...rest, for: behalf, ...(isPlaced && { cpu, vector }) })] };
  });

const anyMessage = fc.oneof(
  fc.record({
    format: fc.constant('remappable'),
    handle: fc.nat(4),
    shv: fc.constantFrom(0, 1),
    subhandle: fc.constant(0),
  }),
  fc.record({ format: fc.constant('compat'), dest: fc.nat(3), vector: vectors }),
);

const anyDeed: fc.Arbitrary<Call> = fc.oneof(
  fc
    .record({ irq: fc.constantFrom('d1.0', 'd1.1'), message: anyMessage })
    .map(({ irq, message }) => ({
      steps: [{ attack: { kind: 'forge-store', irq, message } }, { raise: irq }],
    })),
  irqs.map(irq => ({ steps: [{ allocate: { irq, cpu: 'v0' } }, { store: irq }, { raise: irq }] })),
  irqs.map(irq => ({ steps: [{ free: irq }] })),
  fc
    .record({ device: fc.constantFrom('d1', 'd2'), to: guests })
    .map(assign => ({ steps: [{ assign }] })),
);

const scripts = fc
  .array(fc.oneof({ weight: 2, arbitrary: anyCall }, { weight: 3, arbitrary: anyDeed }), {
    minLength: 1,
    maxLength: 14,
  })
  .map(parts => parts.flatMap(({ steps }) => steps));

/** Steps whose realm is not their device’s owner any more are the owner’s of the beginning. */
const withActors = (steps: readonly object[]): object[] =>
  steps.map(step => {
    const text = JSON.stringify(step);
    if ('by' in step || 'assign' in step) return step;
    return { ...step, by: text.includes('"d1.') ? 'g1' : 'g2' };
  });

test('a service that checks its callers and revokes properly keeps guests apart, whatever they ask', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(scripts, steps => {
      const run = play({ ...TWO_GUESTS, steps: withActors(steps) });
      const broken = run.findings.filter(breaksIsolation);
      expect(broken.map(({ rule, sentence }) => `${rule}: ${sentence}`)).toEqual([]);
    }),
    { numRuns: 600 },
  );
});

test.each(['hypervisor/check-caller', 'hypervisor/check-target', 'remap/flush-on-free'])(
  'without %s it does not',
  guard => {
    const platform = { ...TWO_GUESTS.platform, off: [guard] };
    const result = fc.check(
      fc.property(scripts, steps => {
        const run = play({ ...TWO_GUESTS, platform, steps: withActors(steps) });
        return !run.findings.some(breaksIsolation);
      }),
      { numRuns: 1500, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  },
);
