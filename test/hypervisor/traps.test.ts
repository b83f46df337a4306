import { describe, expect, it } from 'vitest';
import type { TrapAction } from '../../src/model/machine.ts';
import { type Played, play, recordsOf, rulesOf, type Script, servicedOf } from '../engine/play.ts';

type Store = 'msi' | 'msix' | 'ims-device';
const STORES: readonly Store[] = ['msi', 'msix', 'ims-device'];
const PLACE: Readonly<Record<Store, string>> = { msi: 'msi', msix: 'msix', 'ims-device': 'ims' };

/** A guest sets an interrupt of its device up, and the device raises. */
const script = (store: Store, action: TrapAction, more: Partial<Script> = {}): Script => ({
  platform: { preset: 'x86-vtd', cpus: 2 },
  guests: { g1: { vcpus: { v0: 'p1' } } },
  devices: { d: { bdf: '03:00.0', store, owner: 'g1', reach: 'trapped' } },
  hypervisor: { traps: { d: action } },
  steps: [{ allocate: { irq: 'd.0', cpu: 'v0' } }, { store: 'd.0' }, { raise: 'd.0' }],
  ...more,
});

/** What the device itself holds in the end. */
const held = (run: Played, store: Store) => run.at(`d.${PLACE[store]}[0]`);

const HOST_MESSAGE = { address: 0xfee00018, data: 0 };
const GUEST_MESSAGE = { address: 0xfee00000, data: 0x21 };
const NOTHING = { address: 0, data: 0 };

/** What each action leaves in the device, and what comes of a raise. */
const TABLE: Readonly<
  Record<
    TrapAction,
    { readonly holds: object; readonly serviced: string[]; readonly rules: string[] }
  >
> = {
  translate: {
    holds: HOST_MESSAGE,
    serviced: ['p1 d.0 forwarded', 'g1/v0 d.0 handled'],
    rules: [],
  },
  emulate: { holds: NOTHING, serviced: ['g1/v0 d.0 handled'], rules: [] },
  pass: { holds: GUEST_MESSAGE, serviced: [], rules: ['layering/vm-unaware', 'liveness/lost'] },
  refuse: { holds: NOTHING, serviced: [], rules: [] },
};

describe.each(STORES)('a trapped store of kind %s', store => {
  it.each(Object.keys(TABLE) as TrapAction[])('%s', action => {
    const run = play(script(store, action));
    const { holds, serviced, rules } = TABLE[action];
    expect(held(run, store)).toMatchObject(holds);
    expect(servicedOf(run)).toEqual(serviced);
    // What a guest may not store it can't miss, except where the function never came on.
    const found = rulesOf(run).toSorted();
    expect(action === 'refuse' ? found.filter(rule => rule !== 'liveness/lost') : found).toEqual(
      rules,
    );
    const traps = recordsOf(run, 'trap');
    expect(traps.length).toBeGreaterThan(0);
    for (const trap of traps) expect(trap).toMatchObject({ actor: 'g1', device: 'd', action });
  });
});

describe('what a guest sees of a trapped store', () => {
  it('is what it wrote, not what the device holds', () => {
    const run = play(script('msix', 'translate'));
    const seen = recordsOf(run, 'write').filter(
      ({ unit, at }) => unit === 'virtual-store' && at === 0,
    );
    const words = [0, 0, 0, 0];
    for (const { first, after } of seen)
      for (const [i, word] of after.entries()) words[first + i] = word;
    expect(words).toEqual([0xfee00000, 0, 0x21, 0]);
    expect(held(run, 'msix')).toMatchObject(HOST_MESSAGE);
  });

  it('is its own, resource by resource', () => {
    const run = play({
      ...script('msix', 'translate'),
      devices: {
        d: { bdf: '03:00.0', store: 'msix', owner: 'g1' },
        e: { bdf: '04:00.0', store: 'msix', owner: 'g1' },
        f: { bdf: '05:00.0', store: 'msix', owner: 'g1' },
      },
      hypervisor: { traps: { d: 'translate', e: 'emulate', f: 'refuse' } },
      steps: ['d.0', 'e.0', 'f.0'].flatMap(irq => [
        { allocate: { irq, cpu: 'v0' } },
        { store: irq },
      ]),
    });
    const actions = new Map(recordsOf(run, 'trap').map(({ device, action }) => [device, action]));
    expect(Object.fromEntries(actions)).toEqual({ d: 'translate', e: 'emulate', f: 'refuse' });
  });
});

describe('an access to a device that is not the guest’s', () => {
  const steal = (reach: string): Script => ({
    platform: { preset: 'x86-vtd', cpus: 3 },
    guests: {
      g1: { vcpus: { v0: 'p1' }, behaviour: 'adversarial' },
      g2: { vcpus: { v0: 'p2' } },
    },
    devices: {
      d: { bdf: '03:00.0', store: 'ims-device', owner: 'g2', reach },
      e: { bdf: '04:00.0', store: 'ims-device', owner: 'g1' },
    },
    steps: [
      { allocate: { irq: 'd.0', cpu: 'v0' } },
      { store: 'd.0' },
      { write: { slot: 'd.0', message: { address: 0xfee00000, data: 0x80 } }, by: 'g1' },
      { raise: 'd.0' },
    ],
  });

  it.each(['trapped', 'direct'])('goes nowhere, though its owner’s are %s', reach => {
    const run = play(steal(reach));
    expect(run.at('d.ims[0]')).toMatchObject(HOST_MESSAGE);
    const traps = recordsOf(run, 'trap').filter(({ actor }) => actor === 'g1');
    expect(traps.map(({ action }) => action)).toEqual(['refuse']);
    expect(servicedOf(run).at(-1)).toBe('g2/v0 d.0 handled');
    expect(rulesOf(run)).toEqual([]);
  });

  it('goes nowhere for a past owner either', () => {
    const run = play({
      ...steal('direct'),
      steps: [
        { allocate: { irq: 'd.0', cpu: 'v0' }, by: 'g2' },
        { store: 'd.0' },
        { assign: { device: 'd', to: 'g1' } },
        { write: { slot: 'd.0', message: { address: 0xfee00000, data: 0x80 } }, by: 'g2' },
      ],
    });
    expect(run.at('d.ims[0]')).toMatchObject(NOTHING);
  });
});
