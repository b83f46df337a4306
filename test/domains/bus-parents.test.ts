import { describe, expect, it } from 'vitest';
import { FUNCTION_REGS, REG } from '../../src/model/op.ts';
import type { TraceRecord } from '../../src/model/record.ts';
import { errorsOf, type Played, play, type Script } from '../engine/play.ts';

/** One access of a Bus layer to its store: where, and what of it is no message. */
type Access = string;

/** The registers of an access; words of the message are hidden, all else is shown. */
function accessText(
  slot: number,
  first: number,
  words: readonly number[],
  opaque: readonly number[],
): Access {
  if (slot < 0) return `${FUNCTION_REGS[first]} = ${words[0]}`;
  const shown = words.map((word, i) => (opaque.includes(first + i) ? 'message' : word));
  return `slot ${slot}, register ${first}: ${shown.join(' ')}`;
}

/** Registers that hold message bits. */
const MESSAGE_REGS = [REG.addressLow, REG.addressHigh, REG.data];

function accessOf(record: TraceRecord, realm: string): Access[] {
  if (record.act === 'trap' && record.actor === realm)
    return [accessText(record.slot, record.first, record.words, MESSAGE_REGS)];
  if (record.act !== 'write' || record.actor !== realm) return [];
  if (record.unit !== 'store' && record.unit !== 'function') return [];
  const slot = record.unit === 'store' ? record.at : -1;
  return [accessText(slot, record.first, record.after, MESSAGE_REGS)];
}

/** What the steps of a script have a Bus layer do, step by step. */
function busOf(run: Played, realm: string): Record<string, Access[]> {
  expect(errorsOf(run)).toEqual([]);
  const steps: Record<string, Access[]> = {};
  let now = '';
  for (const record of run.trace) {
    if (record.act === 'step') now = `${record.step} ${record.verb}`;
    if (record.act === 'step') steps[now] = [];
    steps[now]?.push(...accessOf(record, realm));
  }
  return steps;
}

/** Everything a Bus layer is asked to do, on two interrupts where there are two. */
function script(slots: number): object[] {
  const life = (irq: string): object[] => [
    { allocate: irq },
    { store: irq },
    { mask: irq },
    { unmask: irq },
  ];
  const two = slots > 1 ? life('d.1') : [];
  const again = [{ free: 'd.0' }, { allocate: 'd.0' }, { compose: 'd.0' }, { store: 'd.0' }];
  return [
    ...life('d.0'),
    ...two,
    ...again,
    { free: 'd.0' },
    ...(slots > 1 ? [{ free: 'd.1' }] : []),
  ];
}

/** A stack a Bus layer can stand on, without the Bus layer. */
interface Parent {
  readonly name: string;
  readonly platform: object;
  readonly below: readonly string[];
  /** What the device needs to be a guest’s; null for the host’s own. */
  readonly guest: { readonly spec: object; readonly reach?: string } | null;
}

const G1 = { vcpus: { v0: 'p1' } };
const guest = (spec: object = {}, reach?: string): Parent['guest'] => ({
  spec: { ...G1, ...spec },
  reach,
});

const host = (name: string, platform: object, below: readonly string[]): Parent => ({
  name,
  platform,
  below,
  guest: null,
});

const HOSTS: readonly Parent[] = [
  host('host: vector', { preset: 'x86-bare' }, ['vector']),
  host('host: VT-d', { preset: 'x86-vtd' }, ['remap', 'vector']),
  host('host: VT-d, posting', { preset: 'x86-vtd', kernel: 'linux-6.10', hostPosting: true }, [
    'remap',
    'vector',
  ]),
  host('host: AMD-Vi', { preset: 'x86-amdvi' }, ['remap', 'vector']),
];

const HIDDEN: readonly Parent[] = [
  {
    name: 'guest that takes itself for bare metal: vector',
    platform: { preset: 'x86-vtd' },
    below: ['vector'],
    guest: guest({ knowsItIsVm: false }, 'direct'),
  },
];

const HCALL: readonly Parent[] = ['x86-bare', 'x86-vtd', 'x86-amdvi'].map(preset => ({
  name: `guest: hypercall over ${preset}`,
  platform: { preset },
  below: ['hcall', 'vector'],
  guest: guest({}, 'direct'),
}));

const TRAPPED: readonly Parent[] = [
  ...['x86-bare', 'x86-vtd', 'x86-amdvi'].map(preset => ({
    name: `guest: trapped over ${preset}`,
    platform: { preset },
    below: ['vector'],
    guest: guest({}, 'trapped'),
  })),
  {
    name: 'guest: trapped, posted',
    platform: { preset: 'x86-vtd' },
    below: ['vector'],
    guest: guest({ interrupts: 'posted' }, 'trapped'),
  },
];

