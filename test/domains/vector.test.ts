import { describe, expect, test } from 'vitest';
import { KERNELS, systemVector } from '../../src/arch/linux.ts';
import { errorsOf, play, recordsOf, servicedOf } from '../engine/play.ts';

const BARE = { preset: 'x86-bare', cpus: 3 };
const VTD = { preset: 'x86-vtd', cpus: 3 };
const nic = (vectors = 4) => ({ nic: { bdf: '03:00.0', store: 'msix', vectors } });
const old = { old: { bdf: '00:03.0', store: 'msi' } };
const at = (irq: string, cpu: string) => [{ allocate: { irq, cpu } }, { store: irq }];
const move = (irq: string, cpu: string, more: object = {}) => ({
  affinity: { irq, cpu, ...more },
});

describe('what each kernel hands out', () => {
  test.each([
    ['linux-6.1', 0x21, 0xeb],
    ['linux-6.6', 0x20, 0xeb],
    ['linux-6.10', 0x20, 0xea],
  ] as const)('%s: from %i to %i, without ISA vectors and int 0x80', (kernel, first, last) => {
    const plan = KERNELS[kernel];
    const taken = new Set<number>(plan.system);
    const free = Array.from({ length: 256 }, (_, v) => v).filter(
      v => v >= plan.allocStart && v < plan.allocEnd && !taken.has(v),
    );
    const run = play({
      platform: { preset: 'x86-vtd', cpus: 1, kernel },
      devices: nic(free.length + 1),
      steps: Array.from({ length: free.length + 1 }, (_, i) => ({ allocate: `nic.${i}` })),
    });
    const given = recordsOf(run, 'alloc').flatMap(({ kind, error, vector }) =>
      kind === 'vector' && !error ? [vector] : [],
    );
    expect(given).toEqual(free);
    expect([given[0], given.at(-1)]).toEqual([first, last]);
    for (const v of [0x30, 0x3f, 0x80]) expect(given).not.toContain(v);
    expect(errorsOf(run)).toEqual(['ENOSPC']);
    expect(run.at('host.vectors')).toMatchObject({ available: 0, reserved: 0 });
  });

  test.each([
    ['linux-6.1', 0x20, 'clean-up after a move'],
    ['linux-6.6', 0x20, undefined],
    ['linux-6.10', 0xeb, 'posted MSI notification'],
    ['linux-6.6', 0xeb, undefined],
    ['linux-6.1', 0xf2, 'posted interrupt notification'],
    ['linux-6.6', 0xff, 'spurious'],
  ] as const)('%s keeps vector %i for: %s', (kernel, vector, use) => {
    expect(systemVector(kernel, vector)).toBe(use);
  });
});

describe('reserved', () => {
  const reserved = { allocate: { irq: 'nic.0', reserve: true } };

  test('a promise only: it points at the shutdown vector of the first CPU', () => {
    const run = play({ platform: BARE, devices: nic(), steps: [reserved, { store: 'nic.0' }] });
    expect(run.at('nic.msix[0]')).toMatchObject({ vector: 0xef, dest: 0 });
    expect(run.at('host.vectors')).toMatchObject({ reserved: 1, allocated: 0 });
  });

  test('behind a unit the entry points there', () => {
    const run = play({ platform: VTD, devices: nic(), steps: [reserved] });
    expect(run.at('ir.irte[0]')).toMatchObject({ present: true, vector: 0xef, dest: 0 });
  });

  test('activation makes it real, and redeems the promise', () => {
    const steps = [reserved, { activate: 'nic.0' }, { store: 'nic.0' }, { raise: 'nic.0' }];
    const run = play({ platform: BARE, devices: nic(), steps });
    expect(servicedOf(run)).toEqual(['p0 nic.0 handled']);
    expect(run.at('host.vectors')).toMatchObject({ reserved: 0, allocated: 1 });
  });

  test('a store without a mask can’t wait: it gets its vector at once', () => {
    const steps = [{ allocate: { irq: 'old.0', reserve: true } }, { store: 'old.0' }];
    const run = play({ platform: BARE, devices: old, steps });
    expect(run.at('host.vectors')).toMatchObject({ reserved: 0, allocated: 1 });
    expect(run.at('old.msi[0]')).toMatchObject({ vector: 0x21 });
  });

  test('given back unused, the promise is withdrawn', () => {
    const run = play({ platform: BARE, devices: nic(), steps: [reserved, { free: 'nic.0' }] });
    expect(run.at('host.vectors')).toMatchObject({ reserved: 0, allocated: 0 });
  });
});

