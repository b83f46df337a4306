import { type BaseType, type Selection, select } from 'd3';
import { EN } from '../i18n/en.ts';
import type { Layout, PlacedBand, PlacedSlab, Point } from './layout.ts';

export type Group = Selection<SVGGElement, unknown, BaseType, unknown>;

const lineOf = ([a, b]: readonly [Point, Point]): string => `M${a.x} ${a.y}L${b.x} ${b.y}`;

/** What stands still while nothing but time passes: bands, wires, words. */
export function drawFrame(layer: Group, layout: Layout): void {
  drawBands(layer, layout);
  drawWires(layer, layout);
  drawWords(layer, layout);
}

const bandTitle = ({ band }: PlacedBand): string =>
  band.kind === 'host' ? EN.stage.host : EN.stage.guest(band.realm);

function bandNote({ band }: PlacedBand): string {
  if (band.kind === 'host') return '';
  return band.knowsItIsVm ? EN.stage.knowsIt : EN.stage.knowsItNot;
}

function drawBands(layer: Group, layout: Layout): void {
  const bands = layer
    .selectAll<SVGGElement, PlacedBand>('g.band')
    .data(layout.bands, ({ band }) => band.realm)
    .join(enter => {
      const g = enter.append('g').attr('class', ({ band }) => `band ${band.kind}`);
      g.append('rect');
      g.append('text').attr('class', 'band-title');
      g.append('text').attr('class', 'band-note').attr('text-anchor', 'end');
      return g;
    });
  bands
    .select('rect')
    .attr('x', ({ box }) => box.x)
    .attr('y', ({ box }) => box.y)
    .attr('width', ({ box }) => box.w)
    .attr('height', ({ box }) => box.h)
    .attr('rx', 8)
    .attr('data-guest', ({ band }) => (band.kind === 'guest' ? band.index : null));
  bands
    .select('.band-title')
    .attr('x', ({ box }) => box.x + 10)
    .attr('y', ({ box }) => box.y + 16)
    .text(bandTitle);
  bands
    .select('.band-note')
    .attr('x', ({ box }) => box.x + box.w - 8)
    .attr('y', ({ box }) => box.y + 16)
    .text(bandNote);
  drawHypervisor(layer, layout);
}

function drawHypervisor(layer: Group, { hypervisor, arrows }: Layout): void {
  const bar = layer
    .selectAll<SVGGElement, NonNullable<Layout['hypervisor']>>('g.hypervisor')
    .data(hypervisor ? [hypervisor] : [])
    .join(enter => {
      const g = enter.append('g').attr('class', 'hypervisor');
      g.append('rect').attr('rx', 8);
      g.append('text').attr('class', 'band-title');
      g.append('text').attr('class', 'note');
      return g;
    });
  const asks = arrows.some(({ kind }) => kind === 'hcall');
  const traps = arrows.some(({ kind }) => kind === 'trap');
  const words = [asks ? EN.stage.allocCompose : '', traps ? EN.stage.translates : ''];
  bar
    .select('rect')
    .attr('x', box => box.x)
    .attr('y', box => box.y)
    .attr('width', box => box.w)
    .attr('height', box => box.h);
  bar
    .select('.band-title')
    .attr('x', box => box.x + 10)
    .attr('y', box => box.y + 17)
    .text(EN.stage.hypervisor);
  bar
    .select('.note')
    .attr('x', box => box.x + 10)
    .attr('y', box => box.y + 33)
    .text(words.filter(Boolean).join(' · '));
}

function drawWires(layer: Group, layout: Layout): void {
  layer
    .selectAll('path.wire')
    .data(layout.wires)
    .join('path')
    .attr('class', 'wire')
    .attr('d', wire => lineOf(wire));
  const buses = layer
    .selectAll<SVGGElement, Layout['buses'][number]>('g.bus')
    .data(layout.buses)
    .join(enter => {
      const g = enter.append('g').attr('class', 'bus');
      g.append('path');
      g.append('text');
      return g;
    });
  buses.select('path').attr('d', ({ line }) => lineOf(line));
  buses
    .select('text')
    .attr('x', ({ name }) => name.x)
    .attr('y', ({ name }) => name.y)
    .text(EN.stage.bus);
}

