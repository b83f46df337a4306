import { describe, expect, test } from 'vitest';
import { createChoices } from '../../src/engine/choice.ts';
import { createHistory, type History, type HistoryOptions } from '../../src/engine/history.ts';
import { run } from '../../src/engine/run.ts';
import type { TraceRecord } from '../../src/model/record.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/** A device raises twice through an entry of its own, then under a requester id of another. */
const SPOOF = `
irqscope: 1
name: spoof
title: a device, its entry, and a requester id that is not its own
platform: { preset: x86-vtd }
devices:
  nic0: { bdf: "00:03.0", store: msi }
steps:
  - allocate: { irq: nic0.0, cpu: p1, entry: 3 }
  - store: nic0.0
  - raise: nic0.0
    at: 10us
    label: first
  - raise: nic0.0
    at: 20us
    label: second
  - raise: { device: nic0, as: "00:04.0", message: { format: remappable, handle: 3 } }
    at: 30us
    label: spoofed
`;

/** Two threads in every order, on a unit that may answer from its cache. */
const RACE = `
irqscope: 1
name: race
title: an entry changes while the device raises
platform: { preset: x86-vtd, ir: { kind: vtd, cache: either }, off: [remap/flush-on-change] }
devices:
  nic0: { bdf: "00:03.0", store: msi }
time: { mode: interleave, flight: split, writes: split }
steps:
  - allocate: { irq: nic0.0, cpu: p0 }
  - store: nic0.0
  - raise: nic0.0
  - race:
      mover:
        - affinity: { irq: nic0.0, cpu: p1 }
      device:
        - raise: nic0.0
        - raise: nic0.0
`;

function scenarioOf(text: string): Scenario {
  const { scenarios, problems } = loadScenario('history.yaml', text, () => null);
  expect(problems).toEqual([]);
  return scenarios[0];
}

const historyOf = (text: string, options: HistoryOptions = {}): History => {
  const { machine, program, seed } = scenarioOf(text);
  return createHistory(machine, program, { seed, pick: createChoices().pick }, options);
};

const act = <A extends TraceRecord['act']>(trace: readonly TraceRecord[], kind: A) =>
  trace.filter((record): record is Extract<TraceRecord, { act: A }> => record.act === kind);

/** The event of the step with this label. */
function stepEvent(history: History, label: string): number {
  const record = act(history.trace, 'step').find(step => step.label === label);
  return history.eventOf(record?.seq ?? -1);
}

const lastOf = (history: History): number => history.events - 1;