describe('managed', () => {
  const managed = (irq: string, cpus: string[]) => [
    { allocate: { irq, managed: cpus } },
    { store: irq },
  ];

  test('a vector is set aside on every CPU of its mask, and one used; ties go to the last', () => {
    const run = play({ platform: BARE, devices: nic(), steps: managed('nic.0', ['p0', 'p1']) });
    const use = ['p0', 'p1', 'p2'].map(cpu => run.at(`${cpu}.vectors`));
    expect(use).toMatchObject([
      { managed: 1, managedAllocated: 0, allocated: 0 },
      { managed: 1, managedAllocated: 1, allocated: 1 },
      { managed: 0, managedAllocated: 0 },
    ]);
  });

  test('its affinity is the kernel’s', () => {
    const steps = [...managed('nic.0', ['p0', 'p1']), move('nic.0', 'p0')];
    expect(errorsOf(play({ platform: BARE, devices: nic(), steps }))).toEqual(['EIO']);
  });

  test('when one of its CPUs goes it moves to the other; when both go it is shut down', () => {
    const down = (cpu: string) => ({ cpu: { cpu, do: 'offline' } });
    const script = (steps: object[]) =>
      play({
        platform: BARE,
        devices: nic(),
        steps: [...managed('nic.0', ['p1', 'p2']), ...steps, { raise: 'nic.0' }],
      });
    expect(servicedOf(script([down('p2')]))).toEqual(['p1 nic.0 handled']);
    const gone = script([down('p2'), down('p1')]);
    expect(servicedOf(gone)).toEqual([]);
    expect(gone.at('nic.msix[0]')).toMatchObject({ address: 0, data: 0, masked: true });
    const back = script([down('p2'), down('p1'), { cpu: { cpu: 'p1', do: 'online' } }]);
    expect(servicedOf(back)).toEqual(['p1 nic.0 handled']);
  });

  test('given back, nothing stays set aside', () => {
    const steps = [...managed('nic.0', ['p0', 'p1']), { free: 'nic.0' }];
    const run = play({ platform: BARE, devices: nic(), steps });
    for (const cpu of ['p0', 'p1'])
      expect(run.at(`${cpu}.vectors`)).toMatchObject({ managed: 0, allocated: 0 });
  });

  test('without a vector left on one of its CPUs it is refused, and nothing is set aside', () => {
    const all = KERNELS['linux-6.1'];
    const count = all.allocEnd - all.allocStart - all.system.length;
    const steps = [
      ...Array.from({ length: count }, (_, i) => ({ allocate: { irq: `nic.${i}`, cpu: 'p1' } })),
      { allocate: { irq: `nic.${count}`, managed: ['p0', 'p1'] } },
    ];
    const run = play({ platform: BARE, devices: nic(count + 1), steps });
    expect(errorsOf(run)).toEqual(['ENOSPC']);
    expect(run.at('p0.vectors')).toMatchObject({ managed: 0 });
  });
});

describe('a move without remapping', () => {
  const moved = [...at('nic.0', 'p0'), move('nic.0', 'p1')];

  test('both vectors are taken until an interrupt has come to the new place', () => {
    const quiet = play({ platform: BARE, devices: nic(), steps: moved });
    expect(quiet.at('host.vectors')).toMatchObject({ allocated: 2 });
    const done = play({ platform: BARE, devices: nic(), steps: [...moved, { raise: 'nic.0' }] });
    expect(done.at('host.vectors')).toMatchObject({ allocated: 1 });
    expect(done.at('p0.vectors')).toMatchObject({ allocated: 0 });
  });

  test('a second move before that is refused with EBUSY, unless it asks for where it is', () => {
    const again = (cpu: string) =>
      errorsOf(play({ platform: BARE, devices: nic(), steps: [...moved, move('nic.0', cpu)] }));
    expect(again('p2')).toEqual(['EBUSY']);
    expect(again('p1')).toEqual([]);
  });

  test('a move to a full CPU is refused with ENOSPC, and the interrupt stays', () => {
    const plan = KERNELS['linux-6.1'];
    const count = plan.allocEnd - plan.allocStart - plan.system.length;
    const fill = Array.from({ length: count }, (_, i) => ({
      allocate: { irq: `nic.${i + 1}`, cpu: 'p1' },
    }));
    const steps = [...at('nic.0', 'p0'), ...fill, move('nic.0', 'p1'), { raise: 'nic.0' }];
    const run = play({ platform: BARE, devices: nic(count + 1), steps });
    expect(errorsOf(run)).toEqual(['ENOSPC']);
    expect(servicedOf(run)).toEqual(['p0 nic.0 handled']);
  });

  test('given back in the middle of a move, both places are, and a late one is no surprise', () => {
    const late = { raise: { device: 'nic', message: { format: 'compat', dest: 0, vector: 0x21 } } };
    const steps = [...moved, { free: 'nic.0' }, late, late];
    const run = play({ platform: BARE, devices: nic(), steps });
    expect(run.at('host.vectors')).toMatchObject({ allocated: 0 });
    expect(servicedOf(run)).toEqual(['p0 0x21 expected-spurious', 'p0 0x21 spurious']);
  });

  test('the old vector waits while it is still requested at the old CPU', () => {
    const steps = [
      ...at('nic.0', 'p0'),
      { cpu: { cpu: 'p0', do: 'interrupts-off' } },
      { raise: 'nic.0' },
      move('nic.0', 'p1'),
      { raise: 'nic.0' },
    ];
    const held = play({ platform: BARE, devices: nic(), steps });
    expect(held.at('host.vectors')).toMatchObject({ allocated: 2 });
    const on = { cpu: { cpu: 'p0', do: 'interrupts-on' } };
    const free = play({ platform: BARE, devices: nic(), steps: [...steps, on] });
    expect(servicedOf(free)).toEqual(['p1 nic.0 handled', 'p0 nic.0 handled']);
    expect(free.at('host.vectors')).toMatchObject({ allocated: 1 });
  });
});

