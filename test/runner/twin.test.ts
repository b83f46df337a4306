import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Step } from '../../src/model/program.ts';
import { withoutSteps } from '../../src/runner/purge.ts';
import { runScenario, type ScenarioResult } from '../../src/runner/run-scenario.ts';
import { type Script, scenarioOf } from '../engine/play.ts';

/** What others notice of the hostile guest, as `rule culprit victim`. */
const noticed = ({ interference }: ScenarioResult): string[] =>
  (interference ?? []).map(({ rule, culprit, victim }) => `${rule} ${culprit} ${victim}`);

const scene = (more: Partial<Script> & Pick<Script, 'steps'>): Script => ({
  platform: { preset: 'x86-vtd', cpus: 3 },
  guests: {
    evil: { vcpus: { v0: 'p1' }, behaviour: 'adversarial' },
    good: { vcpus: { v0: 'p2' } },
  },
  devices: {
    disk: { bdf: '00:1f.2', store: 'msi' },
    e: { bdf: '3b:00.1', store: 'ims-queue', vectors: 2, owner: 'evil' },
    g: { bdf: '3b:00.2', store: 'ims-queue', vectors: 2, owner: 'good' },
  },
  ...more,
});

const runOf = (script: Script): ScenarioResult => runScenario(scenarioOf(script));

describe('a purge', () => {
  const { machine, program } = scenarioOf(
    scene({
      steps: [
        { allocate: { irq: 'g.0', cpu: 'v0' } },
        {
          race: {
            one: [{ allocate: { irq: 'e.0', cpu: 'v0' } }],
            two: [{ store: 'g.0' }],
          },
        },
        { repeat: { times: 3, steps: [{ raise: 'e.0' }] } },
        { choose: { a: [{ raise: 'g.0' }], b: [{ raise: 'e.0' }, { raise: 'g.0' }] } },
      ],
    }),
  );
  const evil = machine.realms.findIndex(({ name }) => name === 'evil');
  const byEvil = (step: Step): boolean => step.by === evil;
  const left = (sequences: readonly (readonly number[])[]): string[] =>
    sequences.flatMap(steps => steps.map(index => program.steps[index].text));

  it('leaves out the steps of a guest, and blocks that are empty then', () => {
    const purged = withoutSteps(program, byEvil);
    const kept = purged.sequences.flat().map(index => program.steps[index]);
    expect(kept.filter(step => byEvil(step))).toEqual([]);
    expect(left(purged.sequences)).toEqual([
      'allocate g.0',
      'race',
      'choose',
      'store g.0',
      'raise g.0',
      'raise g.0',
    ]);
  });

  it('of nothing is the same script, and twice is once', () => {
    expect(withoutSteps(program, () => false).sequences).toEqual(program.sequences);
    const once = withoutSteps(program, byEvil);
    expect(withoutSteps(once, byEvil).sequences).toEqual(once.sequences);
  });
});

/** What a victim can notice, one line each. */
const ROWS: readonly (readonly [string, Script, readonly string[]])[] = [
  [
    'nothing of a guest that does nothing',
    scene({ steps: [{ allocate: { irq: 'g.0', cpu: 'v0' } }, { store: 'g.0' }, { raise: 'g.0' }] }),
    [],
  ],
  [
    'nothing of interrupts of its own',
    scene({
      steps: [
        { allocate: { irq: 'g.0', cpu: 'v0' } },
        { store: 'g.0' },
        { allocate: { irq: 'e.0', cpu: 'v0' } },
        { store: 'e.0' },
        { raise: 'e.0' },
        { raise: 'g.0' },
      ],
    }),
    [],
  ],
  [
    'the index of its entry, where the table is one for all',
    scene({
      steps: [{ allocate: { irq: 'e.0', cpu: 'v0' } }, { allocate: { irq: 'g.0', cpu: 'v0' } }],
    }),
    ['covert/alloc-order evil good'],
  ],
  [
    'that nothing is left for it',
    scene({
      platform: { preset: 'x86-vtd', cpus: 3, ir: { kind: 'vtd', entries: 2 } },
      steps: [
        { allocate: { irq: 'e.0', count: 2, cpu: 'v0' } },
        { allocate: { irq: 'g.0', cpu: 'v0' }, expect: { error: 'ENOMEM' } },
      ],
    }),
    ['dos/denied evil good'],
  ],
  [
    'an interrupt it was not meant to get, and so does the host',
    scene({
      platform: { preset: 'x86-bare', cpus: 3 },
      steps: [
        {
          attack: {
            kind: 'forge-store',
            irq: 'e.0',
            message: { format: 'compat', dest: 0, vector: 0x66 },
          },
        },
        { raise: 'e.0' },
        {
          attack: {
            kind: 'forge-store',
            irq: 'e.0',
            message: { format: 'compat', dest: 2, vector: 0x21 },
          },
        },
        { allocate: { irq: 'g.0', cpu: 'v0' } },
        { raise: 'e.0' },
      ],
    }),
    ['covert/content evil host', 'covert/content evil good'],
  ],
  [
    'nothing of what the policy lets reach it',
    scene({
      platform: { preset: 'x86-bare', cpus: 3 },
      policy: {
        grants: [
          { device: 'e', to: 'p0', vector: 0x66 },
          { device: 'e', to: 'good/v0' },
        ],
      },
      steps: [
        {
          attack: {
            kind: 'forge-store',
            irq: 'e.0',
            message: { format: 'compat', dest: 0, vector: 0x66 },
          },
        },
        { raise: 'e.0' },
      ],
    }),
    [],
  ],
];

