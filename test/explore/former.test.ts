import { describe, expect, test } from 'vitest';
import { compareReductions } from '../../src/explore/compare.ts';
import { explore } from '../../src/explore/explore.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/** Two guests that come and go over a unit, one of them hostile; `off` is done carelessly. */
function design(off: readonly string[], ir: Record<string, unknown> = {}): Scenario {
  const document = {
    irqscope: 1,
    name: 'come-and-go',
    title: 'come and go',
    platform: {
      preset: 'x86-bare',
      cpus: { p0: { apic: 0 }, p1: { apic: 1 }, p2: { apic: 2 } },
      ir: { kind: 'vtd', entries: 2, entryWrite: 'whole', ...ir },
      off,
    },
    guests: {
      attacker: { vcpus: { v0: 'p1' }, interrupts: 'direct', behaviour: 'adversarial' },
      victim: { vcpus: { v0: 'p2' }, interrupts: 'direct' },
    },
    devices: {
      dut: { bdf: '3b:00.1', store: 'ims-queue', owner: 'attacker' },
      other: { bdf: '3b:00.1', store: 'ims-queue', owner: 'victim', pasid: 2 },
    },
    explore: {
      actors: {
        victim: { may: ['use', 'free'] },
        attacker: { may: ['use', 'free', 'replay', 'raise'] },
      },
    },
  };
  const { scenarios, problems } = loadScenario('d.yaml', JSON.stringify(document), () => null);
  expect(problems).toEqual([]);
  return scenarios[0];
}

describe('what is forgotten of former holders changes no answer', () => {
  test.each([
    [[], {}],
    [['remap/clear-on-free'], {}],
    [['store/zero-on-free'], {}],
    [['remap/flush-on-free'], { cache: 'always' }],
    [['remap/clear-on-free'], { sourceValidation: 'none' }],
    [['remap/clear-on-free'], { kind: 'amdvi', entryWrite: undefined }],
  ])('off: %j, over %j', (off, ir) => {
    const bounds = { depthMax: 8, statesMax: 200_000 };
    const { comparable, differences } = compareReductions(design(off, ir), bounds);
    expect(comparable).toBe(true);
    expect(differences).toEqual([]);
  });
});

describe('who had an entry', () => {
  test('is forgotten once nothing is left of it', () => {
    const ends = explore(design([])).blame.map(({ kind }) => kind);
    expect(ends).toContain('an entry somebody gave back');
    expect(ends).not.toContain('an entry it gave back');
  });

  test('is remembered while the entry still works, and named', () => {
    const { reached } = explore(design(['remap/clear-on-free']));
    const stale = reached.find(({ finding }) => finding.rule === 'isolation/stale-entry');
    expect(stale?.finding.sentence).toMatch(/which dut\.0 had given back/);
  });
});
