import { describe, expect, test } from 'vitest';
import { IRTE } from '../../src/arch/vtd.ts';
import { get } from '../../src/bits/layout.ts';
import { faultsOf, type Played, play, recordsOf, servicedOf } from './play.ts';

const X2APIC = { preset: 'x86-vtd', cpus: 3, apic: 'x2apic' };
const XAPIC = { preset: 'x86-vtd', cpus: 3 };
const guests = { g: { vcpus: { v0: 'p1' }, interrupts: 'posted' } };
const devices = { dev: { bdf: '03:00.0', store: 'msix', owner: 'g' } };
const ready = [{ allocate: { irq: 'dev.0', cpu: 'v0' } }, { store: 'dev.0' }];

const run = (steps: readonly object[], platform: object = X2APIC): Played =>
  play({ platform, guests, devices, steps: [...ready, ...steps] });

/** Words of the interrupt's entry, written past every layer. */
const entry = (first: number, ...words: number[]) => ({
  write: { entry: 0, first, words: words.map(word => `0x${word.toString(16)}`) },
  by: 'host',
});
const descriptor = (first: number, ...words: number[]) => ({
  write: { descriptor: 'g/v0', first, words: words.map(word => `0x${word.toString(16)}`) },
  by: 'host',
});

const [LOW, MIDDLE] = (() => {
  const { remap } = run([]).state;
  if (remap.kind !== 'vtd') throw new Error('no VT-d unit');
  return Object.values(remap.tables)[0][0];
})();
const FPD = 2;
const URG = 1 << 14;

test('the entry names the descriptor of the virtual CPU', () => {
  expect(get([LOW, MIDDLE, 0, 0], IRTE.fields.im)).toBe(1);
  const posted = run([{ raise: 'dev.0' }]);
  expect(servicedOf(posted)).toEqual(['g/v0 dev.0 handled']);
  expect(posted.at('g/v0.descriptor')).toMatchObject({ pir: [], on: 0, sn: 0, nv: 0xf2, ndst: 1 });
});

describe('refusals on the way to the descriptor', () => {
  /** The descriptor lies above 4 GiB, where there is none. */
  const nowhere = entry(3, 1);
  /** Bit 258 of the descriptor. */
  const unsound = descriptor(8, 4);

  test.each<[string, object[], string[]]>([
    ['no descriptor there', [nowhere], ['vtd/0x27 recorded']],
    ['a reserved bit of the descriptor', [unsound], ['vtd/0x28 recorded']],
    ['the last bit of the descriptor', [descriptor(15, 0x80000000)], ['vtd/0x28 recorded']],
    ['both: access comes first', [nowhere, unsound], ['vtd/0x27 recorded']],
    ['no descriptor there, FPD', [nowhere, entry(0, LOW | FPD)], ['vtd/0x27 suppressed']],
    ['a reserved bit, FPD', [unsound, entry(0, LOW | FPD)], ['vtd/0x28 suppressed']],
    ['the source check comes first', [nowhere, entry(2, 0x40400)], ['vtd/0x26 recorded']],
  ])('%s', (_name, spoil, faults) => {
    const spoiled = run([...spoil, { raise: 'dev.0' }]);
    expect(faultsOf(spoiled)).toEqual(faults);
    expect(servicedOf(spoiled)).toEqual([]);
    expect(recordsOf(spoiled, 'post')).toEqual([]);
  });

  test('a unit that does not check posts into nowhere, and says nothing', () => {
    const platform = { ...X2APIC, off: ['vtd/descriptor-access'] };
    const spoiled = run([nowhere, { raise: 'dev.0' }], platform);
    expect([faultsOf(spoiled), servicedOf(spoiled), recordsOf(spoiled, 'post')]).toEqual([
      [],
      [],
      [],
    ]);
  });

  test.each([
    ['xAPIC', XAPIC, ['vtd/0x28 recorded']],
    ['x2APIC', X2APIC, []],
  ])('destination bits beyond 8 in %s mode', (_name, platform, faults) => {
    const spoiled = run([descriptor(9, 0x10100), { raise: 'dev.0' }], platform);
    expect(faultsOf(spoiled)).toEqual(faults);
  });

  test('a unit that cannot post takes the mode bit for a reserved one', () => {
    const platform = { ...X2APIC, ir: { kind: 'vtd', posting: false } };
    const raw = play({
      platform,
      devices: { dev: { bdf: '03:00.0', store: 'msix' } },
      steps: [{ allocate: 'dev.0' }, { store: 'dev.0' }, entry(0, LOW), { raise: 'dev.0' }],
    });
    expect(faultsOf(raw)).toEqual(['vtd/0x24 recorded']);
  });
});

