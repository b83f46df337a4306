import { type Machine, type Picture, pictureOf } from '../../src/index.ts';

/** Columns of the drawings, from left to right. */
export type MailColumn = 'cpu' | 'unit' | 'bridge' | 'bus' | 'device' | 'store';

/** A text of a drawing: `line` counts from the row of hardware downwards. */
export interface MailText {
  readonly column: MailColumn;
  readonly line: number;
  readonly text: string;
}

/** A plain drawing: the row, what stands under it, and the ways to the hypervisor. */
export interface MailPicture {
  readonly picture: Picture;
  readonly row: readonly { readonly column: MailColumn; readonly text: string }[];
  /** The column the boundary goes through. */
  readonly boundary: 'unit' | 'bridge';
  readonly texts: readonly MailText[];
  /** Arrows down from a column, and up beside it where there is an answer. */
  readonly arrow: { readonly column: MailColumn; readonly both: boolean } | null;
  /** Whether the mail draws it, or only tells it. */
  readonly drawn: boolean;
}

const at = (column: MailColumn, line: number, text: string): MailText => ({ column, line, text });

const BASIC_ROW = [
  { column: 'cpu', text: '[CPU]' },
  { column: 'bridge', text: '[Bri | dge]' },
  { column: 'bus', text: 'Bus' },
  { column: 'device', text: '[Device]' },
] as const;

const unitRow = (unit: string) =>
  [
    { column: 'cpu', text: '[CPU]' },
    { column: 'unit', text: unit },
    { column: 'bridge', text: '[Bridge]' },
    { column: 'bus', text: 'Bus' },
    { column: 'device', text: '[Device]' },
  ] as const;

const STORE_AND_USE = [at('store', 2, 'Store'), at('device', 2, 'Use')];
const BUS_LAYER = at('store', 4, 'Busdomain');
const VECTOR_LAYER = at('cpu', 4, 'Vectordomain');
const BASIC_TEXTS = [
  at('cpu', 1, 'Alloc +'),
  at('cpu', 2, 'Compose'),
  ...STORE_AND_USE,
  VECTOR_LAYER,
  BUS_LAYER,
];

/** The drawings of the mail; the last two are drawn from its words. [TGLX] */
export const MAIL_PICTURES: Readonly<Record<Picture, MailPicture>> = {
  basic: {
    picture: 'basic',
    row: BASIC_ROW,
    boundary: 'bridge',
    texts: BASIC_TEXTS,
    arrow: null,
    drawn: true,
  },
  iommu: {
    picture: 'iommu',
    row: unitRow('[IO | MMU]'),
    boundary: 'unit',
    texts: [
      at('unit', 1, 'Alloc +'),
      at('cpu', 2, 'Alloc'),
      at('unit', 2, 'Compose'),
      ...STORE_AND_USE,
      VECTOR_LAYER,
      at('unit', 4, 'Remapdomain'),
      BUS_LAYER,
    ],
    arrow: null,
    drawn: true,
  },
  trap: {
    picture: 'trap',
    row: BASIC_ROW,
    boundary: 'bridge',
    texts: [
      at('cpu', 1, 'Alloc +'),
      at('cpu', 2, 'Compose'),
      ...STORE_AND_USE,
      at('store', 3.6, 'Trap'),
      at('store', 5, 'Hypervisor translates and stores'),
    ],
    arrow: { column: 'store', both: false },
    drawn: true,
  },
  hcall: {
    picture: 'hcall',
    row: unitRow('[VI | RT]'),
    boundary: 'unit',
    texts: [
      at('cpu', 2, 'Alloc'),
      at('unit', 2, '"Compose"'),
      ...STORE_AND_USE,
      VECTOR_LAYER,
      at('unit', 4, 'HCALLdomain'),
      BUS_LAYER,
      at('unit', 7, 'Hypervisor'),
      at('unit', 8, 'Alloc + Compose'),
    ],
    arrow: { column: 'unit', both: true },
    drawn: true,
  },
  'no-hcall': {
    picture: 'no-hcall',
    row: BASIC_ROW,
    boundary: 'bridge',
    texts: [
      ...BASIC_TEXTS,
      at('cpu', 5, 'error on domain creation'),
      at('store', 5, 'storage: queue memory'),
    ],
    arrow: null,
    drawn: false,
  },
  'hidden-cpuid': {
    picture: 'hidden-cpuid',
    row: BASIC_ROW,
    boundary: 'bridge',
    texts: [
      ...BASIC_TEXTS,
      at('cpu', 5, 'looks like bare metal'),
      at('store', 5, 'storage: queue memory'),
    ],
    arrow: null,
    drawn: false,
  },
};

/** The drawing that fits a machine: its first guest's view, else the host's. */
export function mailPictureOf(machine: Machine): MailPicture {
  const realms = machine.realms.map((_, realm) => realm);
  const [, ...guests] = realms;
  const found = [...guests, 0].map(realm => pictureOf(machine, realm)).find(one => one !== null);
  return MAIL_PICTURES[found ?? 'basic'];
}
