import type { Machine, Spot } from '../../src/index.ts';
import { type Band, bandsOf, type Piece, type Slab, viewKey } from './bands.ts';
import { layoutColumn } from './layout-column.ts';
import { layoutRow } from './layout-row.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly w: number;
  readonly h: number;
}

/** A piece of hardware in its place; in a guest's band it is the guest's view of it. */
export interface PlacedPiece {
  readonly key: string;
  readonly piece: Piece;
  readonly kind: 'cpu' | 'unit' | 'bridge' | 'device';
  readonly view: 'host' | 'guest';
  readonly box: Box;
}

/** A layer in its place, with the words of its role above and room for a message beside it. */
export interface PlacedSlab {
  readonly key: string;
  readonly slab: Slab;
  readonly box: Box;
  /** Middle of the words. */
  readonly words: Point;
  /** Where a message in the making rests. */
  readonly chip: Point;
}

/** Where a message is while it rests at a part: its dot on the wire, and the card that names it. */
export interface Dock {
  readonly dot: Point;
  readonly card: Point;
}

/** A way between a guest's layer and the hypervisor. */
export interface Arrow {
  readonly kind: 'trap' | 'hcall';
  readonly realm: string;
  readonly from: Point;
  /** Bends on the way, which leads around what other guests have. */
  readonly bends: readonly Point[];
  readonly to: Point;
  /** Where its name begins. */
  readonly label: Point;
}

export interface PlacedBand {
  readonly band: Band;
  readonly box: Box;
  /** Where the architecture specific part ends: through the title of one box, and on behind it. */
  readonly boundary: readonly (readonly [Point, Point])[];
}

/** The picture of a machine, measured in pixels. */
export interface Layout {
  /** The wire runs from left to right, or from top to bottom. */
  readonly direction: 'row' | 'column';
  readonly width: number;
  readonly height: number;
  readonly bands: readonly PlacedBand[];
  readonly hypervisor: Box | null;
  readonly pieces: readonly PlacedPiece[];
  readonly slabs: readonly PlacedSlab[];
  readonly wires: readonly (readonly [Point, Point])[];
  /** The bus of each band, and its name. */
  readonly buses: readonly { readonly line: readonly [Point, Point]; readonly name: Point }[];
  /** Where `Use` stands, by band. */
  readonly uses: readonly Point[];
  readonly arrows: readonly Arrow[];
  readonly docks: Readonly<Record<string, Dock>>;
}

/** The least width of a row. */
const ROW_MIN = 560;
/** Where there is less room, a row is drawn smaller; pictures narrower than this run downwards. */
const SMALL_MIN = 450;

/** Room for the picture, in pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** How far rows may move together or apart to fit the room. */
const AIR_MIN = 0.8;
const AIR_MAX = 1.5;

/** The picture of a machine for the room there is. */
export function layoutOf(machine: Machine, room: Room): Layout {
  const bands = bandsOf(machine);
  if (room.width < SMALL_MIN) return layoutColumn(bands, room.width);
  const width = Math.max(ROW_MIN, room.width);
  const close = layoutRow(bands, width, 1);
  const height = (room.height * width) / room.width;
  const air = Math.min(AIR_MAX, Math.max(AIR_MIN, height / close.height));
  return layoutRow(bands, width, air);
}

/** The band whose view a spot belongs to: virtual CPUs and layers are their realm's own. */
function realmOfSpot(machine: Machine, { part, of }: Spot): string {
  const realm =
    part === 'cpu'
      ? machine.cpus.find(({ name }) => name === of)?.realm
      : part === 'domain'
        ? machine.domains.find(({ name }) => name === of)?.realm
        : part === 'realm'
          ? machine.realms.findIndex(({ name }) => name === of)
          : 0;
  return machine.realms[realm ?? 0]?.name ?? machine.realms[0].name;
}

/** Names of spots that were asked for, by layout: a thousand messages ask in every frame. */
const KNOWN_KEYS = new WeakMap<Layout, Map<string, string>>();

/**
 * The name a spot has in the layout. A missing unit is the bridge; unknown spots are the host. At
 * the hypervisor, `realm` tells whose way there is meant.
 */
export function keyIn(layout: Layout, machine: Machine, at: Spot, realm = ''): string {
  const known = KNOWN_KEYS.get(layout) ?? new Map<string, string>();
  KNOWN_KEYS.set(layout, known);
  const name = `${at.part}/${at.of}/${realm}`;
  const key = known.get(name) ?? findKey(layout, machine, at, realm);
  known.set(name, key);
  return key;
}

function findKey(layout: Layout, machine: Machine, at: Spot, realm: string): string {
  const host = machine.realms[0].name;
  if (at.part === 'hypervisor') {
    const own = `hypervisor:${realm}`;
    return own in layout.docks ? own : 'hypervisor';
  }
  const key = viewKey(realmOfSpot(machine, at), at);
  if (key in layout.docks) return key;
  const bridge = viewKey(host, { part: 'bridge', of: '' });
  if (at.part === 'unit' || at.part === 'bridge') return bridge;
  return at.part === 'cpu' ? `joint:${host}` : `band:${realmOfSpot(machine, at)}`;
}