describe('others notice', () => {
  it.each(ROWS)('%s', (_, script, expected) => {
    expect(noticed(runOf(script)).toSorted()).toEqual([...expected].toSorted());
  });

  it('who is hostile by what the file says, and looks at nobody else', () => {
    const honest = scene({ steps: [{ allocate: { irq: 'e.0', cpu: 'v0' } }] });
    const guests = { evil: { vcpus: { v0: 'p1' } }, good: { vcpus: { v0: 'p2' } } };
    expect(runOf({ ...honest, guests }).interference).toBe(null);
    expect(runOf(honest).interference).toEqual([]);
  });

  it('what a rule explains as well, but then it is no violation of its own', () => {
    const [, script] = ROWS.find(([name]) => name.startsWith('an interrupt it was not')) ?? ROWS[0];
    const result = runOf({ ...script, expect: { always: [{ violation: 'isolation/*' }] } });
    expect(result.violations.map(({ rule }) => rule)).not.toContain('covert/content');
    expect(result.isolated).toBe(false);
  });
});

const irqOf = (device: 'e' | 'g') => fc.nat(1).map(slot => `${device}.${slot}`);
const message = fc.oneof(
  fc.constant('any'),
  fc.record({ format: fc.constant('index'), index: fc.nat(4) }),
  fc.record({ format: fc.constant('remappable'), handle: fc.nat(4) }),
  fc.record({
    format: fc.constant('compat'),
    dest: fc.nat(2),
    vector: fc.constantFrom(0x21, 0x80),
  }),
);

/** What a guest does with devices of its own; errors are part of it. */
const deedsOf = (by: 'evil' | 'good', device: 'e' | 'g'): fc.Arbitrary<readonly object[]> => {
  const irq = irqOf(device);
  const plain = fc.oneof(
    irq.map(name => [
      { allocate: { irq: name, cpu: 'v0' }, by },
      { store: name, by },
      { raise: name },
    ]),
    fc
      .tuple(fc.constantFrom('free', 'raise', 'store', 'mask'), irq)
      .map(([verb, name]) => [{ [verb]: name, by }]),
  );
  if (by === 'good') return plain;
  const hostile = fc.oneof(
    fc
      .tuple(irq, message)
      .map(([name, words]) => [
        { attack: { kind: 'forge-store', irq: name, message: words } },
        { raise: name },
      ]),
    irq.map(name => [{ attack: { kind: 'replay', irq: name } }, { raise: name }]),
    irq.map(name => [{ attack: { kind: 'storm', irq: name, times: 5 } }]),
    irq.map(name => [{ hypercall: { call: 'compose', irq: name }, by }]),
    fc.constant([{ hypercall: { call: 'retarget', irq: 'g.0', cpu: 'v0', vector: 0x21 }, by }]),
  );
  return fc.oneof(plain, hostile);
};

const scripts = fc
  .array(fc.oneof(deedsOf('evil', 'e'), deedsOf('good', 'g')), {
    minLength: 1,
    maxLength: 16,
    size: 'max',
  })
  .map(deeds => deeds.flat());

/** Every guest has a CPU, and with AMD-Vi a table, to itself. */
const apart = (preset: string, steps: readonly object[]): Script =>
  scene({ platform: { preset, cpus: 3 }, steps });

test('a guest that only works on its own, on a CPU and a table of its own, is not noticed at all', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(scripts, steps => {
      expect(noticed(runOf(apart('x86-amdvi', steps)))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('over one table for all it is noticed by numbers, and by nothing else', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(scripts, steps => {
      const found = noticed(runOf(apart('x86-vtd', steps)));
      expect(found.filter(text => text !== 'covert/alloc-order evil good')).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['nothing remaps', 'x86-bare', []],
  ['the hypercall service trusts its callers', 'x86-amdvi', ['hypervisor/check-caller']],
] as const)('it is noticed where %s', (_, preset, off) => {
  const result = fc.check(
    fc.property(scripts, steps => {
      const script = apart(preset, steps);
      return noticed(runOf({ ...script, platform: { ...script.platform, off } })).length === 0;
    }),
    { numRuns: 400, endOnFailure: true },
  );
  expect(result.failed).toBe(true);
});
