import { describe, expect, test } from 'vitest';
import { errorsOf, faultsOf, play, type Script, servicedOf } from './play.ts';

const NIC = { nic0: { bdf: '03:00.0', store: 'msix' } };
const VTD = { preset: 'x86-vtd' };
const AMD = { preset: 'x86-amdvi' };
const ready = [{ allocate: { irq: 'nic0.0', cpu: 'p1' } }, { store: 'nic0.0' }];
const compat = { device: 'nic0', message: { format: 'compat', dest: 0, vector: 0x55 } };

const registers = (script: Script): string[] =>
  play(script)
    .trace.filter(record => record.act === 'write' && record.unit === 'register')
    .map(record => record.where);

describe('switching the unit on', () => {
  const off = { ...VTD, ir: { kind: 'vtd', enabled: false, compatFormat: 'pass' } };

  test('points it at the table, drops what is cached, switches on, then shuts the old format', () => {
    const run = play({
      platform: off,
      devices: NIC,
      steps: [{ unit: { enabled: true, compatFormat: 'block' } }],
    });
    const order = run.trace.flatMap(record => {
      if (record.act === 'write' && record.unit === 'register') return [record.where];
      return record.act === 'invalidate' ? [record.scope] : [];
    });
    expect(order).toEqual(['ir.irta', 'ir.gsts', 'global', 'ir.gsts', 'ir.gsts']);
    expect(run.at('ir.gsts')).toMatchObject({ ires: 1, irtps: 1, cfis: 0 });
  });

  test('between the two switches a compatibility message still gets through', () => {
    const run = play({
      platform: off,
      devices: NIC,
      steps: [
        { unit: { enabled: true } },
        { raise: compat },
        { unit: { compatFormat: 'block' } },
        { raise: compat },
      ],
    });
    expect(servicedOf(run)).toEqual(['p0 0x55 spurious']);
    expect(faultsOf(run)).toEqual(['vtd/0x25 recorded']);
  });

  test('with x2APIC the old format is shut whatever CFIS says', () => {
    const run = play({
      platform: { ...VTD, apic: 'x2apic' },
      devices: NIC,
      steps: [{ unit: { compatFormat: 'pass' } }, { raise: compat }],
    });
    expect(run.at('ir.gsts')).toMatchObject({ cfis: 1 });
    expect(faultsOf(run)).toEqual(['vtd/0x25 recorded']);
  });

  test('switched off, remappable messages are misread as compatibility ones', () => {
    const run = play({
      platform: VTD,
      devices: NIC,
      steps: [...ready, { unit: { enabled: false } }, { raise: 'nic0.0' }],
    });
    // fee00018: destination 0, vector 0 of the data word.
    expect(servicedOf(run)).toEqual([]);
    expect(run.at('p0.esr')).toBe(1 << 6);
  });

  test('a table copied by hand keeps what was in the old one', () => {
    const steps = [...ready, { unit: { table: 'copy' } }, { raise: 'nic0.0' }];
    const run = play({ platform: VTD, devices: NIC, steps });
    expect(servicedOf(run)).toEqual(['p1 nic0.0 handled']);
    expect(run.at('ir.irta.base')).toBe(0x200);
  });
});

describe.each([
  ['VT-d', VTD],
  ['AMD-Vi', AMD],
  ['AMD-Vi, 32-bit entries', { ...AMD, ir: { kind: 'amdvi', entryBits: 32 } }],
])('%s', (_name, platform) => {
  const suspended = [...ready, { power: 'suspend' }];

  test('a suspend empties stores and registers, a resume brings both back', () => {
    const before = play({ platform, devices: NIC, steps: ready });
    const asleep = play({ platform, devices: NIC, steps: suspended });
    const after = play({ platform, devices: NIC, steps: [...suspended, { power: 'resume' }] });
    expect(asleep.at('nic0.msix[0].address')).toBe(0);
    for (const place of ['nic0.msix[0]', 'nic0.enable', 'nic0.functionMask'])
      expect(after.at(place), place).toEqual(before.at(place));
    const { remap } = asleep.state;
    const registers = remap.kind === 'vtd' ? [remap.gsts, ...remap.irta] : [];
    expect(registers.every(word => word === 0)).toBe(true);
    expect(after.state.remap).toEqual(before.state.remap);
  });

  test('after a resume the interrupt arrives as before', () => {
    const steps = [...suspended, { power: 'resume' }, { raise: 'nic0.0' }];
    expect(servicedOf(play({ platform, devices: NIC, steps }))).toEqual(['p1 nic0.0 handled']);
  });

  test('between suspend and resume nothing is sent', () => {
    const run = play({ platform, devices: NIC, steps: [...suspended, { raise: 'nic0.0' }] });
    expect(servicedOf(run)).toEqual([]);
  });

  const hpet = { hpet: { bdf: 'f0:0f.0', store: 'hpet' } };
  const ticking = [{ allocate: { irq: 'hpet.0', cpu: 'p0' } }, { store: 'hpet.0' }];

  test('a crash kernel inherits the entries of the last one, and keeps clear of them', () => {
    const run = play({
      platform,
      devices: { ...hpet, ...NIC },
      steps: [
        ...ticking,
        { boot: 'crash-kernel' },
        { raise: 'hpet.0' },
        { allocate: 'nic0.0', expect: { entry: 1 } },
      ],
    });
    expect(faultsOf(run)).toEqual([]);
    expect(servicedOf(run)).toEqual(['p0 0x21 spurious']);
  });

  test('any other kernel begins with an empty table', () => {
    const run = play({
      platform,
      devices: { ...hpet, ...NIC },
      steps: [...ticking, { boot: 'kernel' }, { raise: 'hpet.0' }, { allocate: 'nic0.0' }],
    });
    expect(faultsOf(run)).toHaveLength(1);
    expect(servicedOf(run)).toEqual([]);
    expect(errorsOf(run)).toEqual([]);
  });
});

test('a new kernel switches MSI off, with one vector, before it knows the device', () => {
  const run = play({
    platform: VTD,
    devices: { card: { bdf: '05:00.0', store: 'msi', vectors: 8 } },
    steps: [{ allocate: { irq: 'card.0', count: 8 } }, { store: 'card.0' }, { boot: 'kernel' }],
  });
  expect(run.at('card.enable')).toBe(0);
  expect(run.at('card.multiple')).toBe(1);
});

test('a switched-off AMD-Vi unit gets table and control register when it goes on', () => {
  const ir = { kind: 'amdvi', enabled: false };
  const script = { platform: { ...AMD, ir }, devices: NIC, steps: [{ unit: { enabled: true } }] };
  expect(registers(script)).toEqual(['ir.deviceTableBase', 'ir.control']);
  expect(play(script).at('ir.control')).toMatchObject({ iommuEn: 1, gaEn: 1 });
});
