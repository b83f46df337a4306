import { placeOf, type Spot } from '../../src/index.ts';
import type { LoadedRun } from '../app/runs.ts';
import { EN } from '../i18n/en.ts';
import { shareAt } from '../time/clock.ts';
import { contentsAt } from './contents.ts';
import {
  type Busy,
  drawArrows,
  drawBoundaries,
  drawFrame,
  type Group,
  layerOf,
} from './draw-frame.ts';
import { drawMovers } from './draw-movers.ts';
import { drawPieces, drawSlabs, type Focus } from './draw-pieces.ts';
import { keyIn, type Layout, layoutOf, type Room } from './layout.ts';
import { type Mover, moversAt } from './movers.ts';
import { pointOn, routeOf } from './route.ts';

/** What the picture tells the page. */
export interface StageEvents {
  readonly chooseSpot: (spot: Spot) => void;
  readonly chooseMover: (mover: Mover) => void;
}

/** The picture: one SVG that shows a run at a moment. */
export interface Stage {
  /** Shows a run, measured anew when the run or the width has changed. */
  show(run: LoadedRun, at: StageMoment): void;
  /** Moves the keyboard’s place among the parts. */
  rove(step: number): void;
  layout(): Layout | null;
}

export interface StageMoment {
  readonly seq: number;
  readonly timeMs: number;
  readonly room: Room;
  /** Movement is shown as a jump and an arrow. */
  readonly still: boolean;
}

interface Layers {
  readonly frame: Group;
  /** Beneath the parts, whose names are to be read. */
  readonly pulse: Group;
  readonly arrows: Group;
  readonly slabs: Group;
  readonly pieces: Group;
  readonly boundary: Group;
  readonly heads: Group;
  readonly movers: Group;
}

const layersOf = (svg: SVGSVGElement): Layers => ({
  frame: layerOf(svg, 'frame'),
  pulse: layerOf(svg, 'pulses'),
  arrows: layerOf(svg, 'arrows'),
  slabs: layerOf(svg, 'slabs'),
  pieces: layerOf(svg, 'pieces'),
  boundary: layerOf(svg, 'boundaries'),
  heads: layerOf(svg, 'pulse-heads'),
  movers: layerOf(svg, 'movers'),
});

/** A picture in `svg`, which belongs to it alone from now on. */
export function createStage(svg: SVGSVGElement, events: StageEvents): Stage {
  svg.setAttribute('role', 'group');
  svg.setAttribute('aria-label', EN.stage.label);
  const layers = layersOf(svg);
  let layout: Layout | null = null;
  let shown: { run: LoadedRun; at: StageMoment } | null = null;
  let rover = '';

  const focus = (run: LoadedRun, now: Layout, seq: number): Focus => ({
    active: activeAt(run, now, seq),
    wrong: wrongAt(run, now, seq),
    rover,
    choose: (spot, key) => {
      rover = key;
      events.chooseSpot(spot);
    },
  });

  const show = (run: LoadedRun, at: StageMoment): void => {
    const fresh = shown?.run.data !== run.data || !sameRoom(shown.at.room, at.room) || !layout;
    if (fresh || !layout) {
      layout = layoutOf(run.data.machine, at.room);
      rover = layout.pieces.some(({ key }) => key === rover) ? rover : (order(layout)[0] ?? '');
      svg.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
      const scale = Math.min(1, at.room.width / layout.width);
      svg.setAttribute('width', `${layout.width * scale}`);
      svg.setAttribute('height', `${layout.height * scale}`);
      drawFrame(layers.frame, layout);
      drawBoundaries(layers.boundary, layout);
    }
    if (fresh || shown?.at.seq !== at.seq || shown.run.tables !== run.tables) {
      const now = focus(run, layout, at.seq);
      drawArrows(layers.arrows, layout, busyAt(run, at.seq));
      drawSlabs(layers.slabs, layout, now);
      drawPieces(layers.pieces, layout, { contents: contentsAt(run, at.seq), focus: now });
    }
    drawPulse(layers, run, layout, at);
    drawMovers(layers.movers, moversAt(run, layout, at.timeMs), {
      width: layout.width,
      choose: events.chooseMover,
    });
    shown = { run, at };
  };

  return {
    show,
    layout: () => layout,
    rove(step) {
      if (!layout || !shown) return;
      const keys = order(layout);
      const next = keys[(keys.indexOf(rover) + step + keys.length) % keys.length];
      rover = next ?? rover;
      const now = focus(shown.run, layout, shown.at.seq);
      drawSlabs(layers.slabs, layout, now);
      drawPieces(layers.pieces, layout, {
        contents: contentsAt(shown.run, shown.at.seq),
        focus: now,
      });
      svg.querySelector<SVGGElement>(`[data-key="${CSS.escape(rover)}"]`)?.focus();
    },
  };
}

