import { type Band, type Bands, type Piece, type Slab, viewKey } from './bands.ts';
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
import { type Columns, columnsOf, type Span } from './layout-columns.ts';
import { LINES_MAX, NAME_LETTER, type Sizes, sizesOf } from './layout-sizes.ts';

/** More CPUs or devices than this share the room of as many. */
const FULL_SIZE_MAX = 4;
/** Height of a title inside a box: the boundary goes through it, and not through what is below. */
const TITLE_DEPTH = 22;

interface Drawing {
  readonly size: Sizes;
  readonly columns: Columns;
  readonly width: number;
  readonly bands: PlacedBand[];
  readonly pieces: PlacedPiece[];
  readonly slabs: PlacedSlab[];
  readonly wires: [Point, Point][];
  readonly buses: { line: [Point, Point]; name: Point }[];
  readonly uses: Point[];
  readonly docks: Record<string, Dock>;
}

/** The picture with its wire from left to right, as the mail draws it; `air` stretches it. */
export function layoutRow(content: Bands, width: number, air: number): Layout {
  const size = sizesOf(air);
  const d: Drawing = {
    size,
    columns: columnsOf(width, content.hasUnitColumn),
    width,
    bands: [],
    pieces: [],
    slabs: [],
    wires: [],
    buses: [],
    uses: [],
    docks: {},
  };
  let y = size.margin;
  let hypervisor: Box | null = null;
  for (const band of content.bands) {
    if (band.kind === 'host' && content.hasHypervisor) {
      hypervisor = { x: size.margin, y, w: width - 2 * size.margin, h: size.hypervisor };
      y += size.hypervisor + size.bandGap;
    }
    y = placeBand(d, band, y) + size.bandGap;
  }
  const arrows = hypervisor ? arrowsOf(content, d, hypervisor) : [];
  if (hypervisor) placeHypervisor(d, hypervisor, arrows);
  const { bands, pieces, slabs, wires, buses, uses, docks } = d;
  const drawn = { bands, pieces, slabs, wires, buses, uses, docks, arrows, hypervisor };
  return { direction: 'row', width, height: y, ...drawn };
}

/** Where things rest at the hypervisor: under each guest’s way to it. */
function placeHypervisor(d: Drawing, { x, y, w, h }: Box, arrows: readonly Arrow[]): void {
  const dock = (at: number): Dock => {
    const point = { x: at, y: y + h / 2 };
    return { dot: point, card: point };
  };
  d.docks.hypervisor = dock(x + w * 0.55);
  for (const { realm, to } of arrows) d.docks[`hypervisor:${realm}`] = dock(to.x);
}

function heightOf({ size }: Drawing, piece: Piece, kind: PlacedPiece['kind']): number {
  const lines = size.line * Math.min(piece.lines, LINES_MAX);
  return kind === 'device' || kind === 'unit' ? size.box + lines : size.cpu;
}

const stackHeight = (heights: readonly number[], gap: number): number =>
  heights.reduce((sum, h) => sum + h, 0) + gap * Math.max(0, heights.length - 1);

function placeBand(d: Drawing, band: Band, top: number): number {
  const { size, columns } = d;
  const groups = [
    { kind: 'cpu', span: columns.cpu, pieces: band.cpus },
    { kind: 'unit', span: columns.unit, pieces: band.unit ? [band.unit] : [] },
    { kind: 'bridge', span: columns.bridge, pieces: band.bridges },
    { kind: 'device', span: columns.device, pieces: band.devices },
  ] as const;
  const heights = groups.map(({ kind, pieces }) =>
    pieces.map(piece => (pieces.length > FULL_SIZE_MAX ? size.small : heightOf(d, piece, kind))),
  );
  const rowTop = top + size.title + (band.kind === 'host' ? size.lane : 0);
  const rowHeight = Math.max(...heights.map(list => stackHeight(list, size.gap)));
  const middle = rowTop + rowHeight / 2;
  for (const [i, { kind, span, pieces }] of groups.entries()) {
    let y = middle - stackHeight(heights[i], size.gap) / 2;
    for (const [j, piece] of pieces.entries()) {
      const box = { ...span, y, h: heights[i][j] };
      placePiece(d, band, { kind, piece, box, laneY: rowTop - size.lane / 2 });
      y += heights[i][j] + size.gap;
    }
  }
  placeWires(d, band, { middle, rowTop });
  const bottom = placeSlabs(d, band, rowTop + rowHeight);
  const box = { x: size.margin, y: top, w: d.width - 2 * size.margin, h: bottom - top };
  const from = band.kind === 'host' ? top + 8 : top + size.title - 4;
  const boundary = boundaryOf(d, band, [from, rowTop + rowHeight + 6]);
  d.bands.push({ band, box, boundary });
  const dot = { x: size.margin + 20, y: top + size.title };
  d.docks[`band:${band.realm}`] = { dot, card: dot };
  return bottom;
}

