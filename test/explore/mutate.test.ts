import { describe, expect, it, test } from 'vitest';
import { AMD_CHECKS } from '../../src/arch/amdvi.ts';
import { APIC_CHECKS } from '../../src/arch/apic.ts';
import { VTD_CHECKS } from '../../src/arch/vtd.ts';
import {
  killMutant,
  MUTATIONS,
  type Mutant,
  SCORE_GOAL,
  scoreOf,
  UNREACHABLE,
} from '../../src/explore/mutate.ts';
import { GUARDS } from '../../src/model/guards.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { scenarioOf } from '../engine/play.ts';
import { FILES, load } from '../scenario/files.ts';

/** Machines that are busy with other things take their time. */
const TIMEOUT_MS = 240_000;

test('every check of the units, and every guard, can be switched off', () => {
  const known = [GUARDS, VTD_CHECKS, AMD_CHECKS, APIC_CHECKS].flatMap(Object.keys);
  expect(MUTATIONS.toSorted()).toEqual(
    [...known, 'bridge/source-bus', 'dma/interrupt-range'].toSorted(),
  );
  expect(Object.keys(UNREACHABLE).filter(rule => !MUTATIONS.includes(rule))).toEqual([]);
});

describe('the scenarios of the project', { timeout: TIMEOUT_MS }, () => {
  const corpus = FILES.flatMap(({ name, text }) => load(name, text).scenarios);

  it('notice when a check is gone', () => {
    const mutants = MUTATIONS.map(rule => killMutant(rule, corpus));
    const { score, missed, unreachable } = scoreOf(mutants);
    expect(score, `nobody notices ${missed.join(', ')}`).toBeGreaterThanOrEqual(SCORE_GOAL);
    // Where somebody does notice, the reason given for it is wrong.
    expect(unreachable).toEqual(Object.keys(UNREACHABLE));
  });
});

describe('what is noticed', () => {
  const devices = { nic0: { bdf: '03:00.0', store: 'msi' } };
  const raise = { device: 'nic0', message: { format: 'compat', dest: 0, vector: 0x55 } };
  const scenario = (name: string, expect: object, platform: object = { ir: 'vtd' }): Scenario =>
    scenarioOf({ name, platform, devices, steps: [{ raise, label: 'sent' }], expect });
  const FAULT = { always: [{ fault: { step: 'sent', reason: 'vtd/0x25' } }] };
  const RULE = 'vtd/compat-format';

  test.each<[string, Scenario[], string | null]>([
    ['a scenario that expects the refusal', [scenario('strict', FAULT)], 'strict'],
    ['one that expects nothing', [scenario('lax', {})], null],
    ['one without the unit', [scenario('bare', {}, { ir: 'none' })], null],
    ['one that has the check off', [scenario('off', {}, { ir: 'vtd', off: [RULE] })], null],
    ['one that fails in any case', [scenario('wrong', { works: false })], null],
    [
      'the one that speaks of it, of two',
      [scenario('plain', { never: [{ spurious: { vector: 0x55 } }] }), scenario('strict', FAULT)],
      'strict',
    ],
  ])('%s', (_name, corpus, killedBy) => {
    expect(killMutant(RULE, corpus)).toEqual({ rule: RULE, killedBy });
  });
});

describe('the score', () => {
  const [idle] = Object.keys(UNREACHABLE);
  const mutant = (rule: string, killedBy: string | null): Mutant => ({ rule, killedBy });

  test.each<[string, Mutant[], object]>([
    ['of nothing', [], { killed: 0, total: 0, score: 0, missed: [], unreachable: [] }],
    [
      'leaves out what nobody can notice',
      [mutant('a', 'x'), mutant('b', null), mutant(idle, null)],
      { killed: 1, total: 2, score: 0.5, missed: ['b'], unreachable: [idle] },
    ],
    [
      'counts it where somebody did',
      [mutant('a', null), mutant(idle, 'x')],
      { killed: 1, total: 2, score: 0.5, missed: ['a'], unreachable: [] },
    ],
  ])('%s', (_name, mutants, score) => {
    expect(scoreOf(mutants)).toEqual(score);
  });
});
