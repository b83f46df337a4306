import { describe, expect, test } from 'vitest';
import { counterexample } from '../../src/explore/counterexample.ts';
import { explore } from '../../src/explore/explore.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/*
 * Races that were found in real systems the hard way. Each is given as the design that has it, with
 * no word about when the device raises; the search has to find it, and to prove that the fix holds.
 */

type Document = Readonly<Record<string, unknown>>;

function load(document: Document): Scenario {
  const whole = { irqscope: 1, name: 'race', title: 'a race', ...document };
  const { scenarios, problems } = loadScenario('race.yaml', JSON.stringify(whole), () => null);
  expect(problems).toEqual([]);
  return scenarios[0];
}

function findings(document: Document) {
  const scenario = load(document);
  const exploration = explore(scenario);
  expect(exploration.complete).toBe(true);
  const whole = { irqscope: 1, name: 'race', title: 'a race', ...document };
  for (const reached of exploration.reached) {
    const about = { name: 'found', title: 'found', description: 'found' };
    expect(
      counterexample({ ...exploration, document: whole }, reached, { about }).result.pass,
    ).toBe(true);
  }
  return {
    ...exploration,
    rules: exploration.reached.flatMap(({ finding }) => [finding.rule, ...finding.also]),
  };
}

describe('an MSI without a mask bit moves while its device raises', () => {
  const move = (how: string): Document => ({
    devices: {
      nic: { bdf: '00:03.0', store: 'msi' },
      other: { bdf: '00:04.0', store: 'msi' },
    },
    time: { mode: 'interleave' },
    steps: [
      { allocate: { irq: 'nic.0', cpu: 'p0' } },
      { store: 'nic.0' },
      { allocate: { irq: 'other.0', cpu: 'p1' } },
      { store: 'other.0' },
      {
        race: {
          mover: [{ affinity: { irq: 'nic.0', cpu: 'p1', how } }],
          device: [{ raise: 'nic.0' }, { raise: 'nic.0' }],
        },
      },
    ],
  });

  test('written in two halves it is torn, and an interrupt is lost', () => {
    const { rules, works } = findings(move('naive'));
    expect(rules).toContain('integrity/torn-message');
    expect(rules).toContain('liveness/lost');
    expect(works).toBe(false);
  });

  test('in two steps, one word each, nothing is torn or lost, whenever the device raises', () => {
    const { rules, works } = findings(move('two-step'));
    expect(rules).toEqual([]);
    expect(works).toBe(true);
  });
});

describe('a VT-d entry is written while another device names it', () => {
  const activation = (entryWrite: string): Document => ({
    platform: { preset: 'x86-vtd', ir: { kind: 'vtd', entries: 4, entryWrite } },
    guests: { attacker: { vcpus: { v0: 'p1' }, behaviour: 'adversarial' } },
    devices: {
      nic: { bdf: '00:03.0', store: 'msix' },
      dut: { bdf: '3b:00.1', store: 'ims-queue', owner: 'attacker' },
    },
    time: { mode: 'interleave', writes: 'split' },
    steps: [
      {
        race: {
          host: [{ allocate: { irq: 'nic.0', cpu: 'p0' } }],
          attacker: [
            {
              attack: {
                kind: 'forge-store',
                irq: 'dut.0',
                message: { format: 'remappable', handle: 0 },
              },
            },
            { raise: 'dut.0' },
          ],
        },
      },
    ],
    explore: { actors: { attacker: { may: ['raise'] } } },
  });

  test('in two halves it is present for a moment without its source check', () => {
    const { rules, isolated } = findings(activation('halves'));
    expect(rules).toContain('isolation/foreign-entry');
    expect(isolated).toBe(false);
  });

  test('in one go there is no such moment', () => {
    const { rules, isolated } = findings(activation('whole'));
    expect(rules).toEqual([]);
    expect(isolated).toBe(true);
  });
});

describe('an entry goes to another owner', () => {
  const handOver = (off: string[]): Document => ({
    platform: {
      preset: 'x86-vtd',
      ir: { kind: 'vtd', entries: 2, cache: 'either', entryWrite: 'whole' },
      off,
    },
    guests: {
      attacker: { vcpus: { v0: 'p1' }, behaviour: 'adversarial' },
      victim: { vcpus: { v0: 'p1' } },
    },
    devices: {
      dut: { bdf: '3b:00.1', store: 'ims-queue', owner: 'attacker' },
      other: { bdf: '3c:00.0', store: 'ims-queue', owner: 'victim' },
    },
    time: { mode: 'interleave', writes: 'split' },
    steps: [
      { allocate: { irq: 'dut.0', cpu: 'v0' } },
      { store: 'dut.0' },
      {
        race: {
          attacker: [{ raise: 'dut.0' }, { free: 'dut.0' }],
          device: [
            {
              attack: {
                kind: 'forge-store',
                irq: 'dut.0',
                message: { format: 'remappable', handle: 0 },
              },
            },
            { raise: 'dut.0' },
            { raise: 'dut.0' },
          ],
          victim: [{ allocate: { irq: 'other.0', cpu: 'v0' } }],
        },
      },
    ],
    explore: { actors: { attacker: { may: ['raise'] } }, goal: 'isolation/stale-entry' },
  });

  test('an index that is free again before its cached copies are gone serves the old one on', () => {
    const { rules } = findings(handOver(['remap/flush-before-reuse']));
    expect(rules).toContain('isolation/stale-entry');
  });

  test('invalidated first, and reused after, it never does', () => {
    expect(findings(handOver([])).rules).toEqual([]);
  });
});

describe('a live AMD-Vi entry is replaced while its device raises', () => {
  const replace = (entryWrite: string): Document => ({
    platform: { preset: 'x86-bare', ir: { kind: 'amdvi', entryWrite } },
    devices: { nic: { bdf: '00:03.0', store: 'msix' } },
    time: { mode: 'interleave' },
    steps: [
      { allocate: { irq: 'nic.0', cpu: 'p0' } },
      { store: 'nic.0' },
      {
        race: {
          mover: [{ affinity: { irq: 'nic.0', cpu: 'p1' } }],
          device: [{ raise: 'nic.0' }],
        },
      },
    ],
  });

  test('cleared first and written after, it loses what comes between', () => {
    const { rules, works } = findings(replace('clear-first'));
    expect(rules).toContain('liveness/lost');
    expect(works).toBe(false);
  });

  test('written in one go it loses nothing', () => {
    const { rules, works } = findings(replace('whole'));
    expect(rules).toEqual([]);
    expect(works).toBe(true);
  });
});