/** The boundary of a band: down to the title of the box it splits, and on behind that box. */
function boundaryOf(d: Drawing, band: Band, [top, bottom]: [number, number]): [Point, Point][] {
  const split = d.pieces.find(({ key, piece }) => piece.split && key.startsWith(`${band.realm}:`));
  if (!split) return [];
  const { box, kind } = split;
  const x = box.x + box.w / 2;
  const through = kind === 'bridge' ? box.y + box.h : box.y + TITLE_DEPTH;
  return [
    [
      { x, y: top },
      { x, y: through },
    ],
    [
      { x, y: box.y + box.h },
      { x, y: bottom },
    ],
  ];
}

function placePiece(
  d: Drawing,
  band: Band,
  at: {
    readonly kind: PlacedPiece['kind'];
    readonly piece: Piece;
    readonly box: Box;
    readonly laneY: number;
  },
): void {
  const { kind, piece, box, laneY } = at;
  const key = viewKey(band.realm, piece.spot);
  d.pieces.push({ key, piece, kind, view: band.kind, box });
  const y = box.y + box.h / 2;
  const x = kind === 'device' ? box.x : box.x + box.w;
  const card =
    band.kind === 'host'
      ? { x: kind === 'device' ? box.x + 12 : x, y: laneY }
      : { x: box.x + box.w / 2, y: box.y + box.h - 8 };
  d.docks[key] = { dot: { x, y }, card };
  if (kind === 'device') d.docks[`port:${key}`] = { dot: { x: d.columns.busX, y }, card };
}

function placeWires(
  d: Drawing,
  band: Band,
  at: { readonly middle: number; readonly rowTop: number },
): void {
  const { columns, size } = d;
  const { middle } = at;
  const own = d.pieces.filter(({ key }) => key.startsWith(`${band.realm}:`));
  const ys = (kind: PlacedPiece['kind']): number[] =>
    own.filter(piece => piece.kind === kind).map(({ box }) => box.y + box.h / 2);
  const first = band.unit ? columns.unit : columns.bridge;
  const joint = (columns.cpu.x + columns.cpu.w + first.x) / 2;
  const line = (from: readonly [number, number], to: readonly [number, number]): void => {
    d.wires.push([
      { x: from[0], y: from[1] },
      { x: to[0], y: to[1] },
    ]);
  };
  for (const y of ys('cpu')) line([columns.cpu.x + columns.cpu.w, y], [joint, y]);
  const cpus = [...ys('cpu'), middle];
  line([joint, Math.min(...cpus)], [joint, Math.max(...cpus)]);
  line([joint, middle], [first.x, middle]);
  if (band.unit) line([first.x + first.w, middle], [columns.bridge.x, middle]);
  line([columns.bridge.x + columns.bridge.w, middle], [columns.busX, middle]);
  for (const y of ys('device')) line([columns.busX, y], [columns.device.x, y]);
  const devices = [...ys('device'), middle - size.cpu / 2, middle + size.cpu / 2];
  const [top, bottom] = [Math.min(...devices), Math.max(...devices)];
  const x = columns.busX;
  d.buses.push({
    line: [
      { x, y: top },
      { x, y: bottom },
    ],
    name: { x: x + 5, y: middle - 6 },
  });
  d.docks[viewKey(band.realm, { part: 'bus', of: '' })] = {
    dot: { x, y: middle },
    card: { x, y: at.rowTop - size.lane / 2 },
  };
  d.docks[`joint:${band.realm}`] = { dot: { x: joint, y: middle }, card: { x: joint, y: middle } };
}

