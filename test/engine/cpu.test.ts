import { describe, expect, test } from 'vitest';
import { faultsOf, play, recordsOf, servicedOf } from './play.ts';

const SLOW = { handler: '10us' };
const BARE = { preset: 'x86-bare', cpus: 2 };
const VTD = { preset: 'x86-vtd', cpus: 2 };
const AMD = { preset: 'x86-amdvi', cpus: 2 };
const nic = { nic: { bdf: '03:00.0', store: 'msix', vectors: 3 } };
const send = (vector: number, more: object = {}) => ({
  raise: { device: 'nic', message: { format: 'compat', dest: 0, vector, ...more } },
});
const ready = (irq: string, vector?: number) => [
  { allocate: { irq, cpu: 'p0', ...(vector !== undefined && { vector }) } },
  { store: irq },
];

describe('a CPU at work', () => {
  const platform = { ...BARE, latency: SLOW };
  const order = (steps: object[]) =>
    play({ platform, devices: nic, steps }).trace.flatMap(record => {
      if (record.act === 'service') return [`takes ${record.irq || record.vector}`];
      return record.act === 'eoi' ? [`ends 0x${record.vector.toString(16)}`] : [];
    });
  const three = [...ready('nic.0', 0x41), ...ready('nic.1', 0x4f), ...ready('nic.2', 0x51)];

  test('a higher class nests, the same class waits for the end', () => {
    const raises = ['nic.0', 'nic.1', 'nic.2'].map((irq, i) => ({ raise: irq, at: `${i + 1}us` }));
    expect(order([...three, ...raises])).toEqual([
      'takes nic.0',
      'takes nic.2',
      'ends 0x51',
      'ends 0x41',
      'takes nic.1',
      'ends 0x4f',
    ]);
  });

  test('raises while it is requested are one, raises while it is in service one more', () => {
    const times = ['1us', '2us', '3us', '4us'].map(at => ({ raise: 'nic.0', at }));
    expect(order([...three, ...times])).toEqual([
      'takes nic.0',
      'ends 0x41',
      'takes nic.0',
      'ends 0x41',
    ]);
  });

  test('a vector nobody expects is spurious, and ended all the same', () => {
    const run = play({ platform: BARE, devices: nic, steps: [send(0x55), send(0x55)] });
    expect(servicedOf(run)).toEqual(['p0 0x55 spurious', 'p0 0x55 spurious']);
    expect(run.at('p0.isr')).toEqual([]);
  });

  test('a vector below 16 reaches nobody, and leaves a bit in the ESR', () => {
    const run = play({ platform: BARE, devices: nic, steps: [send(0x0f)] });
    expect(servicedOf(run)).toEqual([]);
    expect(run.at('p0.esr')).toBe(1 << 6);
  });

  test('NMI, SMI and INIT come with interrupts off; ExtINT waits', () => {
    const off = { cpu: { cpu: 'p0', do: 'interrupts-off' } };
    const modes = ['nmi', 'smi', 'init', 'extint'].map(mode => send(0, { mode }));
    const steps = [off, ...modes, send(0x55)];
    expect(servicedOf(play({ platform: BARE, devices: nic, steps }))).toEqual([
      'p0 nmi spurious',
      'p0 smi spurious',
      'p0 init spurious',
    ]);
    const on = { cpu: { cpu: 'p0', do: 'interrupts-on' } };
    const all = servicedOf(play({ platform: BARE, devices: nic, steps: [...steps, on] }));
    expect(all.slice(3).toSorted()).toEqual(['p0 0x55 spurious', 'p0 extint spurious']);
  });

  test('a broadcast reaches every CPU', () => {
    const run = play({ platform: BARE, devices: nic, steps: [send(0x55, { dest: 0xff })] });
    expect(servicedOf(run)).toEqual(['p0 0x55 spurious', 'p1 0x55 spurious']);
  });

  test('a destination nobody has is told, and nothing else happens', () => {
    const run = play({ platform: BARE, devices: nic, steps: [send(0x55, { dest: 7 })] });
    expect(recordsOf(run, 'deliver').map(({ outcome }) => outcome)).toEqual(['no-target']);
  });
});

describe('15-bit destination ids', () => {
  const cpus = { p0: { apic: 0 }, far: { apic: 0x1234 } };
  const script = (extendedIds: boolean) => ({
    platform: { preset: 'x86-bare', cpus, apic: 'x2apic', extendedIds },
    devices: nic,
  });

  test('reach wide ids where the hypervisor offers them', () => {
    const steps = [
      { allocate: { irq: 'nic.0', cpu: 'far' } },
      { store: 'nic.0' },
      { raise: 'nic.0' },
    ];
    const run = play({ ...script(true), steps });
    expect(run.at('nic.msix[0]')).toMatchObject({ address: 0xfee34240 });
    expect(servicedOf(run)).toEqual(['far nic.0 handled']);
    expect(servicedOf(play({ ...script(false), steps }))).toEqual([]);
  });

  test('are not looked at elsewhere', () => {
    const raw = { raise: { device: 'nic', message: { address: '0xfee00240', data: '0x55' } } };
    expect(servicedOf(play({ ...script(false), steps: [raw] }))).toEqual(['p0 0x55 spurious']);
    expect(servicedOf(play({ ...script(true), steps: [raw] }))).toEqual([]);
  });
});

