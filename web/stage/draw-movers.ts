import type { Selection } from 'd3';
import { EN } from '../i18n/en.ts';
import type { Group } from './draw-frame.ts';
import { cardShape, FATE_SHAPES, FATE_SIGNS, REFUSED_SHAPE } from './glyphs.ts';
import type { Mover } from './movers.ts';

const CARD_HEIGHT = 22;
const CHARACTER = 6.7;
/** Of more than this many at one part only dots are drawn. */
const CARDS_MAX = 5;
/** Dots of a crowd stand in rows of this many. */
const CROWD_ROW = 12;

const widthOf = (text: string): number => Math.max(40, text.length * CHARACTER + 18);

/** What the card says: what became of the message takes the place of its bits. */
const faceOf = ({ fate, text, crowd }: Mover): string => {
  const face = fate ? EN.fates[fate] : text;
  return crowd > CARDS_MAX ? `${face} × ${crowd}` : face;
};

/** Cards of what is decided have a mark before their words. */
const hasMark = ({ fate, look }: Mover): boolean => fate !== null || look === 'refused';
const fullWidth = (mover: Mover): number => widthOf(faceOf(mover)) + (hasMark(mover) ? 20 : 0);

const isCrowded = ({ crowd }: Mover): boolean => crowd > CARDS_MAX;

/** Keeps cards inside the picture. */
const kept = (x: number, w: number, width: number): number =>
  Math.min(Math.max(x, w / 2 + 4), width - w / 2 - 4);

function cardPlace(mover: Mover, width: number): string {
  const w = fullWidth(mover);
  const lift = mover.kind === 'flight' ? -mover.rank * (CARD_HEIGHT - 8) : mover.rank * 10;
  return `translate(${kept(mover.card.x, w, width)} ${mover.card.y + lift})`;
}

/** Distance of dots in a crowd. */
const CROWD_STEP = 5;

/** A dot of a crowd as a piece of a path: a line of no length with round ends. */
function crowdDot({ dot, rank }: Mover): string {
  const column = (rank % CROWD_ROW) - CROWD_ROW / 2;
  const row = (Math.floor(rank / CROWD_ROW) % CROWD_ROW) - CROWD_ROW / 2;
  return `M${(dot.x + column * CROWD_STEP).toFixed(1)} ${(dot.y + row * CROWD_STEP).toFixed(1)}h0`;
}

/** Messages on the wire; a crowd is one shape, for a thousand of them would each cost a style. */
function drawDots(layer: Group, flights: readonly Mover[]): void {
  const crowd = flights.filter(isCrowded);
  layer
    .selectAll<SVGPathElement, string>('path.crowd')
    .data(crowd.length > 0 ? [crowd.map(crowdDot).join('')] : [])
    .join(enter => enter.append('path').attr('class', 'crowd'))
    .attr('d', path => path)
    .attr('data-count', crowd.length);
  layer
    .selectAll<SVGCircleElement, Mover>('circle.dot')
    .data(
      flights.filter(mover => !isCrowded(mover)),
      ({ id }) => id,
    )
    .join(enter => enter.append('circle').attr('class', 'dot').attr('r', 4))
    .attr('transform', ({ dot }) => `translate(${dot.x} ${dot.y})`);
}

/** Messages on their way and in the making. */
export function drawMovers(
  layer: Group,
  movers: readonly Mover[],
  at: { readonly width: number; readonly choose: (mover: Mover) => void },
): void {
  drawDots(
    layer,
    movers.filter(({ kind }) => kind === 'flight'),
  );
  const cards = movers.filter(mover => !isCrowded(mover) || mover.rank === 0);
  layer
    .selectAll<SVGPathElement, Mover>('path.leader')
    .data(
      cards.filter(mover => mover.kind === 'flight' && !mover.fate),
      ({ id }) => id,
    )
    .join(enter => enter.append('path').attr('class', 'leader'))
    .attr('d', ({ card, dot }) => `M${card.x} ${card.y}L${dot.x} ${dot.y}`);
  layer
    .selectAll<SVGGElement, Mover>('g.card')
    .data(cards, ({ id }) => id)
    .join(enter => {
      const g = enter.append('g').attr('role', 'button').attr('tabindex', -1);
      g.append('path').attr('class', 'shape');
      g.append('path').attr('class', 'mark');
      g.append('path').attr('class', 'sign');
      g.append('text').attr('text-anchor', 'middle').attr('y', 4);
      return g;
    })
    .attr('transform', mover => cardPlace(mover, at.width))
    .on('click', (_event, mover) => at.choose(mover))
    .filter(function changed(mover) {
      const face = `${mover.look} ${mover.fate ?? ''} ${mover.text} ${mover.crowd}`;
      if (this.getAttribute('data-face') === face) return false;
      this.setAttribute('data-face', face);
      return true;
    })
    .call(drawFaces);
}

/** The cells of a card as they are read out. */
const spoken = (text: string): string =>
  text.replaceAll(' │ ', ', ').replaceAll('·', EN.stage.empty);

type Cards = Selection<SVGGElement, Mover, SVGGElement, unknown>;

function drawFaces(faces: Cards): void {
  faces
    .attr('class', ({ kind, look, fate }) => `card ${kind} ${look} ${fate ? `fate ${fate}` : ''}`)
    .attr('aria-label', mover => EN.stage.mover(mover.kind, spoken(mover.text), mover.fate));
  faces.select('.shape').attr('d', mover => {
    const w = fullWidth(mover);
    return cardShape(w, CARD_HEIGHT, mover.look === 'raw');
  });
  faces
    .select('.mark')
    .attr('d', ({ fate, look }) =>
      fate ? FATE_SHAPES[fate] : look === 'refused' ? REFUSED_SHAPE : null,
    )
    .attr('transform', mover => `translate(${-widthOf(faceOf(mover)) / 2 + 6} 0)`);
  faces
    .select('.sign')
    .attr('d', ({ fate }) => (fate ? FATE_SIGNS[fate] : null))
    .attr('transform', mover => `translate(${-widthOf(faceOf(mover)) / 2 + 6} 0)`);
  faces
    .select('text')
    .attr('x', mover => (hasMark(mover) ? 12 : 2))
    .text(faceOf);
}
