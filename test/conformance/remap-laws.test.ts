import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Word } from '../../src/bits/word.ts';
import { unitOf } from '../../src/engine/remap-unit.ts';
import type { CheckResult } from '../../src/model/check.ts';
import { NONE, REMAP_PROFILES } from '../../src/model/machine.ts';
import type { RemapOutcome } from '../../src/model/remap.ts';
import type { Wire } from '../../src/model/wire.ts';
import type { Probe, UnitCase } from './unit-case.ts';
import { SUBJECTS } from './unit-cases.ts';

const RUNS = { numRuns: 2000 };
const TABLE_INDICES = 64;

function translate(p: Probe, log: CheckResult[] | null = null, picks: number[] = []): RemapOutcome {
  return unitOf(p.state).translate(p.spec, p.state, p.wire, {
    log,
    pick: () => picks.shift() ?? 0,
  });
}

const word = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.integer({ min: 0, max: 31 }).map(bit => (1 << bit) >>> 0),
  fc.constant(0),
);

/** The first value as a rule, another one now and then. */
const mostly = (usual: number, ...rare: number[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, fc.constantFrom(...rare));

/** Requests into the interrupt window; most name a low index in either way a unit may read one. */
const wire: fc.Arbitrary<Partial<Wire>> = fc.record({
  addressLow: fc
    .tuple(fc.integer({ min: 0, max: 0xfffff }), fc.nat(3))
    .map(([low, far]) => (0xfee00000 | (far ? low & 0x7f8 : low)) >>> 0),
  addressHigh: mostly(0, 1),
  data: fc.oneof({ weight: 4, arbitrary: fc.nat(TABLE_INDICES) }, word),
  rid: mostly(0x0200, 0x0201, 0xffff),
  pasid: mostly(NONE, 7),
});

/** Tables with any words in them; half of the entries are sound, so that some requests get through. */
function tableOf({ entryWords, soundEntry }: UnitCase): fc.Arbitrary<Record<number, Word[]>> {
  const entry = fc
    .tuple(fc.array(word, { minLength: entryWords, maxLength: entryWords }), fc.boolean())
    .map(([words, sound]) => (sound ? soundEntry(words) : words));
  const index = fc.integer({ min: 0, max: TABLE_INDICES }).map(String);
  return fc.dictionary(index, entry, { minKeys: TABLE_INDICES / 2 });
}

const any = fc.integer({ min: 0, max: 0xffffffff });
const drawn = fc.tuple(any, any, any);

test('every kind of unit has a case for each of its profiles, or no table', () => {
  const withTables = Object.entries(REMAP_PROFILES).filter(([kind]) => kind !== 'none');
  expect(SUBJECTS.map(({ name }) => name)).toEqual(
    withTables.flatMap(([kind, profiles]) => profiles.map(profile => `${kind}, ${profile}`)),
  );
});

test('no unit at all: everything passes, nothing is recorded', () => {
  const none = unitOf({ kind: 'none' });
  fc.assert(
    fc.property(wire, change => {
      const asked: Wire = {
        addressLow: 0,
        addressHigh: 0,
        data: 0,
        rid: 0,
        pasid: NONE,
        ...change,
      };
      const env = { log: null, pick: () => 0 };
      expect(none.translate({ kind: 'none' }, { kind: 'none' }, asked, env)).toEqual({
        kind: 'passthrough',
      });
      expect(none.tableOf({ kind: 'none' }, asked.rid)).toBe(NONE);
    }),
  );
});

describe.each(SUBJECTS)('$name', ({ profile, unit }) => {
  const lacks = unit.lacks[profile] ?? [];
  const random = fc.tuple(tableOf(unit), drawn, wire);

  /** A unit set up at random, asked at random. */
  function probeOf([table, setUp, change]: [Record<number, Word[]>, Word[], Partial<Wire>]): Probe {
    const p = unit.probe(profile);
    Object.assign(p.table(), table);
    p.setUp(setUp);
    p.ask(change);
    return p;
  }

  test('a good request becomes what its entry says', () => {
    const p = unit.probe(profile);
    const { vector, dest } = p.says(p.table()[p.index]);
    expect(translate(p)).toMatchObject({
      kind: 'remapped',
      entry: p.index,
      request: { vector, dest },
    });
  });

  test('nothing is delivered from outside the table of the requester', () => {
    const seen = { remapped: 0, passthrough: 0, blocked: 0, posted: 0 };
    fc.assert(
      fc.property(random, drawing => {
        const p = probeOf(drawing);
        const outcome = translate(p);
        seen[outcome.kind]++;
        if (outcome.kind === 'passthrough') expect(p.mayPass()).toBe(true);
        if (outcome.kind !== 'remapped' && outcome.kind !== 'posted') return;
        if (outcome.entry === NONE) {
          expect(unit.readsBeyond).toContain(profile);
          return;
        }
        const words = p.table()[outcome.entry];
        expect(words[0] & 1).toBe(1);
        if (!unit.readsBeyond.includes(profile)) expect(outcome.entry).toBeLessThan(p.entries());
        if (outcome.kind === 'remapped') expect(outcome.request).toMatchObject(p.says(words));
      }),
      RUNS,
    );
    for (const kind of ['remapped', 'passthrough', 'blocked'] as const)
      expect(seen[kind], kind).toBeGreaterThan(RUNS.numRuns / 100);
  });

  test('deciding changes nothing but what is cached', () => {
    fc.assert(
      fc.property(random, fc.constantFrom('never', 'always', 'either'), (drawing, cache) => {
        const p = probeOf(drawing);
        p.setCache(cache);
        const before = structuredClone({ ...p.state, cache: null });
        const first = translate(p);
        expect({ ...p.state, cache: null }).toEqual(before);
        expect(translate(p)).toEqual(first);
      }),
      { numRuns: 500 },
    );
  });

  test('each refusal is named, and noted or silenced as it says', () => {
    fc.assert(
      fc.property(random, drawing => {
        const p = probeOf(drawing);
        const log: CheckResult[] = [];
        const fault = translate(p, log);
        if (fault.kind !== 'blocked') return;
        expect(Object.keys(unit.checks)).toContain(fault.rule);
        expect(unit.faults).toContain(fault.fault);
        expect(log.at(-1)).toMatchObject({ rule: fault.rule, pass: false });
        expect(log.slice(0, -1).filter(({ pass }) => !pass)).toEqual([]);
        const fate = unitOf(p.state).record(p.spec, p.state, { fault, wire: p.wire });
        expect(fate).toBe(fault.recorded ? 'recorded' : 'suppressed');
      }),
      RUNS,
    );
  });

  const broken = Object.keys(unit.probe(profile).breaks);
  const made = broken.filter(rule => !lacks.includes(rule));

  test('there is a way to break every check', () => {
    expect([...broken, ...unit.elsewhere].toSorted()).toEqual(Object.keys(unit.checks).toSorted());
  });

  test.each(made)('%s refuses by its name', rule => {
    const p = unit.probe(profile);
    p.breaks[rule]();
    const { fault } = unit.checks[rule];
    const outcome = translate(p);
    expect(outcome).toMatchObject({ kind: 'blocked', rule });
    expect(outcome).toMatchObject(typeof fault === 'number' ? { code: fault } : { fault });
  });

  test.each(made)('%s switched off refuses nothing, and is noted', rule => {
    const p = unit.probe(profile);
    p.breaks[rule]();
    p.switchOff([rule]);
    const log: CheckResult[] = [];
    expect(translate(p, log).kind).not.toBe('blocked');
    expect(log.filter(check => !check.pass && check.rule === rule)).toMatchObject([{ off: true }]);
  });

  test.each(lacks)('%s is not made by the emulator', rule => {
    const p = unit.probe(profile);
    p.breaks[rule]();
    expect(translate(p).kind).not.toBe('blocked');
  });

  const inOrder = profile === 'spec' ? made : [];
  const pairs = inOrder.flatMap((first, i) => made.slice(i + 1).map(second => [first, second]));
  test.each(pairs)('%s comes before %s', (first, second) => {
    const p = unit.probe(profile);
    p.breaks[second]();
    p.breaks[first]();
    expect(translate(p)).toMatchObject({ kind: 'blocked', rule: first });
  });

  test('an entry that was freed and flushed never fires again', () => {
    const policies = fc.constantFrom('always' as const, 'either' as const);
    fc.assert(
      fc.property(policies, fc.array(fc.nat(1), { maxLength: 4 }), (policy, picks) => {
        const p = unit.probe(profile);
        p.setCache(policy);
        expect(translate(p).kind).toBe('remapped');
        p.table()[p.index] = p.table()[p.index].map(() => 0);
        const { command, carryOut } = unitOf(p.state);
        const scope = { index: p.index, count: 1, rid: p.wire.rid };
        expect(carryOut(p.state, command(scope))).toBe(true);
        for (let again = 0; again < 3; again++)
          expect(translate(p, null, picks)).toMatchObject({ kind: 'blocked' });
      }),
    );
  });

  test('without power it forgets its registers, and passes everything until it is set up', () => {
    const p = unit.probe(profile);
    p.setCache('always');
    translate(p);
    const memory = structuredClone(p.table());
    unitOf(p.state).loseRegisters(p.state);
    expect(translate(p)).toEqual({ kind: 'passthrough' });
    expect(p.table()).toEqual(memory);
  });
});
