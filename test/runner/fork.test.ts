import { describe, expect, test } from 'vitest';
import { createChoices } from '../../src/engine/choice.ts';
import { createHistory } from '../../src/engine/history.ts';
import type { TraceRecord } from '../../src/model/record.ts';
import { bitsAt } from '../../src/runner/bits-view.ts';
import { flipMasks, flipPlace } from '../../src/runner/flip.ts';
import { forkAt, type RunPlan } from '../../src/runner/fork.ts';
import { tablesFilmOf } from '../../src/runner/tables-film.ts';
import { HCALL, LEAK, type Scene, scenesOf, TRAP, teachingScenes } from '../report/scenes.ts';

const planOf = ({ scenario, view }: Scene): RunPlan => ({
  machine: scenario.machine,
  program: scenario.program,
  seed: scenario.seed,
  choices: view.choices,
});

const seqOf = ({ view }: Scene, test: (record: TraceRecord) => boolean): number =>
  view.trace.findIndex(test);

/** Words of what a record shows. */
const wordsOf = (
  machine: Scene['scenario']['machine'],
  trace: readonly TraceRecord[],
  seq: number,
) => bitsAt(machine, trace, seq)?.decoding.entry?.words ?? [];

const flippedIn = (words: readonly number[], bit: number): number[] =>
  words.map((word, i) => (i === bit >> 5 ? (word ^ (1 << (bit & 31))) >>> 0 : word));

const SCENES: [string, Scene[]][] = [
  ...teachingScenes(),
  ['trap', scenesOf(TRAP)],
  ['hcall', scenesOf(HCALL)],
  ['leak', scenesOf(LEAK)],
];

describe.each(SCENES)('%s', (_name, scenes) => {
  test('every message a device sends can be turned over, bit by bit, and nothing else changes before', () => {
    for (const scene of scenes) {
      const { machine, program } = scene.scenario;
      for (const record of scene.view.trace) {
        if (record.act !== 'emit') continue;
        expect(flipPlace(machine, program, scene.view.trace, record.seq)).toBe(record.seq);
        const masks = flipMasks(machine, program, scene.view.trace, record.seq);
        for (const bit of [0, 2, 5, 19, 40, 64, 70, 80]) {
          const forked = forkAt(planOf(scene), [{ seq: record.seq, bit }]);
          if (((masks[bit >> 5] >>> (bit & 31)) & 1) === 0) {
            expect(forked).toBeNull();
            continue;
          }
          const { trace } = forked?.view ?? { trace: [] };
          const sent = trace.filter(one => one.act === 'emit');
          const turn = scene.view.trace
            .slice(0, record.seq)
            .filter(one => one.act === 'emit').length;
          expect(wordsOf(machine, trace, sent[turn]?.seq)).toEqual(
            flippedIn(wordsOf(machine, scene.view.trace, record.seq), bit),
          );
          const raise = scene.view.trace.findLast(
            one => one.seq < record.seq && one.act === 'step',
          )?.seq;
          expect(trace.slice(0, raise)).toEqual(scene.view.trace.slice(0, raise));
        }
      }
    }
  });

  test('no turned bit, no other run', () => {
    for (const scene of scenes)
      expect(forkAt(planOf(scene), [])?.view.trace).toEqual(scene.view.trace);
  });
});

test('what an MSI capability has no bits for can’t be turned over; MSI-X has all of them', () => {
  const masksOf = (store: string) => {
    const [scene] = scenesOf(`
irqscope: 1
name: bits
title: bits that are there
platform: { preset: x86-bare }
devices:
  nic0: { bdf: "00:03.0", store: ${store} }
steps:
  - allocate: nic0.0
  - store: nic0.0
  - raise: nic0.0
`);
    const { machine, program } = scene.scenario;
    const { trace } = scene.view;
    const emit = seqOf(scene, one => one.act === 'emit');
    return flipMasks(machine, program, trace, flipPlace(machine, program, trace, emit));
  };
  // [PCI 6.8.1.4], [PCI 6.8.1.6]: addresses of whole words, 16 bits of data.
  expect(masksOf('msi')).toEqual([0xfffffffc, 0xffffffff, 0xffff]);
  expect(masksOf('msix')).toEqual([0xffffffff, 0xffffffff, 0xffffffff]);
});