const VIOMMU: readonly Parent[] = [
  {
    name: 'guest: unit of its own',
    platform: { preset: 'x86-vtd' },
    below: ['remap', 'vector'],
    guest: guest({ viommu: true }, 'trapped'),
  },
];

/** Bus layers, the devices they know, and all parents that serve those. */
const KINDS: readonly {
  readonly name: string;
  readonly bus: string;
  readonly device: { readonly store: string; readonly vectors?: number };
  readonly parents: readonly Parent[];
}[] = [
  {
    name: 'MSI, unmaskable, in words',
    bus: 'pci-msi',
    device: { store: 'msi' },
    parents: [...HOSTS, ...HIDDEN, ...HCALL, ...TRAPPED, ...VIOMMU],
  },
  {
    name: 'MSI, maskable, in two writes',
    bus: 'pci-msi',
    device: { store: 'msi', maskable: true, storeWidth: 8 } as { store: string },
    parents: [...HOSTS, ...HIDDEN, ...HCALL, ...TRAPPED, ...VIOMMU],
  },
  {
    name: 'MSI-X',
    bus: 'pci-msix',
    device: { store: 'msix', vectors: 2 },
    parents: [...HOSTS, ...HIDDEN, ...HCALL, ...TRAPPED, ...VIOMMU],
  },
  {
    name: 'IMS in the device',
    bus: 'ims',
    device: { store: 'ims-device', vectors: 2 },
    parents: [...HOSTS, ...HIDDEN, ...HCALL, ...TRAPPED],
  },
  {
    name: 'IMS in queue memory',
    bus: 'ims',
    device: { store: 'ims-queue', vectors: 2 },
    parents: [...HOSTS, ...HIDDEN, ...HCALL],
  },
  { name: 'HPET', bus: 'hpet', device: { store: 'hpet', vectors: 2 }, parents: HOSTS },
];

function over(kind: (typeof KINDS)[number], parent: Parent): Record<string, Access[]> {
  const queue = kind.device.store === 'ims-queue';
  const owner = parent.guest ? 'g1' : 'host';
  const document: Script = {
    platform: { ...parent.platform, cpus: 3 },
    ...(parent.guest && { guests: { g1: parent.guest.spec } }),
    devices: {
      d: {
        bdf: '03:00.0',
        ...kind.device,
        ...(parent.guest && { owner, ...(!queue && { reach: parent.guest.reach }) }),
      },
    },
    domains: { [`${owner}/d`]: [kind.bus, ...parent.below] },
    steps: script(kind.device.vectors ?? 1),
  };
  return busOf(play(document), owner);
}

describe('a Bus layer does the same over every parent, message bits aside', () => {
  it.each(KINDS)('$name', kind => {
    const [first, ...others] = kind.parents;
    const expected = over(kind, first);
    expect(Object.values(expected).flat().length).toBeGreaterThan(5);
    for (const parent of others) expect(over(kind, parent), parent.name).toEqual(expected);
  });
});

describe('the IO-APIC, whose pins hold mask and message in one word', () => {
  const pins = (preset: string): string[] => {
    const run = play({
      platform: { preset },
      devices: { d: { bdf: 'f0:1f.0', store: 'ioapic', vectors: 24 } },
      steps: [
        { allocate: 'd.4' },
        { store: 'd.4' },
        { mask: 'd.4' },
        { unmask: 'd.4' },
        { free: 'd.4' },
      ],
    });
    const isMasked = (word: number): number => (word >>> 16) & 1;
    return run.trace.flatMap(record =>
      record.act === 'write' && record.unit === 'store'
        ? [`${record.at} ${record.first} ${record.first === 0 ? isMasked(record.after[0]) : ''}`]
        : [],
    );
  };

  it('is written in the same order, with the same mask', () => {
    const expected = pins('x86-bare');
    expect(expected.length).toBeGreaterThan(4);
    expect(pins('x86-vtd')).toEqual(expected);
    expect(pins('x86-amdvi')).toEqual(expected);
  });
});

describe('a Bus layer that looks into messages', () => {
  it('is caught by the same comparison', () => {
    const [kind] = KINDS;
    const careless = (parent: Parent): Record<string, Access[]> =>
      over(kind, { ...parent, platform: { ...parent.platform, off: ['store/opaque-message'] } });
    const [bare, vtd] = HOSTS;
    expect(careless(vtd)).not.toEqual(careless(bare));
  });
});
