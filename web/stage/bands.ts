import {
  layerTitle,
  type Machine,
  pictureOf,
  type Role,
  rolesOf,
  type Spot,
  spotKey,
} from '../../src/index.ts';

/** Columns of the row, from the CPU to the device. */
export type Column = 'cpu' | 'unit' | 'bridge' | 'bus' | 'device';

/** A box of the row. */
export interface Piece {
  readonly spot: Spot;
  readonly title: string;
  readonly sub: string;
  /** Lines of content it may show. */
  readonly lines: number;
  /** The line between what is architecture specific and what is not goes through it. */
  readonly split: boolean;
}

/** A layer of software under the row. */
export interface Slab {
  readonly spot: Spot;
  readonly column: 'cpu' | 'unit' | 'bus';
  readonly title: string;
  readonly sub: string;
  readonly roles: readonly Role[];
  /** Composes by asking. */
  readonly asked: boolean;
}

/** What one realm sees: a row of hardware and the layers of software under it. */
export interface Band {
  readonly realm: string;
  readonly kind: 'host' | 'guest';
  /** Index of the realm, for its pattern. */
  readonly index: number;
  readonly knowsItIsVm: boolean;
  readonly interrupts: string;
  readonly cpus: readonly Piece[];
  readonly unit: Piece | null;
  readonly bridges: readonly Piece[];
  readonly devices: readonly Piece[];
  readonly slabs: readonly Slab[];
  /** Accesses to the store trap; the guest asks by hypercall. */
  readonly trap: boolean;
  readonly hcall: boolean;
}

/** The picture's content: guests first, each over the other, the host last. */
export interface Bands {
  readonly bands: readonly Band[];
  readonly hasHypervisor: boolean;
  readonly hasUnitColumn: boolean;
}

const UNIT_NAMES = { none: '', vtd: 'VT-d', amdvi: 'AMD-Vi' } as const;
const STORE_NAMES: Readonly<Record<string, string>> = {
  msi: 'MSI',
  msix: 'MSI-X',
  'ims-device': 'IMS in the device',
  'ims-queue': 'IMS in memory',
  ioapic: 'IO-APIC',
  hpet: 'HPET',
};

/** The same in fewer words, where the owner is named too. */
const SHORT_STORE_NAMES: Readonly<Record<string, string>> = {
  ...STORE_NAMES,
  'ims-device': 'IMS',
  'ims-queue': 'IMS memory',
};

/** A spot of a guest's own view, told apart from the hardware of the same name. */
export const viewKey = (realm: string, spot: Spot): string => `${realm}:${spotKey(spot)}`;

/** What the picture of a machine shows. */
export function bandsOf(machine: Machine): Bands {
  const guests = machine.realms.flatMap((realm, index) =>
    realm.kind === 'guest' ? [guestBand(machine, index)] : [],
  );
  const bands = [...guests, hostBand(machine)];
  return {
    bands,
    hasHypervisor: guests.length > 0,
    hasUnitColumn: bands.some(band => band.unit !== null),
  };
}

const spot = (part: Spot['part'], of: string): Spot => ({ part, of });
const piece = (
  at: Spot,
  title: string,
  more: Partial<Pick<Piece, 'sub' | 'lines' | 'split'>> = {},
): Piece => ({ spot: at, title, sub: '', lines: 0, split: false, ...more });

const UNIT = spot('unit', '');
const ROOT = spot('bridge', '');
/** Entries the remap unit shows in its box. */
const ENTRY_LINES = 3;

function slabsOf(machine: Machine, realm: number): Slab[] {
  return machine.domains.flatMap((domain, index): Slab[] => {
    if (domain.realm !== realm) return [];
    const { kind, device, name } = domain;
    const bus = device >= 0;
    return [
      {
        spot: spot('domain', name),
        column: bus ? 'bus' : kind === 'vector' ? 'cpu' : 'unit',
        title: layerTitle(kind),
        sub: bus ? `${machine.devices[device]?.name ?? ''}`.trim() : '',
        ...rolesOf(machine, index),
      },
    ];
  });
}

const cpusOf = (machine: Machine, realm: number): Piece[] =>
  machine.realms[realm].cpus.map(cpu => {
    const { name, runsOn } = machine.cpus[cpu];
    const short = name.slice(name.indexOf('/') + 1);
    const sub = runsOn < 0 ? '' : `on ${machine.cpus[runsOn].name}`;
    return piece(spot('cpu', name), `CPU ${short}`, { sub });
  });

function hostBand(machine: Machine): Band {
  const { remap } = machine;
  const unit =
    remap.kind === 'none'
      ? null
      : piece(UNIT, 'IO | MMU', { sub: UNIT_NAMES[remap.kind], lines: ENTRY_LINES, split: true });
  const named = machine.bridges.map(({ name }) => piece(spot('bridge', name), name));
  const root = piece(ROOT, unit ? 'Bridge' : 'Bri | dge', { split: unit === null });
  return {
    realm: machine.realms[0].name,
    kind: 'host',
    index: 0,
    knowsItIsVm: false,
    interrupts: '',
    cpus: cpusOf(machine, 0),
    unit,
    bridges: [root, ...named],
    devices: machine.devices.map(device => {
      const owner = device.owner ? ` of ${machine.realms[device.owner].name}` : '';
      const names = owner ? SHORT_STORE_NAMES : STORE_NAMES;
      const sub = `${names[device.store] ?? device.store}${owner}`;
      return piece(spot('device', device.name), device.name, { sub, lines: device.slots });
    }),
    slabs: slabsOf(machine, 0),
    trap: false,
    hcall: false,
  };
}

function guestBand(machine: Machine, realm: number): Band {
  const { name, knowsItIsVm, interrupts } = machine.realms[realm];
  const picture = pictureOf(machine, realm);
  const hcall = picture === 'hcall';
  return {
    realm: name,
    kind: 'guest',
    index: realm,
    knowsItIsVm,
    interrupts,
    cpus: cpusOf(machine, realm),
    unit: hcall ? piece(UNIT, 'VI | RT', { split: true }) : null,
    bridges: [piece(ROOT, hcall ? 'Bridge' : 'Bri | dge', { split: !hcall })],
    devices: machine.devices.flatMap((device, index) =>
      (machine.stacks[realm]?.[index] ?? -1) < 0
        ? []
        : [
            piece(spot('device', device.name), device.name, {
              sub: STORE_NAMES[device.store] ?? device.store,
              lines: device.reach === 'trapped' ? device.slots : 0,
            }),
          ],
    ),
    slabs: slabsOf(machine, realm),
    trap: machine.devices.some(
      (device, index) => device.reach === 'trapped' && (machine.stacks[realm]?.[index] ?? -1) >= 0,
    ),
    hcall,
  };
}
