import type { Spot } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { type ContentLine, type Contents, fitLines } from './contents.ts';
import { type Group, roleWords } from './draw-frame.ts';
import type { Layout, PlacedPiece, PlacedSlab } from './layout.ts';

/** What the picture points at now. */
export interface Focus {
  /** Parts the current record happens at, by name in the layout. */
  readonly active: ReadonlySet<string>;
  /** The part the arrow keys stand on. */
  readonly rover: string;
  readonly choose: (spot: Spot, key: string) => void;
}

const LINE = 15;

/** Lines of content that fit into a box under its title. */
function roomOf({ box, kind, piece }: PlacedPiece): number {
  const head = kind === 'cpu' ? 26 : piece.sub ? 40 : 24;
  return Math.max(kind === 'cpu' && box.h >= 40 ? 1 : 0, Math.floor((box.h - head + 6) / LINE));
}

/** What a screen reader says of a box. */
const labelOf = (placed: PlacedPiece, lines: readonly ContentLine[]): string =>
  EN.stage.piece({
    title: placed.piece.title.replace(' | ', '|'),
    sub: placed.piece.sub,
    view: placed.view,
    lines: lines.map(({ text, state }) =>
      state ? `${text}, ${EN.stage.lineStates[state]}` : text,
    ),
  });

/** The boxes of hardware with what they hold. */
export function drawPieces(
  layer: Group,
  layout: Layout,
  at: { readonly contents: Contents; readonly focus: Focus },
): void {
  const { contents, focus } = at;
  const upright = layout.direction === 'column';
  const groups = layer
    .selectAll<SVGGElement, PlacedPiece>('g.piece')
    .data(layout.pieces, ({ key }) => key)
    .join(enter => {
      const g = enter.append('g').attr('role', 'button');
      g.append('rect').attr('rx', 6);
      g.append('text').attr('class', 'title');
      g.append('text').attr('class', 'sub');
      g.append('g').attr('class', 'lines');
      return g;
    })
    .attr('class', ({ kind, view, key }) => {
      const active = focus.active.has(key) ? ' active' : '';
      return `piece ${kind} ${view}${active}`;
    })
    .attr('data-key', ({ key }) => key)
    .attr('tabindex', ({ key }) => (key === focus.rover ? 0 : -1))
    .attr('aria-label', placed => labelOf(placed, contents.of(placed)))
    .on('click', (_event, { piece, key }) => focus.choose(piece.spot, key));
  groups
    .select('rect')
    .attr('x', ({ box }) => box.x)
    .attr('y', ({ box }) => box.y)
    .attr('width', ({ box }) => box.w)
    .attr('height', ({ box }) => box.h);
  groups
    .select('.title')
    .attr('x', ({ box }) => box.x + box.w / 2)
    .attr('y', ({ box, kind, piece }) => {
      const centred = box.h < 36 || (kind === 'bridge' && !(upright && piece.split));
      return centred ? box.y + box.h / 2 + 4 : box.y + 16;
    })
    .attr('text-anchor', 'middle')
    .text(({ piece }) => (upright && piece.split ? piece.title.split(' | ')[0] : piece.title));
  groups
    .select('.sub')
    .attr('x', ({ box }) => box.x + box.w / 2)
    .attr('y', ({ box, piece }) => box.y + (upright && piece.split ? 37 : 31))
    .attr('text-anchor', 'middle')
    .text(({ piece, kind, box }) => {
      if (upright && piece.split) return [piece.title.split(' | ')[1], piece.sub].join(' ');
      return box.h < 36 || kind === 'cpu' ? '' : piece.sub;
    });
  groups
    .select<SVGGElement>('.lines')
    .selectAll<SVGTextElement, PlacedLine>('text')
    .data(placed => placeLines(placed, contents.of(placed), upright))
    .join('text')
    .attr('class', ({ changed, state }) => `line ${state} ${changed ? 'changed' : ''}`)
    .attr('x', ({ x }) => x)
    .attr('y', ({ y }) => y)
    .text(({ text, changed }) => (changed ? `▸ ${text}` : text));
}

interface PlacedLine extends ContentLine {
  readonly x: number;
  readonly y: number;
}

/** The lines that fit into a box, below its title. */
function placeLines(
  placed: PlacedPiece,
  lines: readonly ContentLine[],
  upright: boolean,
): PlacedLine[] {
  const { box, kind, piece } = placed;
  const head = kind === 'cpu' || !piece.sub ? 32 : 46;
  const top = box.y + head + (upright && piece.split ? 6 : 0);
  return fitLines(lines, roomOf(placed)).map((line, i) => ({
    ...line,
    x: box.x + 8,
    y: top + i * LINE,
  }));
}

/** The layers of software. */
export function drawSlabs(layer: Group, layout: Layout, focus: Focus): void {
  const groups = layer
    .selectAll<SVGGElement, PlacedSlab>('g.slab')
    .data(layout.slabs, ({ key }) => key)
    .join(enter => {
      const g = enter.append('g').attr('role', 'button');
      g.append('rect').attr('rx', 3);
      g.append('text').attr('text-anchor', 'middle');
      return g;
    })
    .attr('class', ({ slab, key }) => {
      const roles = slab.roles.map(role => `does-${role}`).join(' ');
      return `slab ${roles}${focus.active.has(key) ? ' active' : ''}`;
    })
    .attr('data-key', ({ key }) => key)
    .attr('tabindex', ({ key }) => (key === focus.rover ? 0 : -1))
    .attr('aria-label', placed => EN.stage.layer(slabTitle(placed), roleWords(placed)))
    .on('click', (_event, { slab, key }) => focus.choose(slab.spot, key));
  groups
    .select('rect')
    .attr('x', ({ box }) => box.x)
    .attr('y', ({ box }) => box.y)
    .attr('width', ({ box }) => box.w)
    .attr('height', ({ box }) => box.h);
  groups
    .select('text')
    .attr('x', ({ box }) => box.x + box.w / 2)
    .attr('y', ({ box }) => box.y + 17)
    .text(slabTitle);
}

const slabTitle = ({ slab }: PlacedSlab): string =>
  slab.sub ? `${slab.title} ${slab.sub}` : slab.title;
