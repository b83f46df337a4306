import { describe, expect, it } from 'vitest';
import { errorsOf, play, recordsOf, rulesOf, type Script } from '../engine/play.ts';

/** What stands between a device and the CPUs, and whether Linux finds an isolating layer on the way. */
interface Path {
  readonly name: string;
  readonly platform: object;
  readonly device?: object;
  readonly stack?: readonly string[];
  readonly isolated: boolean;
}

const PATHS: readonly Path[] = [
  { name: 'no unit', platform: { preset: 'x86-bare' }, isolated: false },
  { name: 'VT-d', platform: { preset: 'x86-vtd' }, isolated: true },
  { name: 'AMD-Vi', platform: { preset: 'x86-amdvi' }, isolated: true },
  // The walk begins at the device’s own domain: a unit elsewhere does not count.
  {
    name: 'a unit, and a device that goes around it',
    platform: { preset: 'x86-vtd' },
    device: { remapped: false },
    isolated: false,
  },
  {
    name: 'a unit, and a stack that leaves it out',
    platform: { preset: 'x86-vtd' },
    stack: ['pci-msix', 'vector'],
    isolated: false,
  },
  // The flag is the domain’s, whatever the driver writes into its entries.
  {
    name: 'entries without a source check',
    platform: { preset: 'x86-vtd', ir: { kind: 'vtd', sourceValidation: 'none' } },
    isolated: true,
  },
  {
    name: 'an architecture that isolates by itself',
    platform: { preset: 'x86-bare', archIsolatesMsi: true },
    isolated: true,
  },
];

const script = ({ platform, device, stack }: Path, policy: string): Script => ({
  platform: { ...platform, cpus: 2 },
  guests: { g1: { vcpus: { v0: 'p1' } } },
  devices: { d: { bdf: '03:00.0', store: 'msix', owner: 'g1', ...device } },
  ...(stack && { domains: { 'host/d': stack } }),
  hypervisor: { unsafeAssignment: policy },
  steps: [{ assign: { device: 'd', to: 'g1' } }, { allocate: { irq: 'd.0', cpu: 'v0' }, by: 'g1' }],
});

/** By policy: the verdict, the errors of both steps, and what the checker says. */
const UNSAFE = {
  refuse: { verdict: 'refused', errors: ['EPERM', 'EPERM'], rules: [] },
  warn: { verdict: 'unsafe', errors: [], rules: ['assign/no-remap'] },
  allow: { verdict: 'unsafe', errors: [], rules: ['assign/unsafe-optin'] },
} as const;
type Policy = keyof typeof UNSAFE;

describe.each(PATHS)('$name', path => {
  it.each(Object.keys(UNSAFE) as Policy[])('%s', policy => {
    const run = play(script(path, policy));
    const expected = path.isolated
      ? { verdict: 'isolated', errors: [], rules: [] }
      : UNSAFE[policy];
    expect(recordsOf(run, 'assign').map(({ verdict }) => verdict)).toEqual([expected.verdict]);
    expect(errorsOf(run)).toEqual(expected.errors);
    expect(rulesOf(run)).toEqual(expected.rules);
  });
});

describe('a device that is handed on', () => {
  const handOn = (off: readonly string[] = []): Script => ({
    platform: { preset: 'x86-vtd', cpus: 3, off },
    guests: {
      g1: { vcpus: { v0: 'p1' } },
      g2: { vcpus: { v0: 'p2' } },
    },
    devices: { d: { bdf: '03:00.0', store: 'msix', owner: 'g1' } },
    steps: [
      { allocate: { irq: 'd.0', cpu: 'v0' } },
      { store: 'd.0' },
      { raise: 'd.0' },
      { assign: { device: 'd', to: 'g2' } },
      { raise: 'd.0' },
      { allocate: { irq: 'd.0', cpu: 'v0' } },
      { store: 'd.0' },
      { raise: 'd.0' },
    ],
  });

  it('brings nothing of its last owner along', () => {
    const run = play(handOn());
    const [, after] = recordsOf(run, 'raise');
    expect(after.outcome).toBe('disabled');
    const bound = run.trace.flatMap(record =>
      record.act === 'bind' || record.act === 'unbind' ? [`${record.act} ${record.cpu}`] : [],
    );
    expect(bound).toEqual(['bind g1/v0', 'unbind g1/v0', 'bind g2/v0']);
    expect(rulesOf(run)).toEqual([]);
  });

  it('interrupts its last owner where what that one had was not taken down, nor the device reset', () => {
    const run = play(handOn(['hypervisor/take-back', 'hypervisor/reset-on-assign']));
    const reached = run.findings.map(({ effect }) => effect?.target);
    expect(rulesOf(run)).toContain('isolation/foreign-target');
    expect(reached).toContain('g1/v0');
  });

  it('has a store its new owner writes itself where it is not protected again', () => {
    const off = ['hypervisor/protect-on-assign', 'hypervisor/reset-on-assign'];
    expect(rulesOf(play(handOn(off)))).not.toContain('integrity/partial-write');
  });
});
