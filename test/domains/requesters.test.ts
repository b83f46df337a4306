import { describe, expect, test } from 'vitest';
import { amdTableRoot, requesterIds } from '../../src/domains/remap-amdvi.ts';
import { linuxSourceCheck } from '../../src/domains/remap-vtd.ts';
import { formatRequester } from '../../src/model/requester.ts';
import { play, scenarioOf } from '../engine/play.ts';

/** The machine of a platform with devices, the first of which is asked about. */
const machineOf = (devices: object, platform: object) =>
  scenarioOf({ platform, devices, steps: [] }).machine;

describe('the source check Linux chooses', () => {
  const toPci = { pci: { kind: 'pci', alias: '05:00.0', buses: [5, 5] } };
  const deepPci = { pci: { kind: 'pci', alias: '05:00.0', buses: [5, 7] } };
  const legacy = { pci: { kind: 'pci', alias: '00:1e.0', buses: [5, 5] } };
  const ntb = { ntb: { kind: 'ntb' } };
  const port = { port: { kind: 'switch' } };

  test.each<[string, object, object, object]>([
    ['a function of its own', { bdf: '03:00.1' }, {}, { svt: 1, sq: 0, sid: 0x0301 }],
    ['behind a switch', { bdf: '03:00.1', behind: 'port' }, port, { svt: 1, sq: 0, sid: 0x0301 }],
    [
      'behind a PCIe-to-PCI bridge: its id is on the bus beneath, which is all that can be checked',
      { bdf: '05:04.0', behind: 'pci' },
      toPci,
      { svt: 2, sq: 0, sid: 0x0505 },
    ],
    [
      'two buses beneath it: from the one of the alias to its own',
      { bdf: '07:04.0', behind: 'pci' },
      deepPci,
      { svt: 2, sq: 0, sid: 0x0507 },
    ],
    [
      'behind a conventional PCI bridge: the bridge’s own id',
      { bdf: '05:04.0', behind: 'pci' },
      legacy,
      { svt: 1, sq: 0, sid: 0x00f0 },
    ],
    [
      'proxy ids on its own bus: the bus',
      { bdf: '03:00.0', aliases: ['03:00.1', '03:01.2'], behind: 'ntb' },
      ntb,
      { svt: 2, sq: 0, sid: 0x0303 },
    ],
    [
      'one more id on its own bus: the bus as well',
      { bdf: '03:00.0', aliases: ['03:00.1'] },
      {},
      { svt: 2, sq: 0, sid: 0x0303 },
    ],
    [
      'an alias on another bus: that alias',
      { bdf: '03:00.0', aliases: ['00:1d.0'] },
      {},
      { svt: 1, sq: 0, sid: 0x00e8 },
    ],
    [
      'HPET: no function bits',
      { bdf: 'f0:0f.0', store: 'hpet' },
      {},
      { svt: 1, sq: 3, sid: 0xf078 },
    ],
    ['IO-APIC: exact', { bdf: 'f0:1f.7', store: 'ioapic' }, {}, { svt: 1, sq: 0, sid: 0xf0ff }],
  ])('%s', (_name, device, bridges, check) => {
    const dev = { store: 'msix', ...device };
    const machine = machineOf({ dev }, { preset: 'x86-vtd', bridges });
    expect(linuxSourceCheck(machine, machine.devices[0])).toEqual(check);
  });

  test('it is what the entry holds; with checking off only SVT is not', () => {
    const script = (sourceValidation: string) => ({
      platform: { preset: 'x86-vtd', ir: { kind: 'vtd', sourceValidation } },
      devices: { hpet: { bdf: 'f0:0f.0', store: 'hpet' } },
      steps: [{ allocate: 'hpet.0' }],
    });
    const entry = (sourceValidation: string) => play(script(sourceValidation)).at('ir.irte[0]');
    expect(entry('full')).toMatchObject({ svt: 1, sq: 3, sid: 'f0:0f.0' });
    expect(entry('none')).toMatchObject({ svt: 0, sq: 3, sid: 'f0:0f.0' });
  });
});

describe('requester ids and tables of AMD-Vi', () => {
  const platform = (table: string, bridges: object = {}) => ({
    preset: 'x86-amdvi',
    ir: { kind: 'amdvi', table },
    bridges,
  });
  const idsOf = (devices: object, bridges: object = {}) => {
    const machine = machineOf(devices, platform('per-device', bridges));
    return requesterIds(machine, machine.devices[0]).map(formatRequester);
  };

  test('its own, its phantom functions, or the bridge’s', () => {
    const bridge = { pci: { kind: 'pci', alias: '00:1e.0', buses: [5, 5] } };
    const dev = { bdf: '03:00.0', store: 'msix' };
    expect(idsOf({ dev })).toEqual(['03:00.0']);
    expect(idsOf({ dev: { ...dev, aliases: ['03:00.4'] } })).toEqual(['03:00.0', '03:00.4']);
    expect(idsOf({ dev: { ...dev, bdf: '05:01.0', behind: 'pci' } }, bridge)).toEqual(['00:1e.0']);
  });

  const two = { a: { bdf: '03:00.0', store: 'msix' }, b: { bdf: '04:00.0', store: 'msix' } };
  const roots = (devices: object, table: string, bridges: object = {}): number[] => {
    const machine = machineOf(devices, platform(table, bridges));
    return machine.devices.map(device => amdTableRoot(machine, device));
  };

  test('each device has its own table, or all share one', () => {
    const [a, b] = roots(two, 'per-device');
    expect(a).not.toBe(b);
    expect(new Set(roots(two, 'shared')).size).toBe(1);
  });

  test('devices behind one bridge, and a device with the id of another, share a table', () => {
    const bridges = { pci: { kind: 'pci', alias: '00:1e.0', buses: [5, 5] } };
    const behind = Object.fromEntries(
      ['05:01.0', '05:02.0'].map((bdf, i) => [`d${i}`, { bdf, store: 'msi', behind: 'pci' }]),
    );
    expect(new Set(roots(behind, 'per-device', bridges)).size).toBe(1);
    const aliased = { ...two, a: { ...two.a, aliases: ['04:00.0'] } };
    expect(new Set(roots(aliased, 'per-device')).size).toBe(1);
  });

  test('every id of a device leads to its table', () => {
    const device = { bdf: '03:00.0', store: 'msix', aliases: ['03:00.4', '03:00.5'] };
    const steps = [
      { allocate: { irq: 'a.0', cpu: 'p1' } },
      { store: 'a.0' },
      ...['03:00.0', '03:00.4', '03:00.5'].map(as => ({ raise: { irq: 'a.0', as } })),
    ];
    const run = play({ platform: platform('per-device'), devices: { a: device }, steps });
    expect(run.raises.map(({ servicedSeq }) => servicedSeq >= 0)).toEqual([true, true, true]);
  });
});