describe.each([
  ['timed', SPOOF],
  ['interleaved', RACE],
])('looking back upon a %s run', (_mode, text) => {
  const { machine, program, seed } = scenarioOf(text);
  const plain = run(machine, program, { seed, pick: createChoices().pick });

  test('the trace and the last state are those of a plain run', () => {
    const history = historyOf(text);
    expect(history.trace).toStrictEqual(plain.recorder.trace);
    expect(history.stateAt(lastOf(history))).toStrictEqual(plain.sim.state);
    expect(history.end).toBe(plain.end);
  });

  test.each([1, 2, 3, 5, 1000])('a checkpoint every %i events changes nothing', every => {
    const [one, other] = [historyOf(text), historyOf(text, { every })];
    for (let event = -1; event < one.events; event++)
      expect(other.stateAt(event)).toStrictEqual(one.stateAt(event));
  });

  test('every record belongs to one event, in order', () => {
    const history = historyOf(text);
    const events = Array.from({ length: history.events }, (_, event) => event);
    expect(events.flatMap(event => history.recordsOf(event))).toEqual(history.trace);
    for (const event of events)
      for (const { seq } of history.recordsOf(event)) expect(history.eventOf(seq)).toBe(event);
    expect(history.recordsOf(-1)).toEqual([]);
  });

  test('looking at an event shows what it changed, and changes nothing', () => {
    const history = historyOf(text, { every: 4 });
    const before = JSON.stringify([history.trace, history.answers]);
    for (let event = 0; event < history.events; event++) {
      const seen = history.inspect(event);
      expect(seen.before).toStrictEqual(history.stateAt(event - 1));
      expect(seen.after).toStrictEqual(history.stateAt(event));
      expect(seen.records).toEqual(history.recordsOf(event));
      expect(seen.patches.length === 0).toBe(
        JSON.stringify(seen.before) === JSON.stringify(seen.after),
      );
    }
    expect(JSON.stringify([history.trace, history.answers])).toBe(before);
  });

  test('a state that was handed out is the caller’s own', () => {
    const history = historyOf(text);
    const before = JSON.stringify(history.stateAt(1));
    history.stateAt(1).stores[0].slots[0][0] = 0xdead;
    history.stateAt(1).domains.length = 0;
    expect(JSON.stringify(history.stateAt(1))).toBe(before);
  });

  test('without a trace the states are the same', () => {
    const [full, silent] = [historyOf(text), historyOf(text, { level: 'silent', every: 3 })];
    expect(silent.trace).toEqual([]);
    expect(silent.events).toBe(full.events);
    for (let event = 0; event < full.events; event++)
      expect(silent.stateAt(event)).toStrictEqual(full.stateAt(event));
    expect(silent.inspect(1).patches).toEqual(full.inspect(1).patches);
    expect(silent.recordsOf(1)).toEqual([]);
  });

  test('what is not there is refused', () => {
    const history = historyOf(text, { eventsMax: 5 });
    expect(history.end).toBe('limit');
    expect(history.events).toBe(5);
    for (const event of [-2, 5, 0.5, Number.NaN])
      expect(() => history.stateAt(event)).toThrow(RangeError);
    for (const seq of [-1, history.trace.length, 0.5])
      expect(() => history.eventOf(seq)).toThrow(RangeError);
    expect(() => history.inspect(-1)).toThrow(RangeError);
  });
});