/** Parts in the order of the wire, from the CPU to the device, then the layers. */
const order = (layout: Layout): string[] => [
  ...layout.pieces.map(({ key }) => key),
  ...layout.slabs.map(({ key }) => key),
];

const sameRoom = (a: Room, b: Room): boolean => a.width === b.width && a.height === b.height;

/** The way to the hypervisor the current record takes; null when it takes none. */
function busyAt(run: LoadedRun, seq: number): Busy | null {
  const record = run.data.trace[seq];
  if (record?.act === 'trap') return { realm: record.actor, kind: 'trap' };
  return record?.act === 'hypercall' ? { realm: record.actor, kind: 'hcall' } : null;
}

/** Names of the parts the current record happens at. */
function activeAt(run: LoadedRun, layout: Layout, seq: number): Set<string> {
  const record = run.data.trace[seq];
  if (!record) return new Set();
  const { at, from } = placeOf(run.data.machine, record);
  const spots = from ? [at, from] : [at];
  return new Set(spots.map(spot => keyIn(layout, run.data.machine, spot)));
}

/** Both ends of the current message, once it is known to have gone where it may not. */
function wrongAt(run: LoadedRun, layout: Layout, seq: number): Set<string> {
  const { film, machine } = run.data;
  const journey = film.journeys[film.journeyOf[seq]];
  if (journey?.fate !== 'misdelivered' || journey.fateSeq > seq) return new Set();
  const { marks } = journey;
  const ends = [marks[0], marks.find(mark => mark.seq === journey.fateSeq)];
  return new Set(ends.flatMap(mark => (mark ? [keyIn(layout, machine, mark.spot)] : [])));
}

/** What goes from one part to another in the current record, other than messages: an arrow. */
function drawPulse(
  { pulse, heads }: Layers,
  run: LoadedRun,
  layout: Layout,
  at: StageMoment,
): void {
  const record = run.data.trace[at.seq];
  const place = record ? placeOf(run.data.machine, record) : null;
  const shownElsewhere = record?.act === 'trap' || record?.act === 'hypercall';
  const way =
    place?.from && !shownElsewhere
      ? routeOf(layout, run.data.machine, [place.from, place.at])
      : null;
  const share = way ? shareAt(run.clock, at.seq, at.timeMs) : 0;
  pulse
    .selectAll('path.pulse')
    .data(way ? [way] : [])
    .join('path')
    .attr('class', 'pulse')
    .attr('d', ({ points }) => {
      const [from, to] = [points[0], points[points.length - 1]];
      return `M${from.x} ${from.y}L${to.x} ${to.y}`;
    });
  heads
    .selectAll('circle.pulse-head')
    .data(way ? [pointOn(way, at.still ? 1 : share)] : [])
    .join('circle')
    .attr('class', 'pulse-head')
    .attr('r', 4)
    .attr('cx', ({ x }) => x)
    .attr('cy', ({ y }) => y);
}
