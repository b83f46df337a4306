import type { Spot } from '../../src/index.ts';
import { EN } from '../i18n/en.ts';
import { type ContentLine, type Contents, fitLines, fitted } from './contents.ts';
import { type Group, roleWords } from './draw-frame.ts';
import type { Layout, PlacedPiece, PlacedSlab } from './layout.ts';
import { LINE_LETTER, NAME_LETTER } from './layout-sizes.ts';

/** What the picture points at now. */
export interface Focus {
  /** Parts the current record happens at, by name in the layout. */
  readonly active: ReadonlySet<string>;
  /** Parts of a message that went wrong: where it came from, and where it came to. */
  readonly wrong: ReadonlySet<string>;
  /** The part the arrow keys stand on. */
  readonly rover: string;
  readonly choose: (spot: Spot, key: string) => void;
}

const LINE = 15;
const LINE_INDENT = 8;

/** Lines of content that fit into a box under its title. */
function roomOf({ box, kind, piece }: PlacedPiece): number {
  const head = kind === 'cpu' ? 26 : piece.sub ? 40 : 24;
  return Math.max(kind === 'cpu' && box.h >= 40 ? 1 : 0, Math.floor((box.h - head + 6) / LINE));
}

const EMPTY_FACE: Face = { title: '', sub: '', lines: [] };

/** What is written in a box. */
interface Face {
  readonly title: string;
  readonly sub: string;
  readonly lines: readonly PlacedLine[];
}

function faceOf(placed: PlacedPiece, lines: readonly ContentLine[], upright: boolean): Face {
  const { piece, kind, box } = placed;
  const [first, second = ''] = piece.title.split(' | ');
  const isSplit = upright && piece.split;
  const isLow = box.h < 36 || kind === 'cpu';
  return {
    title: isSplit ? first : piece.title,
    sub: isSplit ? `${second} ${piece.sub}`.trim() : isLow ? '' : piece.sub,
    lines: placeLines(placed, lines, upright),
  };
}

/** What a screen reader says of a box: what is written in it, and what its look says. */
function labelOf(placed: PlacedPiece, face: Face, lines: readonly ContentLine[]): string {
  const written = [face.title, face.sub, ...face.lines.map(({ text }) => text)];
  return EN.stage.piece({
    written: written.filter(Boolean).join(' '),
    sub: face.sub ? '' : placed.piece.sub,
    view: placed.view,
    more: lines.length - face.lines.length,
    states: lines.flatMap(({ text, state }) =>
      state ? [`${text} ${EN.stage.lineStates[state]}`] : [],
    ),
  });
}

/** Words of one box are told apart where they are read one after the other. */
function setApart(this: SVGElement): void {
  if (this.nextSibling?.nodeType !== Node.TEXT_NODE) this.after(' ');
}

/** The boxes of hardware with what they hold. */
export function drawPieces(
  layer: Group,
  layout: Layout,
  at: { readonly contents: Contents; readonly focus: Focus },
): void {
  const { contents, focus } = at;
  const upright = layout.direction === 'column';
  const faces = new Map(
    layout.pieces.map(placed => [placed.key, faceOf(placed, contents.of(placed), upright)]),
  );
  const face = ({ key }: PlacedPiece): Face => faces.get(key) ?? EMPTY_FACE;
  const groups = layer
    .selectAll<SVGGElement, PlacedPiece>('g.piece')
    .data(layout.pieces, ({ key }) => key)
    .join(enter => {
      const g = enter.append('g').attr('role', 'button');
      g.append('rect').attr('rx', 6);
      g.append('text').attr('class', 'title').each(setApart);
      g.append('text').attr('class', 'sub').each(setApart);
      g.append('g').attr('class', 'lines');
      return g;
    })
    .attr('class', ({ kind, view, key }) => {
      const active = `${focus.active.has(key) ? ' active' : ''}${focus.wrong.has(key) ? ' wrong' : ''}`;
      return `piece ${kind} ${view}${active}`;
    })
    .attr('data-key', ({ key }) => key)
    .attr('tabindex', ({ key }) => (key === focus.rover ? 0 : -1))
    .attr('aria-label', placed => labelOf(placed, face(placed), contents.of(placed)))
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
    .text(placed => face(placed).title);
  groups
    .select('.sub')
    .attr('x', ({ box }) => box.x + box.w / 2)
    .attr('y', ({ box, piece }) => box.y + (upright && piece.split ? 37 : 31))
    .attr('text-anchor', 'middle')
    .text(placed => face(placed).sub);
  groups
    .select<SVGGElement>('.lines')
    .selectAll<SVGTextElement, PlacedLine>('text')
    .data(placed => face(placed).lines)
    .join(
      enter => enter.append('text'),
      update => update,
      exit =>
        exit
          .each(function alone() {
            if (this.nextSibling?.nodeType === Node.TEXT_NODE) this.nextSibling.remove();
          })
          .remove(),
    )
    .attr('class', ({ changed, state }) => `line ${state} ${changed ? 'changed' : ''}`)
    .attr('x', ({ x }) => x)
    .attr('y', ({ y }) => y)
    .text(({ shown }) => shown)
    .each(setApart);
}

interface PlacedLine extends ContentLine {
  /** As much of it as there is room for. */
  readonly shown: string;
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
  return fitLines(lines, roomOf(placed)).map((line, i) => {
    const text = line.changed ? `▸ ${line.text}` : line.text;
    const shown = fitted(text, box.w - LINE_INDENT, LINE_LETTER);
    return { ...line, text, shown, x: box.x + LINE_INDENT, y: top + i * LINE };
  });
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
    .text(placed => fitted(slabTitle(placed), placed.box.w - 4, NAME_LETTER));
}

const slabTitle = ({ slab }: PlacedSlab): string =>
  slab.sub ? `${slab.title} ${slab.sub}` : slab.title;