describe('life of a virtual CPU', () => {
  const posts = (played: Played) => recordsOf(played, 'post').map(({ notify }) => notify);
  const at = (change: object) => ({ cpu: { cpu: 'g/v0', ...change }, by: 'host' });

  test.each<[string, object[], object, boolean[]]>([
    ['running', [], { on: 0, sn: 0, pir: [] }, [true]],
    [
      'preempted: no notification, and it waits',
      [at({ do: 'preempt' })],
      { on: 0, sn: 1 },
      [false],
    ],
    [
      'preempted, urgent entry',
      [at({ do: 'preempt' }), entry(0, LOW | URG)],
      { on: 1, sn: 1 },
      [true],
    ],
    ['a notification is outstanding', [descriptor(8, 0xf20001)], { on: 1, sn: 0 }, [false]],
  ])('%s', (_name, before, after, notified) => {
    const played = run([...before, { raise: 'dev.0' }]);
    expect(played.at('g/v0.descriptor')).toMatchObject(after);
    expect(posts(played)).toEqual(notified);
  });

  test('what waited is taken when it runs again, wherever that is', () => {
    const again = run([
      at({ do: 'preempt' }),
      { raise: 'dev.0' },
      { raise: 'dev.0' },
      at({ do: 'run', on: 'p2' }),
      { raise: 'dev.0' },
    ]);
    expect(servicedOf(again)).toEqual(['g/v0 dev.0 handled', 'g/v0 dev.0 handled']);
    expect(again.at('g/v0.descriptor')).toMatchObject({ ndst: 2, sn: 0, on: 0 });
  });

  test('a blocked one is woken by its physical CPU', () => {
    const woken = run([at({ do: 'block' }), { raise: 'dev.0' }]);
    expect(servicedOf(woken)).toEqual(['p1 0xf1 system', 'g/v0 dev.0 handled']);
  });
});

describe('the host’s own interrupts, posted', () => {
  const host = (steps: object[]) =>
    play({
      platform: { ...X2APIC, kernel: 'linux-6.10', hostPosting: true },
      devices: { dev: { bdf: '03:00.0', store: 'msix', vectors: 2 } },
      steps: [
        ...[0, 1].flatMap(i => [
          { allocate: { irq: `dev.${i}`, cpu: 'p1' } },
          { store: `dev.${i}` },
        ]),
        ...steps,
      ],
    });

  test('one notification, and the handlers of all that was posted', () => {
    const run = host([
      { cpu: { cpu: 'p1', do: 'interrupts-off' } },
      { raise: 'dev.0' },
      { raise: 'dev.1' },
      { cpu: { cpu: 'p1', do: 'interrupts-on' } },
    ]);
    expect(servicedOf(run)).toEqual(['p1 0xeb system', 'p1 dev.0 handled', 'p1 dev.1 handled']);
    expect(run.at('p1.isr')).toEqual([]);
  });

  test('a change of affinity names another descriptor; the store stays', () => {
    const before = host([]);
    const after = host([{ affinity: { irq: 'dev.0', cpu: 'p2' } }, { raise: 'dev.0' }]);
    expect(servicedOf(after)).toEqual(['p2 0xeb system', 'p2 dev.0 handled']);
    expect(after.state.stores).toEqual(before.state.stores);
  });
});
