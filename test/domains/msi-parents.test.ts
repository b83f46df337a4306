import { describe, expect, it } from 'vitest';
import { MSI_PARENTS, type MsiParentName, STORE_NEEDS } from '../../src/arch/msi-parent.ts';
import { errorsOf, play, recordsOf, rulesOf, type Script } from '../engine/play.ts';

type Store = 'msi' | 'msix' | 'ims-device' | 'ims-queue';
const BUS: Readonly<Record<Store, string>> = {
  msi: 'pci-msi',
  msix: 'pci-msix',
  'ims-device': 'ims',
  'ims-queue': 'ims',
};
const STORES = Object.keys(BUS) as Store[];

/** A parent, and how a stack over it comes about. */
interface Row {
  readonly parent: MsiParentName;
  readonly platform: object;
  readonly guest?: object;
  readonly below: readonly string[];
  /** Stores it serves, by the sources named; creation fails for the others. */
  readonly serves: readonly Store[];
}

const BARE = { preset: 'x86-bare' };
const VTD = { preset: 'x86-vtd' };
const LINUX = { ims: 'linux-6.2' };
const NOT_IN_GUEST_MEMORY: readonly Store[] = ['msi', 'msix', 'ims-device'];
const PCI: readonly Store[] = ['msi', 'msix'];

/**
 * The mail of November 2020: on bare metal the Vector domain can and must handle queue memory; in a
 * guest that knows that it is one, and has nobody to ask, it returns an error. Linux 6.2: IMS is a
 * feature of remap domains, and not of an emulated unit's.
 */
const ROWS: readonly Row[] = [
  { parent: 'vector-2020', platform: BARE, below: ['vector'], serves: STORES },
  { parent: 'vector', platform: { ...BARE, ...LINUX }, below: ['vector'], serves: PCI },
  { parent: 'remap', platform: VTD, below: ['remap', 'vector'], serves: STORES },
  { parent: 'remap', platform: { ...VTD, ...LINUX }, below: ['remap', 'vector'], serves: STORES },
  {
    parent: 'remap',
    platform: { preset: 'x86-amdvi' },
    below: ['remap', 'vector'],
    serves: STORES,
  },
  {
    parent: 'guest-vector-2020',
    platform: VTD,
    guest: {},
    below: ['vector'],
    serves: NOT_IN_GUEST_MEMORY,
  },
  {
    parent: 'vector',
    platform: { ...VTD, ...LINUX },
    guest: {},
    below: ['vector'],
    serves: PCI,
  },
  // A guest that can't tell: its Vector domain can know no better.
  {
    parent: 'vector-2020',
    platform: VTD,
    guest: { knowsItIsVm: false },
    below: ['vector'],
    serves: STORES,
  },
  { parent: 'hcall', platform: VTD, guest: {}, below: ['hcall', 'vector'], serves: STORES },
  {
    parent: 'hcall',
    platform: { ...VTD, ...LINUX },
    guest: {},
    below: ['hcall', 'vector'],
    serves: STORES,
  },
  {
    parent: 'virtual-remap',
    platform: VTD,
    guest: { viommu: true },
    below: ['remap', 'vector'],
    serves: PCI,
  },
];

const scriptOf = (row: Row, store: Store, more: object = {}): Script => {
  const owner = row.guest ? 'g1' : 'host';
  return {
    platform: { ...row.platform, ...more, cpus: 2 },
    ...(row.guest && { guests: { g1: { vcpus: { v0: 'p1' }, ...row.guest } } }),
    devices: { d: { bdf: '03:00.0', store, owner } },
    domains: { [`${owner}/d`]: [BUS[store], ...row.below] },
    steps: [{ create: 'd' }, { allocate: 'd.0' }],
  };
};

const nameOf = ({ parent, guest, platform }: Row): string =>
  `${parent} (${guest ? `guest ${JSON.stringify(guest)}` : 'host'}, ${Object.values(platform).join(', ')})`;

describe.each(ROWS.map(row => [nameOf(row), row] as const))('%s', (_, row) => {
  it.each(STORES)('%s', store => {
    const run = play(scriptOf(row, store));
    const served = row.serves.includes(store);
    // Refused at creation, and so at allocation: never as a late drop.
    expect(errorsOf(run)).toEqual(served ? [] : ['ENODEV', 'ENODEV']);
    const domain = `${row.guest ? 'g1/' : ''}d:${BUS[store]}`;
    const created = recordsOf(run, 'create').find(record => record.domain === domain);
    expect(created?.error).toBe(served ? null : 'ENODEV');
    if (served) expect(created?.required).toEqual(MSI_PARENTS[row.parent].required);
  });

  it('refuses what it does not serve by what it offers, and by nothing else', () => {
    const { supported } = MSI_PARENTS[row.parent];
    for (const store of STORES)
      expect(
        STORE_NEEDS[store].every(need => (supported as readonly string[]).includes(need)),
      ).toBe(row.serves.includes(store));
  });
});

describe('a kernel that does not ask', () => {
  const refused = ROWS.flatMap(row =>
    STORES.filter(store => !row.serves.includes(store)).map(
      store => [nameOf(row), store, row] as const,
    ),
  );

  it.each(refused)('%s: %s', (_, store, row) => {
    const run = play(scriptOf(row, store, { off: ['domain/check-need'] }));
    expect(errorsOf(run)).toEqual([]);
    expect(rulesOf(run)).toContain('layering/missing-parent-accepted');
  });
});