test('a bit of a table entry changes what the unit does with the next message', () => {
  const [scene] = scenesOf(HCALL);
  const { machine } = scene.scenario;
  // The present bit of q1’s entry.
  const write = seqOf(
    scene,
    one => one.act === 'write' && one.unit === 'table' && one.at === 0 && one.first === 0,
  );
  const forked = forkAt(planOf(scene), [{ seq: write, bit: 0 }]);
  const { trace } = forked?.view ?? { trace: [] };
  const turned = trace.find(one => one.actor === 'patch');
  expect(turned?.where).toBe(scene.view.trace[write].where);
  expect(wordsOf(machine, trace, turned?.seq ?? 0)[0] & 1).toBe(0);
  const first = trace.find(one => one.act === 'fault');
  // An entry that is not present, no longer one of another device.
  expect(first).toMatchObject({ reason: 'vtd/0x22' });
  expect(scene.view.trace.find(one => one.act === 'fault')).toMatchObject({ reason: 'vtd/0x26' });
});

test('it is the fork of a history at the same event', () => {
  const [scene] = scenesOf(TRAP);
  const { machine, program, seed } = scene.scenario;
  const history = createHistory(machine, program, { ...createChoices(), seed });
  const write = seqOf(scene, one => one.act === 'write' && one.unit === 'store' && one.first === 0);
  const event = history.eventOf(write);
  const device = 0;
  const word = history.stateAt(event).stores[device].slots[1][2];
  const patch = { op: 'store', device, slot: 1, first: 2, words: [(word ^ 8) >>> 0] } as const;
  const history2 = history.fork(event, { kind: 'patch', patch });
  const forked = forkAt(planOf(scene), [{ seq: write, bit: 64 + 3 }]);
  expect(forked?.view.trace).toEqual(history2.trace);
  expect(forked?.patches).toEqual([{ event: event + 1, patch }]);
});

test('several bits, each in the run the ones before it led to; what can’t be is refused', () => {
  const [scene] = scenesOf(HCALL);
  const emit = seqOf(scene, one => one.act === 'emit');
  const once = forkAt(planOf(scene), [{ seq: emit, bit: 5 }]);
  const again = (once?.view.trace ?? []).findIndex(one => one.act === 'emit');
  const back = forkAt(planOf(scene), [
    { seq: emit, bit: 5 },
    { seq: again, bit: 5 },
  ]);
  const sent = (trace: readonly TraceRecord[] = []) =>
    trace.flatMap(one => (one.act === 'emit' ? [one.message] : []));
  expect(sent(back?.view.trace)).toEqual(sent(scene.view.trace));
  expect(sent(once?.view.trace)).not.toEqual(sent(scene.view.trace));
  expect(forkAt(planOf(scene), [{ seq: 0, bit: 5 }])).toBeNull();
  expect(forkAt(planOf(scene), [{ seq: emit, bit: 96 }])).toBeNull();
  expect(forkAt(planOf(scene), [{ seq: 9_999, bit: 0 }])).toBeNull();
});

test('a message in the making leads to the write that stores it', () => {
  const [scene] = scenesOf(HCALL);
  const { machine, program } = scene.scenario;
  const { trace } = scene.view;
  const put = seqOf(scene, one => one.act === 'put' && one.irq === 'q1.0');
  const at = flipPlace(machine, program, trace, put);
  expect(trace[at]).toMatchObject({ act: 'write', unit: 'store', of: 'q1' });
  expect(flipPlace(machine, program, trace, 0)).toBe(-1);
});

test('the tables of a fork are those of its own run', () => {
  const [scene] = scenesOf(HCALL);
  const emit = seqOf(scene, one => one.act === 'emit');
  const forked = forkAt(planOf(scene), [{ seq: emit, bit: 5 }]);
  if (!forked) throw new Error('no fork');
  const chance = { ...createChoices(), seed: scene.scenario.seed };
  const { machine } = scene.scenario;
  const film = tablesFilmOf(machine, forked.program, { chance, patches: forked.patches });
  const stores = film.changes.filter(({ table }) => table === 'stores');
  const turned = forked.view.trace.find(one => one.actor === 'patch')?.seq;
  expect(stores.some(({ seq }) => seq === turned)).toBe(true);
});