/** Left end and width of a layer's slab; those of one column are as wide as the longest name. */
function slabSpan(slab: Slab, { slabs }: Band, { columns }: Drawing): Span {
  const least = 112;
  if (slab.column === 'bus') {
    const x = columns.bridge.x + columns.bridge.w / 2 + 14;
    const names = slabs.filter(({ column }) => column === 'bus');
    const letters = Math.max(...names.map(({ title, sub }) => `${title} ${sub}`.length));
    const words = NAME_LETTER * letters + 8;
    const most = columns.device.x + columns.device.w - x;
    return { x, w: Math.min(most, Math.max(columns.device.x - x + 26, least, words)) };
  }
  const { x, w } = slab.column === 'cpu' ? columns.cpu : columns.unit;
  return { x, w: Math.max(w, least) };
}

function placeSlabs(d: Drawing, band: Band, top: number): number {
  const { size } = d;
  const wordsY = top + size.words / 2 + 8;
  const slabTop = top + size.words + 10;
  let bottom = slabTop + size.slab + size.chip;
  for (const column of ['cpu', 'unit', 'bus'] as const) {
    let y = slabTop;
    for (const slab of band.slabs.filter(one => one.column === column)) {
      const box = { ...slabSpan(slab, band, d), y, h: size.slab };
      const chip = { x: box.x + box.w / 2, y: y + size.slab + size.chip / 2 };
      const key = viewKey(band.realm, slab.spot);
      d.slabs.push({ key, slab, box, words: { x: box.x + box.w / 2, y: wordsY }, chip });
      d.docks[key] = { dot: chip, card: chip };
      y += size.slab + size.chip;
    }
    bottom = Math.max(bottom, y);
  }
  const { device } = d.columns;
  if (band.devices.length > 0) d.uses.push({ x: device.x + device.w * 0.62, y: wordsY });
  return bottom + 4;
}

/** The way of a guest’s layer to the hypervisor: straight down, or around the guests below it. */
function wayDown(
  d: Drawing,
  slab: PlacedSlab,
  at: { readonly kind: Arrow['kind']; readonly below: number; readonly hypervisor: Box },
): Pick<Arrow, 'from' | 'bends' | 'to'> {
  const { box } = slab;
  const { y } = at.hypervisor;
  const bottom = box.y + box.h;
  if (at.below === 0) {
    const x = box.x + box.w - 20;
    return { from: { x, y: bottom }, bends: [], to: { x, y } };
  }
  // Where nothing stands but the wire: beside the bridge for traps, beside the unit for calls.
  const { cpu, unit, bridge } = d.columns;
  const left = at.kind === 'trap' && unit.w > 0 ? unit : cpu;
  const right = at.kind === 'trap' ? bridge : unit;
  const middle = (left.x + left.w + right.x) / 2;
  const x = middle + (at.below - 1) * GUTTER_STEP;
  const start = box.x + GUTTER_START;
  const turnY = bottom + d.size.chip - 2;
  return {
    from: { x: start, y: bottom },
    bends: [
      { x: start, y: turnY },
      { x, y: turnY },
    ],
    to: { x, y },
  };
}

/** Ways of several guests stand side by side. */
const GUTTER_STEP = -22;
const GUTTER_START = 14;

/** Ways between the guests’ layers and the hypervisor. */
function arrowsOf(content: Bands, d: Drawing, hypervisor: Box): Arrow[] {
  const guests = content.bands.filter(({ kind }) => kind === 'guest');
  return guests.flatMap((band, index): Arrow[] => {
    const own = d.slabs.filter(({ key }) => key.startsWith(`${band.realm}:`));
    const below = guests.length - 1 - index;
    const arrow = (kind: Arrow['kind'], slab: PlacedSlab | undefined): Arrow[] => {
      if (!slab) return [];
      const way = wayDown(d, slab, { kind, below, hypervisor });
      const label = { x: way.from.x + 16, y: way.from.y + 16 };
      return [{ kind, realm: band.realm, ...way, label }];
    };
    const store = own.findLast(({ slab }) => slab.column === 'bus');
    const caller = own.find(({ slab }) => slab.column === 'unit');
    return [
      ...(band.trap ? arrow('trap', store) : []),
      ...(band.hcall ? arrow('hcall', caller) : []),
    ];
  });
}