/** The boundary is drawn over the boxes, so that it is seen to go through one of them. */
export function drawBoundaries(layer: Group, layout: Layout): void {
  layer
    .selectAll<SVGPathElement, PlacedBand>('path.boundary')
    .data(layout.bands, ({ band }) => band.realm)
    .join('path')
    .attr('class', 'boundary')
    .attr('d', ({ boundary }) => boundary.map(lineOf).join(''));
  const host = layout.bands.filter(({ band }) => band.kind === 'host');
  const sides = host.flatMap(({ boundary, box }) => {
    const { x } = boundary[0]?.[0] ?? box;
    if (layout.direction === 'column') return [];
    return [
      { x: x - 8, y: box.y + 16, anchor: 'end', text: EN.stage.specific },
      { x: x + 8, y: box.y + 16, anchor: 'start', text: EN.stage.agnostic },
    ];
  });
  layer
    .selectAll('text.side')
    .data(sides)
    .join('text')
    .attr('class', 'side')
    .attr('x', ({ x }) => x)
    .attr('y', ({ y }) => y)
    .attr('text-anchor', ({ anchor }) => anchor)
    .text(({ text }) => text);
}

/** The words of a layer's role, as the mail has them. */
export function roleWords({ slab }: PlacedSlab): string {
  const words = slab.roles.map(role => EN.roles[role]).join(' + ');
  return slab.asked ? `“${words}”` : words;
}

function drawWords(layer: Group, layout: Layout): void {
  const seen = new Set<string>();
  const words = layout.slabs.flatMap(slab => {
    const key = `${slab.words.x} ${slab.words.y}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ at: slab.words, text: roleWords(slab), roles: slab.slab.roles }];
  });
  const uses = layout.uses.map(at => ({ at, text: EN.roles.use, roles: ['use'] as const }));
  layer
    .selectAll('text.role')
    .data([...words, ...uses])
    .join('text')
    .attr('class', ({ roles }) => `role role-${roles[roles.length - 1]}`)
    .attr('x', ({ at }) => at.x)
    .attr('y', ({ at }) => at.y + 4)
    .attr('text-anchor', 'middle')
    .text(({ text }) => text);
}

/** The way between a guest and the hypervisor that is used now: realm and kind. */
export interface Busy {
  readonly realm: string;
  readonly kind: 'trap' | 'hcall';
}

/** The ways between guests and the hypervisor, and the hypervisor itself. */
export function drawArrows(layer: Group, layout: Layout, busy: Busy | null): void {
  const arrows = layer
    .selectAll<SVGGElement, Layout['arrows'][number]>('g.arrow')
    .data(layout.arrows, ({ kind, realm }) => `${realm} ${kind}`)
    .join(enter => {
      const g = enter.append('g');
      g.append('path').attr('class', 'shaft');
      g.append('text');
      return g;
    })
    .attr('class', ({ kind, realm }) => {
      const isBusy = busy !== null && busy.realm === realm && busy.kind === kind;
      return `arrow ${kind}${isBusy ? ' busy' : ''}`;
    });
  arrows.select('path').attr('d', arrowPath);
  arrows
    .select('text')
    .attr('x', ({ label }) => label.x)
    .attr('y', ({ label }) => label.y)
    .text(({ kind }) => EN.stage[kind]);
}

/** A shaft with its head at the hypervisor; a call has an answer beside it. */
function arrowPath({ kind, from, bends, to }: Layout['arrows'][number]): string {
  const down = `${lineThrough([from, ...bends, { x: to.x, y: to.y - 1 }])}m-4 -6l4 6l4 -6`;
  if (kind === 'trap') return down;
  // The answer runs beside the call, inside its bends.
  const back = [from, ...bends, to].map(({ x, y }, i) => ({
    x: x + BESIDE,
    y: i === 0 ? y + 1 : i <= bends.length ? y - BESIDE : y - 1,
  }));
  return `${lineThrough([...back].reverse())}m-4 6l4 -6l4 6`.concat(down);
}

const BESIDE = 9;

const lineThrough = (points: readonly Point[]): string =>
  points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');

/** A fresh group of an SVG for one kind of thing. */
export const layerOf = (svg: SVGSVGElement, name: string): Group =>
  select(svg).append<SVGGElement>('g').attr('class', name);