describe('a fork', () => {
  const withoutCheck = (history: History) => ({
    kind: 'machine' as const,
    machine: { ...history.machine, off: ['vtd/source-id'] },
  });

  test('under another machine shares the past, and leaves the other branch as it is', () => {
    const history = historyOf(SPOOF, { every: 4 });
    const before = JSON.stringify([history.trace, history.stateAt(lastOf(history))]);
    const at = stepEvent(history, 'second');
    const fork = history.fork(at, withoutCheck(history));
    expect(fork.parent?.history).toBe(history);
    expect(fork.parent?.event).toBe(at);
    const shared = history.recordsOf(at).at(-1)?.seq ?? -1;
    for (let seq = 0; seq <= shared; seq++) expect(fork.trace[seq]).toBe(history.trace[seq]);
    expect(act(history.trace, 'fault').map(fault => fault.reason)).toEqual(['vtd/0x26']);
    expect(act(fork.trace, 'fault')).toEqual([]);
    expect(act(fork.trace, 'deliver')).toHaveLength(act(history.trace, 'deliver').length + 1);
    expect(JSON.stringify([history.trace, history.stateAt(lastOf(history))])).toBe(before);
  });

  test('from before the beginning is a run of its own', () => {
    const history = historyOf(SPOOF);
    const { machine } = withoutCheck(history);
    const fork = history.fork(-1, withoutCheck(history));
    const plain = run(machine, history.program, { seed: history.seed, pick: () => 0 });
    expect(fork.trace).toStrictEqual(plain.recorder.trace);
    expect(fork.recordsOf(0)).toEqual(fork.trace.slice(0, fork.recordsOf(0).length));
  });

  test('with a bit flipped in a table entry: an event of its own, which later checks know of', () => {
    const history = historyOf(SPOOF);
    const at = stepEvent(history, 'second') - 1;
    const { remap } = history.stateAt(at);
    const entry = remap.kind === 'vtd' ? remap.tables[0x100][3] : [];
    const flipped = [(entry[0] ^ (1 << 17)) >>> 0];
    const patch = { op: 'entry', table: 0x100, index: 3, first: 0, words: flipped } as const;
    const fork = history.fork(at, { kind: 'patch', patch });
    expect(fork.stateAt(at)).toStrictEqual(history.stateAt(at));
    const [write] = fork.recordsOf(at + 1);
    expect(write).toMatchObject({ actor: 'patch', act: 'write', unit: 'table', at: 3 });
    expect(write).toMatchObject({ before: [entry[0]], after: flipped, timeNs: 10_500 });
    expect(fork.inspect(at + 1).patches).toEqual([
      { op: 'replace', path: ['remap', 'tables', '256', '3', 0], value: flipped[0] },
    ]);
    const vectors = act(fork.trace, 'deliver').map(({ request }) => request.vector);
    expect(vectors).toEqual([0x21, 0x23]);
    const [, translated] = act(fork.trace, 'translate');
    expect(translated.causes).toContain(write.seq);
  });

  test('with words flipped in a store and a register', () => {
    const history = historyOf(SPOOF);
    const at = stepEvent(history, 'second') - 1;
    const store = { op: 'store', device: 0, slot: 0, first: 0, words: [0xfee00018] } as const;
    const other = history.fork(at, { kind: 'patch', patch: store });
    expect(act(other.trace, 'fault').map(fault => fault.name)).toContain('irte-not-present');
    const gsts = { op: 'register', reg: 'gsts', value: 0 } as const;
    const off = history.fork(at, { kind: 'patch', patch: gsts });
    const outcomes = act(off.trace, 'translate').map(({ outcome }) => outcome.kind);
    expect(outcomes).toEqual(['remapped', 'passthrough', 'passthrough']);
  });

  test('with other answers takes another order', () => {
    const history = historyOf(RACE);
    const question = history.answers.find(({ label }) => label === 'next');
    const at = (question?.event ?? 0) - 1;
    const fork = history.fork(at, { kind: 'answers', answers: [1] });
    const next = fork.answers.find(({ event }) => event === at + 1);
    expect(next).toMatchObject({ label: 'next', picked: 1 });
    expect(fork.trace).not.toEqual(history.trace);
    const rest = history.answers.filter(({ event }) => event > at).map(({ picked }) => picked);
    expect(history.fork(at, { kind: 'answers', answers: rest }).trace).toEqual(history.trace);
  });

  test('of a fork, after it and in the past it shares', () => {
    const history = historyOf(SPOOF, { every: 3 });
    const at = stepEvent(history, 'second');
    const fork = history.fork(at, withoutCheck(history));
    const back = { kind: 'machine', machine: history.machine } as const;
    const again = fork.fork(at + 1, back);
    expect(again.trace).toStrictEqual(history.trace);
    expect(again.stateAt(lastOf(again))).toStrictEqual(history.stateAt(lastOf(history)));
    expect(again.parent?.history.parent?.history).toBe(history);
    const early = fork.fork(2, { kind: 'answers', answers: [] });
    expect(early.machine).toBe(history.machine);
    expect(early.trace).toStrictEqual(history.trace);
    for (let event = -1; event < again.events; event++) {
      expect(again.stateAt(event)).toStrictEqual(history.stateAt(event));
      expect(again.recordsOf(event)).toEqual(history.recordsOf(event));
    }
  });

  test('that cannot be is refused', () => {
    const history = historyOf(SPOOF);
    const fork = (event: number, patch: object) => () =>
      history.fork(event, { kind: 'patch', patch } as never);
    const words = [0];
    expect(fork(2, { op: 'store', device: 7, slot: 0, first: 0, words })).toThrow(RangeError);
    expect(fork(2, { op: 'store', device: 0, slot: 1, first: 0, words })).toThrow(RangeError);
    expect(fork(2, { op: 'store', device: 0, slot: 0, first: 4, words })).toThrow(RangeError);
    expect(fork(2, { op: 'entry', table: 1, index: 0, first: 3, words: [0, 0] })).toThrow(
      RangeError,
    );
    expect(fork(2, { op: 'register', reg: 'cr0', value: 0 })).toThrow(RangeError);
    expect(fork(-1, { op: 'register', reg: 'gsts', value: 0 })).toThrow(RangeError);
    const none = { ...history.machine, remap: { kind: 'none' } as const };
    expect(() => history.fork(2, { kind: 'machine', machine: none })).toThrow(RangeError);
    const fewer = { ...history.machine, devices: [] };
    expect(() => history.fork(-1, { kind: 'machine', machine: fewer })).toThrow(RangeError);
  });
});
