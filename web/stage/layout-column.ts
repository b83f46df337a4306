import { type Band, type Bands, type Piece, viewKey } from './bands.ts';
import type {
  Arrow,
  Box,
  Dock,
  Layout,
  PlacedBand,
  PlacedPiece,
  PlacedSlab,
  Point,
} from './layout.ts';

/** Heights and gaps of the column, in pixels. */
const SIZE = {
  margin: 4,
  pad: 6,
  title: 24,
  box: 44,
  small: 26,
  stackGap: 4,
  rail: 6,
  line: 15,
  lines: 2,
  bus: 6,
  laneGap: 34,
  gap: 20,
  words: 16,
  slab: 26,
  chip: 30,
  hypervisor: 48,
  bandGap: 8,
} as const;

/** How far a card is from the part it stands at. */
const CARD_BELOW = 17;

/** More CPUs than these have room for their names only. */
const FULL_SIZE_MAX = 4;

/** Depth of the boundary in the box it splits: between the halves of its name. */
const SPLIT_DEPTH = 22;

/** Share of the width the hardware has; the layers have the rest. */
const HARDWARE = 0.53;

interface Drawing {
  readonly bands: PlacedBand[];
  readonly pieces: PlacedPiece[];
  readonly slabs: PlacedSlab[];
  readonly wires: [Point, Point][];
  readonly buses: { line: [Point, Point]; name: Point }[];
  readonly uses: Point[];
  readonly docks: Record<string, Dock>;
}

interface Sides {
  readonly left: Box;
  readonly right: Box;
  readonly middle: number;
}

/** The picture with its wire from top to bottom, for narrow windows. */
export function layoutColumn(content: Bands, width: number): Layout {
  const d: Drawing = {
    bands: [],
    pieces: [],
    slabs: [],
    wires: [],
    buses: [],
    uses: [],
    docks: {},
  };
  const inner = width - 2 * (SIZE.margin + SIZE.pad);
  const x = SIZE.margin + SIZE.pad;
  const left = { x, w: inner * HARDWARE, y: 0, h: 0 };
  const right = { x: x + inner * (HARDWARE + 0.05), w: inner * (0.95 - HARDWARE), y: 0, h: 0 };
  const sides = { left, right, middle: left.x + left.w / 2 };
  let y: number = SIZE.margin;
  let hypervisor: Box | null = null;
  for (const band of content.bands) {
    if (band.kind === 'host' && content.hasHypervisor) {
      hypervisor = { x: SIZE.margin, y, w: width - 2 * SIZE.margin, h: SIZE.hypervisor };
      y += SIZE.hypervisor + SIZE.bandGap;
    }
    y = placeBand(d, band, { sides, width, y }) + SIZE.bandGap;
  }
  const arrows = hypervisor ? arrowsOf(content, d, hypervisor) : [];
  if (hypervisor) {
    const dot = { x: right.x + right.w / 2, y: hypervisor.y + hypervisor.h / 2 };
    d.docks.hypervisor = { dot, card: dot };
    for (const { realm } of arrows) d.docks[`hypervisor:${realm}`] = d.docks.hypervisor;
  }
  return { direction: 'column', width, height: y, hypervisor, arrows, ...d };
}

/** Rows of a band, from the CPU to the device. A guest's view leaves out what it only passes. */
function rowsOf(band: Band) {
  const bridges = band.kind === 'host' || !band.unit ? band.bridges : [];
  const device = (piece: Piece) => ({ kind: 'device' as const, pieces: [piece] });
  return [
    { kind: 'cpu' as const, pieces: band.cpus },
    ...(band.unit ? [{ kind: 'unit' as const, pieces: [band.unit] }] : []),
    ...bridges.map(piece => ({ kind: 'bridge' as const, pieces: [piece] })),
    ...band.devices.map(device),
  ];
}

function placeBand(
  d: Drawing,
  band: Band,
  at: { readonly sides: Sides; readonly width: number; readonly y: number },
): number {
  const { sides } = at;
  const dot = { x: SIZE.margin + SIZE.pad, y: at.y + SIZE.title };
  d.docks[`band:${band.realm}`] = { dot, card: dot };
  let y = at.y + SIZE.title;
  let last = y;
  let seenDevice = false;
  let boundaryY = y;
  for (const { kind, pieces } of rowsOf(band)) {
    if (kind === 'device' && !seenDevice) {
      seenDevice = true;
      const busY = y;
      y = placeBus(d, band, { sides, y, last });
      last = busY;
    }
    const shown = Math.min(pieces[0]?.lines ?? 0, SIZE.lines);
    const h = SIZE.box + SIZE.line * shown + (pieces.some(({ split }) => split) ? 4 : 0);
    const box = { ...sides.left, y, h };
    const end = kind === 'cpu' ? placeCpus(d, band, { pieces, box, sides }) : y + h;
    if (kind !== 'cpu')
      for (const piece of pieces) placePiece(d, band, { kind, piece, box, sides });
    if (kind !== 'cpu') wire(d, sides.middle, last, y);
    if (pieces.some(({ split }) => split)) boundaryY = y + SPLIT_DEPTH;
    const bottom = placeSlabs(d, band, { kind, pieces, y, sides });
    if (kind === 'device') d.uses.push({ x: sides.left.x + sides.left.w - 18, y: y + h + 9 });
    last = end;
    y = Math.max(
      end + (band.kind === 'host' && kind !== 'device' ? SIZE.laneGap : SIZE.gap),
      bottom,
    );
  }
  const box = { x: SIZE.margin, y: at.y, w: at.width - 2 * SIZE.margin, h: y - at.y };
  d.bands.push({
    band,
    box,
    boundary: [
      [
        { x: box.x, y: boundaryY },
        { x: sides.right.x - 4, y: boundaryY },
      ],
    ],
  });
  return y;
}

