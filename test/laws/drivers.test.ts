import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findScenarios, readRelative, readText } from '../../src/cli/files.ts';
import { sameAnswers } from '../../src/engine/choice.ts';
import { createHistory, type History } from '../../src/engine/history.ts';
import type { TraceRecord } from '../../src/model/record.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import {
  atLevel,
  doorOf,
  drive,
  EVENTS_MAX,
  expectSame,
  inPlace,
  isCompared,
  type Outcome,
  onCopy,
  onDraft,
  throughText,
  verdictOf,
} from './drivers.ts';
import { scenarios } from './generate.ts';
import { PINNED } from './pinned.ts';
import { errorsIn, type Subject, subjectOf } from './subject.ts';

/** Every driver against the plain run. */
function compareDrivers(subject: Subject): void {
  const plain = drive(subject, inPlace);
  expectSame(drive(subject, onCopy), plain);
  expectSame(drive(subject, onDraft), plain);
  expectSame(throughText(subject, 1 + (subject.seed % 11)), plain);
  for (const level of ['facts', 'silent'] as const)
    expectSame({ ...plain, ...atLevel(subject, level) }, plain);
  compareHistory(subject, plain);
}

function compareHistory(subject: Subject, plain: Outcome): void {
  const { machine, program, seed } = subject;
  const every = 1 + (seed % 7);
  const options = { every, eventsMax: EVENTS_MAX };
  const history = createHistory(machine, program, doorOf(seed), options);
  expectSame(lookBack(history), plain);
  expect(verdictOf(machine, history.trace)).toBe(verdictOf(machine, plain.trace));
  const middle = seed % history.events;
  expectSame(lookBack(history.fork(middle, { kind: 'machine', machine })), plain);
  const { before, after, records } = history.inspect(middle);
  expect(JSON.stringify(before)).toBe(JSON.stringify(history.stateAt(middle - 1)));
  expect(JSON.stringify(after)).toBe(JSON.stringify(history.stateAt(middle)));
  expect(records).toEqual(history.recordsOf(middle));
  for (const { seq } of records) expect(history.eventOf(seq)).toBe(middle);
}

/** What a history says about its run, from replays. */
function lookBack(history: History): Outcome {
  const compared = Array.from({ length: history.events }, (_, event) => event).filter(isCompared);
  const states = [...compared, history.events - 1].map(event =>
    JSON.stringify(history.stateAt(event)),
  );
  const answers = history.answers.map(({ picked }) => picked);
  return { states, trace: history.trace, answers };
}

describe('all drivers give equal states, traces and verdicts', () => {
  test.each(findScenarios(['scenarios']))('%s', { timeout: 120_000 }, file => {
    const loaded = loadScenario(file, readText(file), readRelative);
    expect(loaded.problems).toEqual([]);
    for (const { machine, program, seed } of loaded.scenarios)
      compareDrivers({ machine, program, seed });
  });

  test('thousands of generated scenarios', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(scenarios(6), document => compareDrivers(subjectOf(document))),
      { numRuns: 2000, examples: PINNED.map(document => [document]) },
    );
  });
});

test('a fork goes on as a run does that was given the same answers', { timeout: 300_000 }, () => {
  const answers = fc.array(fc.nat(2), { maxLength: 12 });
  fc.assert(
    fc.property(scenarios(8), fc.nat(), answers, (document, where, later) => {
      const { machine, program, seed } = subjectOf(document);
      const options = { every: 5, eventsMax: EVENTS_MAX };
      const history = createHistory(machine, program, doorOf(seed), options);
      const at = where % history.events;
      const fork = history.fork(at, { kind: 'answers', answers: later });
      const before = history.answers.filter(({ event }) => event <= at);
      const pick = sameAnswers([...before.map(({ picked }) => picked), ...later]);
      const whole = createHistory(machine, program, { seed, pick }, options);
      expectSame(lookBack(fork), lookBack(whole));
    }),
    { numRuns: 300 },
  );
});

describe('generated scenarios', () => {
  const documents = fc.sample(scenarios(10), { numRuns: 1000, seed: 1 });

  test('are sound files', () => {
    for (const document of documents.slice(0, 100)) {
      const { problems } = loadScenario('generated.yaml', JSON.stringify(document), () => null);
      expect(errorsIn(problems)).toEqual([]);
    }
  });

  test('come to everything there is a record for', () => {
    const traces = documents.map(document => drive(subjectOf(document), inPlace).trace);
    const seen = new Set(traces.flat().map(kindOf));
    expect(KINDS.filter(kind => !seen.has(kind))).toEqual([]);
  });
});

const KINDS = [
  ...['alloc', 'assign', 'bind', 'boot', 'choice', 'compose', 'cpu', 'create', 'emit', 'eoi'],
  ...['fault', 'forge', 'free', 'hypercall', 'invalidate', 'post', 'put', 'queue', 'reset'],
  ...['retag', 'step', 'stray', 'trap', 'unbind'],
  ...['accepted', 'coalesced', 'illegal-vector', 'no-target'].map(o => `deliver ${o}`),
  ...['disabled', 'pending', 'sent'].map(outcome => `raise ${outcome}`),
  ...['EBUSY', 'ENODEV', 'ENOENT', 'ENOMEM', 'ENOSPC', 'EPERM'].map(error => `result ${error}`),
  ...['forwarded', 'handled', 'spurious', 'system'].map(outcome => `service ${outcome}`),
  ...['blocked', 'passthrough', 'posted', 'remapped'].map(outcome => `translate ${outcome}`),
  ...['function', 'register', 'store', 'table'].map(unit => `write ${unit}`),
];

/** A kind of record: what happened, and how it came out. */
function kindOf(record: TraceRecord): string {
  switch (record.act) {
    case 'translate':
      return `translate ${record.outcome.kind}`;
    case 'raise':
    case 'deliver':
    case 'service':
      return `${record.act} ${record.outcome}`;
    case 'result':
      return `result ${record.error}`;
    case 'write':
      return `write ${record.unit}`;
    default:
      return record.act;
  }
}
