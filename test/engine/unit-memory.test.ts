import { describe, expect, test } from 'vitest';
import { faultsOf, type Played, play, recordsOf, servicedOf } from './play.ts';

const devices = {
  nic0: { bdf: '03:00.0', store: 'msi' },
  low: { bdf: '00:03.0', store: 'msi' },
};
const ready = ['nic0.0', 'low.0'].flatMap(irq => [
  { allocate: { irq, cpu: 'p0' } },
  { store: irq },
]);

const run = (ir: object | string, steps: readonly object[], off: readonly string[] = []): Played =>
  play({ platform: { ir, off }, devices, steps: [...ready, ...steps] });

const both = [{ raise: 'nic0.0' }, { raise: 'low.0' }];
const HANDLED = ['p0 nic0.0 handled', 'p0 low.0 handled'];

describe('memory that can’t be read', () => {
  const cases: [string, object, string, string][] = [
    ['VT-d', { kind: 'vtd', unreadable: ['table'] }, 'vtd/0x23', 'vtd/table-access'],
    [
      'AMD-Vi, device table',
      { kind: 'amdvi', unreadable: ['device-table'] },
      'amdvi/0x3',
      'amdvi/dte-access',
    ],
    ['AMD-Vi', { kind: 'amdvi', unreadable: ['table'] }, 'amdvi/0x4', 'amdvi/table-access'],
    [
      'AMD-Vi, one table, 32-bit entries',
      { kind: 'amdvi', unreadable: ['table'], table: 'shared', entryBits: 32 },
      'amdvi/0x4',
      'amdvi/table-access',
    ],
  ];

  test.each(cases)('%s: every request is refused', (_name, ir, reason) => {
    const played = run(ir, both);
    expect(faultsOf(played)).toEqual([`${reason} recorded`, `${reason} recorded`]);
    expect(servicedOf(played)).toEqual([]);
  });

  test.each(cases)('%s: a unit that does not care delivers', (_name, ir, _reason, check) => {
    const played = run(ir, both, [check]);
    expect(faultsOf(played)).toEqual([]);
    expect(servicedOf(played)).toEqual(HANDLED);
  });

  test('a new VT-d table is elsewhere, where memory is sound', () => {
    const steps = [{ unit: { table: 'copy' } }, ...both];
    const played = run({ kind: 'vtd', unreadable: ['table'] }, steps);
    expect(servicedOf(played)).toEqual(HANDLED);
  });
});

describe('a device table entry is written', () => {
  /** IntCtl, bits 189:188: word 5, bits 29:28. */
  const control = (value: number) => ({
    write: { deviceEntry: 'nic0', words: [value * 2 ** 28], first: 5 },
  });

  test.each<[number, string[], string[]]>([
    [0, ['amdvi/0x8 recorded'], ['p0 low.0 handled']],
    [2, [], HANDLED],
    [3, ['amdvi/0x1 recorded'], ['p0 low.0 handled']],
  ])('IntCtl %i counts for that device alone', (value, faults, serviced) => {
    const played = run('amdvi', [control(value), ...both]);
    expect(played.at('nic0.dte.intCtl')).toBe(value);
    expect(played.at('low.dte.intCtl')).toBe(2);
    expect(faultsOf(played)).toEqual(faults);
    expect(servicedOf(played)).toEqual(serviced);
  });

  test('the words around it stay, and the record tells before and after', () => {
    const [plain, written] = [run('amdvi', []), run('amdvi', [control(0)])];
    const [record] = recordsOf(written, 'write').filter(({ unit }) => unit === 'device-table');
    expect(record).toMatchObject({ of: '03:00.0', first: 5, before: [0x20000000], after: [0] });
    const { intCtl, ...rest } = Object(written.at('nic0.dte'));
    expect(intCtl).toBe(0);
    expect(plain.at('nic0.dte')).toEqual({ ...rest, intCtl: 2 });
  });

  test('entries are written into its table all the same, for when it remaps again', () => {
    const entry = { write: { entry: 7, device: 'nic0', words: [1, 0, 0x55] } };
    const message = { format: 'index', index: 7 };
    const steps = [control(0), entry, control(2), { raise: { device: 'nic0', message } }];
    expect(servicedOf(run('amdvi', steps))).toEqual(['p0 0x55 spurious']);
  });

  test('a guest can’t', () => {
    const step = { ...control(0), by: 'g', expect: { error: 'EPERM' } };
    const guests = { g: { vcpus: { v0: 'p1' } } };
    const played = play({ platform: { ir: 'amdvi' }, guests, devices, steps: [step] });
    expect(played.at('nic0.dte.intCtl')).toBe(2);
    expect(recordsOf(played, 'result').map(({ error }) => error)).toEqual(['EPERM']);
  });
});

test('the smallest device table has entries for buses up to 00:0f.7', () => {
  const steps = [{ write: { register: 'deviceTableBase', value: 0 } }, ...both];
  const played = run('amdvi', steps);
  expect(faultsOf(played)).toEqual(['amdvi/0x2 recorded']);
  expect(servicedOf(played)).toEqual(['p0 low.0 handled']);
});
