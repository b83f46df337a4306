import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/bits/word.ts';
import { REMAP_PROFILES, type RemapKind, STORE_KINDS } from '../../src/model/machine.ts';
import type { Message } from '../../src/model/wire.ts';
import { messageOf } from '../../src/units/store.ts';
import { errorsOf, faultsOf, play, playAll, servicedOf } from '../engine/play.ts';

/*
 * Whole machines: software layers, device and unit together. What is said here holds for every unit
 * with a table, in every profile, with every kind of message store.
 */

const PRESETS: Readonly<Record<RemapKind, string>> = {
  none: 'x86-bare',
  vtd: 'x86-vtd',
  amdvi: 'x86-amdvi',
};
const isKind = (name: string): name is RemapKind => Object.hasOwn(PRESETS, name);

/** Setups of a unit that software has to cope with: sizes of entries, ways to write them. */
const SETUPS: Readonly<Record<RemapKind, readonly object[]>> = {
  none: [{}],
  vtd: [{}, { entryWrite: 'whole' }],
  amdvi: [{}, { entryBits: 32 }, { table: 'shared' }, { entryWrite: 'clear-first' }],
};

const UNITS = Object.keys(REMAP_PROFILES)
  .filter(isKind)
  .filter(kind => kind !== 'none')
  .flatMap(kind =>
    REMAP_PROFILES[kind].flatMap(profile =>
      SETUPS[kind].map(setup => ({
        name: [kind, profile, ...Object.values(setup)].join(', '),
        platform: { preset: PRESETS[kind], cpus: 4, ir: { kind, profile, ...setup } },
      })),
    ),
  );

const CPUS = ['p0', 'p1', 'p2', 'p3'];
const start = [{ allocate: { irq: 'dev.0', cpu: 'p1' } }, { store: 'dev.0' }];
const deviceWith = (store: string, more: object = {}) => ({
  dev: { bdf: '03:00.0', store, ...more },
});

const moves = fc.array(fc.constantFrom(...CPUS), { minLength: 1, maxLength: 5 });

describe.each(UNITS)('$name', ({ platform }) => {
  const stores = STORE_KINDS.map(store => ({ store }));

  test.each(stores)('affinity changes leave a store of kind $store byte-identical', ({ store }) => {
    const devices = deviceWith(store);
    const before = play({ platform, devices, steps: start });
    expect(errorsOf(before)).toEqual([]);
    fc.assert(
      fc.property(moves, targets => {
        const steps = [
          ...start,
          ...targets.flatMap(cpu => [{ affinity: { irq: 'dev.0', cpu } }, { raise: 'dev.0' }]),
        ];
        const after = play({ platform, devices, steps });
        expect(after.state.stores).toEqual(before.state.stores);
        expect(errorsOf(after)).toEqual([]);
        expect(servicedOf(after)).toEqual(targets.map(cpu => `${cpu} dev.0 handled`));
      }),
      { numRuns: 8 },
    );
  });

  const message = ({ addressLow, data }: Message) => ({
    address: `0x${hex(addressLow)}`,
    data: `0x${hex(data)}`,
  });

  test.each(stores)('an entry freed and flushed never fires again ($store)', ({ store }) => {
    for (const cache of ['never', 'always', 'either']) {
      const script = {
        platform: { ...platform, ir: { ...platform.ir, cache } },
        devices: deviceWith(store),
      };
      const live = play({ ...script, steps: start });
      const [device] = live.scenario.machine.devices;
      const old = message(messageOf(device, live.state.stores[0], 0));
      const replay = { raise: { device: 'dev', message: old } };
      const runs = playAll({
        ...script,
        steps: [...start, { raise: 'dev.0' }, replay, { free: 'dev.0' }, replay, replay],
      });
      for (const run of runs) {
        expect(servicedOf(run)).toEqual(['p1 dev.0 handled', 'p1 dev.0 handled']);
        expect(faultsOf(run)).toHaveLength(2);
      }
    }
  });
});

test.each(STORE_KINDS.filter(kind => kind !== 'ims-queue' && kind !== 'ims-device'))(
  'with no unit a change of affinity has to reach a store of kind %s',
  store => {
    const devices = deviceWith(store);
    const before = play({ platform: { preset: PRESETS.none }, devices, steps: start });
    const steps = [...start, { affinity: { irq: 'dev.0', cpu: 'p0' } }, { raise: 'dev.0' }];
    const after = play({ platform: { preset: PRESETS.none }, devices, steps });
    expect(after.state.stores).not.toEqual(before.state.stores);
    expect(servicedOf(after)).toEqual(['p0 dev.0 handled']);
  },
);