const wire = (d: Drawing, x: number, from: number, to: number): void => {
  d.wires.push([
    { x, y: from },
    { x, y: to },
  ]);
};

function placeBus(
  d: Drawing,
  band: Band,
  at: { readonly sides: Sides; readonly y: number; readonly last: number },
): number {
  const { sides, y, last } = at;
  wire(d, sides.middle, last, y);
  const left = { x: sides.left.x, y };
  const right = { x: sides.left.x + sides.left.w, y };
  d.buses.push({ line: [left, right], name: { x: left.x + 4, y: y - 6 } });
  const dot = { x: sides.middle, y };
  d.docks[viewKey(band.realm, { part: 'bus', of: '' })] = { dot, card: dot };
  return y + SIZE.bus + (band.kind === 'host' ? SIZE.laneGap : SIZE.gap);
}

/** CPUs, each over the next; a rail beside them joins them to the wire. Where it ends. */
function placeCpus(
  d: Drawing,
  band: Band,
  at: { readonly pieces: readonly Piece[]; readonly box: Box; readonly sides: Sides },
): number {
  const { pieces, box, sides } = at;
  const isStack = pieces.length > 1;
  const w = isStack ? box.w - SIZE.rail : box.w;
  const h = pieces.length > FULL_SIZE_MAX ? SIZE.small : box.h;
  const last = box.y + pieces.length * (h + SIZE.stackGap) - SIZE.stackGap;
  const end = isStack ? last + SIZE.rail : last;
  const railX = box.x + box.w;
  const card = { x: sides.middle, y: end + CARD_BELOW };
  for (const [i, piece] of pieces.entries()) {
    const own = { x: box.x, y: box.y + i * (h + SIZE.stackGap), w, h };
    const key = viewKey(band.realm, piece.spot);
    const dot = isStack ? { x: railX, y: own.y + h / 2 } : { x: sides.middle, y: end };
    d.pieces.push({ key, piece, kind: 'cpu', view: band.kind, box: own });
    d.docks[key] = { dot, card: band.kind === 'host' ? card : dot };
    if (isStack) d.wires.push([{ x: own.x + w, y: dot.y }, dot]);
  }
  const joint = { x: sides.middle, y: end };
  d.docks[`joint:${band.realm}`] = { dot: joint, card: joint };
  if (isStack) {
    wire(d, railX, box.y + h / 2, end);
    d.wires.push([{ x: railX, y: end }, joint]);
  }
  return end;
}

function placePiece(
  d: Drawing,
  band: Band,
  at: {
    readonly kind: PlacedPiece['kind'];
    readonly piece: Piece;
    readonly box: Box;
    readonly sides: Sides;
  },
): void {
  const { kind, piece, box, sides } = at;
  const key = viewKey(band.realm, piece.spot);
  d.pieces.push({ key, piece, kind, view: band.kind, box });
  const above = kind === 'device';
  const dot = { x: sides.middle, y: above ? box.y : box.y + box.h / 2 };
  const card = {
    x: sides.middle,
    y: above ? box.y - CARD_BELOW : box.y + box.h + CARD_BELOW,
  };
  d.docks[key] = { dot, card: band.kind === 'host' ? card : dot };
  if (!above) return;
  const busY = d.buses.at(-1)?.line[0].y ?? box.y;
  d.docks[`port:${key}`] = { dot: { x: sides.middle, y: busY }, card };
}

/** The layers that stand beside a row. */
function placeSlabs(
  d: Drawing,
  band: Band,
  at: {
    readonly kind: PlacedPiece['kind'];
    readonly pieces: readonly Piece[];
    readonly y: number;
    readonly sides: Sides;
  },
): number {
  const { kind, pieces, sides } = at;
  const column = { cpu: 'cpu', unit: 'unit', bridge: 'none', device: 'bus' }[kind];
  const beside = band.slabs.filter(
    slab =>
      slab.column === column &&
      (kind !== 'device' || pieces.some(({ spot }) => spot.of === slab.sub)),
  );
  let { y } = at;
  for (const slab of beside) {
    const box = { ...sides.right, y: y + SIZE.words, h: SIZE.slab };
    const x = box.x + box.w / 2;
    const chip = { x, y: box.y + SIZE.slab + SIZE.chip / 2 };
    const key = viewKey(band.realm, slab.spot);
    d.slabs.push({ key, slab, box, words: { x, y: y + SIZE.words / 2 }, chip });
    d.docks[key] = { dot: chip, card: chip };
    y = box.y + SIZE.slab + SIZE.chip;
  }
  return y;
}

/** Ways between the guests' layers and the hypervisor, along the right edge. */
function arrowsOf(content: Bands, d: Drawing, hypervisor: Box): Arrow[] {
  return content.bands.flatMap((band, index): Arrow[] => {
    const own = d.slabs.filter(({ key }) => key.startsWith(`${band.realm}:`));
    const arrow = (kind: Arrow['kind'], from: PlacedSlab | undefined): Arrow[] => {
      if (!from) return [];
      const x = from.box.x + from.box.w - 5 - 7 * index - (kind === 'hcall' ? 12 : 0);
      const start = { x, y: from.box.y + from.box.h };
      const label = { x: x - 60, y: hypervisor.y - 4 };
      return [
        { kind, realm: band.realm, from: start, bends: [], to: { x, y: hypervisor.y }, label },
      ];
    };
    return [
      ...(band.trap
        ? arrow(
            'trap',
            own.findLast(({ slab }) => slab.column === 'bus'),
          )
        : []),
      ...(band.hcall
        ? arrow(
            'hcall',
            own.find(({ slab }) => slab.column === 'unit'),
          )
        : []),
    ];
  });
}