test('a move behind a unit frees the old vector at once', () => {
  const steps = [...at('nic.0', 'p0'), move('nic.0', 'p1'), move('nic.0', 'p2')];
  const run = play({ platform: VTD, devices: nic(), steps });
  expect(errorsOf(run)).toEqual([]);
  expect(run.at('host.vectors')).toMatchObject({ allocated: 1 });
});

describe('messages that can’t be masked', () => {
  const puts = (steps: object[]) =>
    recordsOf(
      play({ platform: BARE, devices: old, steps: [...at('old.0', 'p0'), ...steps] }),
      'put',
    )
      .slice(1)
      .map(({ message, transient }) => [
        (message.addressLow >>> 12) & 0xff,
        message.data & 0xff,
        transient,
      ]);

  test('CPU and vector change: first the vector, then the CPU', () => {
    const two = { ...old, other: { bdf: '00:04.0', store: 'msi' } };
    const run = play({
      platform: BARE,
      devices: two,
      steps: [
        ...at('old.0', 'p0'),
        { allocate: { irq: 'other.0', cpu: 'p1' } },
        move('old.0', 'p1'),
      ],
    });
    const sent = recordsOf(run, 'put').map(({ message, transient }) => [
      (message.addressLow >>> 12) & 0xff,
      message.data & 0xff,
      transient,
    ]);
    expect(sent).toEqual([
      [0, 0x21, false],
      [0, 0x22, true],
      [1, 0x22, false],
    ]);
  });

  test('only the CPU changes, or only the vector: one write will do', () => {
    expect(puts([move('old.0', 'p1')])).toEqual([[1, 0x21, false]]);
    expect(puts([move('old.0', 'p0', { vector: 0x55 })])).toEqual([[0, 0x55, false]]);
  });
});

describe('blocks that share a message', () => {
  const block = (count: number) => ({ allocate: { irq: 'card.0', count } });
  const card = { card: { bdf: '05:00.0', store: 'msi', vectors: 8 } };

  test('need consecutive vectors, which the vector layer does not give', () => {
    const run = play({ platform: BARE, devices: card, steps: [block(2)] });
    expect(errorsOf(run)).toEqual(['ENOSYS']);
    expect(run.at('host.vectors')).toMatchObject({ allocated: 0, reserved: 0 });
  });

  test.each([
    [2, 2],
    [3, 4],
    [8, 8],
  ])('behind a unit %i entries begin on a multiple of %i', (count, align) => {
    const devices = { first: { bdf: '03:00.0', store: 'msix' }, ...card };
    const steps = [{ allocate: 'first.0' }, block(count), { store: 'card.0' }];
    const run = play({ platform: VTD, devices, steps });
    const entries = recordsOf(run, 'alloc').flatMap(({ kind, entry }) =>
      kind === 'remap' ? [entry] : [],
    );
    expect(entries).toEqual([0, ...Array.from({ length: count }, (_, i) => align + i)]);
    expect(run.at('card.msi[0]')).toMatchObject({ handle: align, subhandle: 0, shv: 1 });
  });
});

describe('a CPU goes offline', () => {
  const down = { cpu: { cpu: 'p1', do: 'offline' } };

  test('what was pending there arrives elsewhere; nothing of it stays', () => {
    const steps = [
      ...at('nic.0', 'p1'),
      { cpu: { cpu: 'p1', do: 'interrupts-off' } },
      { raise: 'nic.0' },
      down,
    ];
    const run = play({ platform: BARE, devices: nic(), steps });
    expect(servicedOf(run)).toEqual(['p0 nic.0 handled']);
    expect(run.at('p1.irr')).toEqual([]);
    expect(run.at('p1.vectors')).toMatchObject({ allocated: 0 });
  });

  test('an interrupt whose only CPU it was goes wherever there is room', () => {
    const steps = [...at('nic.0', 'p1'), down, { raise: 'nic.0' }];
    expect(servicedOf(play({ platform: VTD, devices: nic(), steps }))).toEqual([
      'p0 nic.0 handled',
    ]);
  });

  test('the last CPU stays', () => {
    const steps = ['p0', 'p1', 'p2'].map(cpu => ({ cpu: { cpu, do: 'offline' } }));
    expect(errorsOf(play({ platform: BARE, devices: nic(), steps }))).toEqual(['EBUSY']);
  });

  test('back online it is empty, and counts again', () => {
    const steps = [...at('nic.0', 'p1'), down, { cpu: { cpu: 'p1', do: 'online' } }];
    const run = play({ platform: BARE, devices: nic(), steps });
    const same = play({ platform: BARE, devices: nic(), steps: at('nic.0', 'p0') });
    for (const place of ['host.vectors', 'p0.vectors', 'p1.vectors'])
      expect(run.at(place), place).toEqual(same.at(place));
  });
});