describe('pins of an IO-APIC', () => {
  const ioapic = (more: object = {}) => ({
    pins: { bdf: 'f0:1f.0', store: 'ioapic', vectors: 24, ...more },
  });
  const pin = [{ allocate: { irq: 'pins.4', cpu: 'p1' } }, { store: 'pins.4' }];
  const level = { levelPins: [4] };
  const raise = { raise: 'pins.4' };

  test.each([
    ['no unit', BARE],
    ['VT-d', VTD],
    ['AMD-Vi', AMD],
  ])('%s: an edge arrives each time, a level again after its end', (_name, platform) => {
    for (const more of [{}, level]) {
      const run = play({ platform, devices: ioapic(more), steps: [...pin, raise, raise] });
      expect(faultsOf(run)).toEqual([]);
      expect(servicedOf(run)).toEqual(['p1 pins.4 handled', 'p1 pins.4 handled']);
      expect(run.at('pins.ioapic[4]')).toMatchObject({ remoteIrr: 0 });
    }
  });

  test.each([
    ['no unit', BARE],
    ['VT-d', VTD],
    ['AMD-Vi', AMD],
  ])('%s: a level that is raised while it is served comes again', (_name, platform) => {
    const slow = { ...platform, latency: SLOW };
    const steps = [...pin, { ...raise, at: '1us' }, { ...raise, at: '3us' }];
    const run = play({ platform: slow, devices: ioapic(level), steps });
    expect(servicedOf(run)).toEqual(['p1 pins.4 handled', 'p1 pins.4 handled']);
    const sent = recordsOf(run, 'raise').map(({ outcome }) => outcome);
    expect(sent).toEqual(['sent', 'pending', 'sent']);
  });

  test('behind VT-d the entry is an edge, and the pin’s own number stands in the RTE', () => {
    const run = play({ platform: VTD, devices: ioapic(level), steps: pin });
    expect(run.at('pins.ioapic[4]')).toMatchObject({ format: 'remappable', index: 0, vector: 4 });
    expect(run.at('ir.irte[0]')).toMatchObject({ triggerMode: 0, svt: 1, sq: 0, sid: 'f0:1f.0' });
  });

  test('behind AMD-Vi a pin has the entry of its number', () => {
    const run = play({ platform: AMD, devices: ioapic(), steps: pin });
    expect(run.at('pins.ioapic[4]')).toMatchObject({ vector: 4, deliveryMode: 0 });
    expect(run.at('pins.irte[4]')).toMatchObject({ remapEn: 1 });
  });

  test('around the unit its messages mean what they say', () => {
    const devices = ioapic({ remapped: false });
    const raw = {
      write: { slot: 'pins.4', register: 'rteLow', value: ['0x00000055', '0x01000000'] },
      by: 'host',
    };
    const run = play({ platform: VTD, devices, steps: [raw, raise] });
    expect(faultsOf(run)).toEqual([]);
    expect(servicedOf(run)).toEqual(['p1 0x55 spurious']);
    const through = play({ platform: VTD, devices: ioapic(), steps: [raw, raise] });
    expect(faultsOf(through)).toEqual(['vtd/0x25 recorded']);
  });
});

describe('INTx as the way back', () => {
  const devices = {
    pins: { bdf: 'f0:1f.0', store: 'ioapic', vectors: 24, levelPins: [16] },
    card: { bdf: '03:00.0', store: 'msi', intx: 'pins.16' },
  };
  const pin = [{ allocate: { irq: 'pins.16', cpu: 'p1' } }, { store: 'pins.16' }];
  const msi = [{ allocate: { irq: 'card.0', cpu: 'p0' } }, { store: 'card.0' }];

  test('with MSI off the device raises its pin, with MSI on it does not', () => {
    const off = play({ platform: BARE, devices, steps: [...pin, { raise: 'card.0' }] });
    expect(servicedOf(off)).toEqual(['p1 pins.16 handled']);
    const on = play({ platform: BARE, devices, steps: [...pin, ...msi, { raise: 'card.0' }] });
    expect(servicedOf(on)).toEqual(['p0 card.0 handled']);
  });
});

describe('HPET', () => {
  const devices = { hpet: { bdf: 'f0:0f.0', store: 'hpet', aliases: ['f0:0f.3'] } };
  const start = [{ allocate: { irq: 'hpet.0', cpu: 'p1' } }, { store: 'hpet.0' }];

  test.each([
    ['VT-d', VTD],
    ['AMD-Vi', AMD],
  ])('%s: it may send under any function of its device', (_name, platform) => {
    const steps = [...start, { raise: 'hpet.0' }, { raise: { irq: 'hpet.0', as: 'f0:0f.3' } }];
    const run = play({ platform, devices, steps });
    expect(servicedOf(run)).toEqual(['p1 hpet.0 handled', 'p1 hpet.0 handled']);
  });

  test('a tick that comes while it is masked is gone', () => {
    const steps = [...start, { mask: 'hpet.0' }, { raise: 'hpet.0' }, { unmask: 'hpet.0' }];
    const run = play({ platform: VTD, devices, steps });
    expect(servicedOf(run)).toEqual([]);
    const again = play({ platform: VTD, devices, steps: [...steps, { raise: 'hpet.0' }] });
    expect(servicedOf(again)).toEqual(['p1 hpet.0 handled']);
  });
});
