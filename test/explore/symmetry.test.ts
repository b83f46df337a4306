import { describe, expect, test } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { swapsOf } from '../../src/explore/swaps.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { withActors } from '../../src/scenario/compile-explore.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/** A hostile guest and two that are the same but for names, over a remap unit. */
function design(
  change: Record<string, unknown> = {},
  devices: Record<string, unknown> = {},
): Scenario {
  const document = {
    irqscope: 1,
    name: 'two-victims',
    title: 'two victims',
    platform: {
      preset: 'x86-bare',
      cpus: { p0: { apic: 0 }, p1: { apic: 1 }, p2: { apic: 2 }, p3: { apic: 3 } },
      ir: { kind: 'vtd', entries: 4, ...change },
    },
    guests: {
      attacker: { vcpus: { v0: 'p1' }, interrupts: 'direct', behaviour: 'adversarial' },
      one: { vcpus: { v0: 'p2' }, interrupts: 'direct' },
      two: { vcpus: { v0: 'p3' }, interrupts: 'direct' },
    },
    devices: {
      dut: { bdf: '3b:00.1', store: 'ims-queue', owner: 'attacker' },
      first: { bdf: '3c:01.0', store: 'ims-queue', owner: 'one' },
      second: { bdf: '3c:02.0', store: 'ims-queue', owner: 'two', ...devices },
    },
    explore: {
      actors: {
        one: { may: ['use', 'free', 'raise'] },
        two: { may: ['use', 'free', 'raise'] },
        attacker: { may: ['use', 'forge', 'raise'] },
      },
      forge: { modes: ['fixed', 'nmi'] },
    },
  };
  const { scenarios, problems } = loadScenario('d.yaml', JSON.stringify(document), () => null);
  expect(problems).toEqual([]);
  return scenarios[0];
}

describe('two guests that are the same but for names', () => {
  test.each([
    ['vtd', {}],
    ['vtd without source checks', { sourceValidation: 'none' }],
    ['vtd that caches', { cache: 'either' }],
    ['amdvi', { kind: 'amdvi' }],
    ['amdvi with one table', { kind: 'amdvi', table: 'shared' }],
  ])('count once over %s, and the verdicts are the same', (_name, ir) => {
    const scenario = design(ir);
    const apart = explore(scenario, { reduce: ['slice'] });
    const together = explore(scenario, { reduce: ['slice', 'sym'] });
    expect(together.swaps).toBe(1);
    expect(together.states).toBeGreaterThanOrEqual(apart.states / 2);
    // A world in which both are alike has no other to stand for.
    expect(together.states).toBeLessThan(apart.states * 0.7);
    expect([together.isolated, together.works, together.complete]).toEqual([
      apart.isolated,
      apart.works,
      apart.complete,
    ]);
    const depths = ({ reached }: typeof apart) =>
      reached.map(({ finding, depth }) => [finding.rule, depth]).sort();
    expect(depths(together)).toEqual(depths(apart));
  });

  test.each([
    ['a device that may write anywhere', { dmaWrites: true }],
    ['another kind of store', { store: 'ims-device', reach: 'direct' }],
    ['a requester id another guest’s device has', { bdf: '3b:00.1' }],
  ])('are told apart by %s', (_name, device) => {
    const scenario = design({}, device);
    expect(swapsOf(scenario.machine, withActors(scenario))).toEqual([]);
  });
});
