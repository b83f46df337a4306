import { type Machine, type Spot, spotKey } from '../../src/index.ts';
import { keyIn, type Layout, type Point } from './layout.ts';

/** A way through the picture as points, and the length up to each. */
export interface Way {
  readonly points: readonly Point[];
  readonly lengths: readonly number[];
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function wayOf(points: readonly Point[]): Way {
  const lengths = [0];
  for (let i = 1; i < points.length; i++)
    lengths.push(lengths[i - 1] + distance(points[i - 1], points[i]));
  return { points, lengths };
}

/** The point a share of the way along: 0 its begin, 1 its end. */
export function pointOn(way: Way, share: number): Point {
  const { points, lengths } = way;
  const wanted = Math.min(1, Math.max(0, share)) * lengths[lengths.length - 1];
  let i = 1;
  while (i < lengths.length - 1 && lengths[i] < wanted) i++;
  if (points.length === 1) return points[0];
  const part = lengths[i] - lengths[i - 1];
  const along = part === 0 ? 1 : (wanted - lengths[i - 1]) / part;
  const [a, b] = [points[i - 1], points[i]];
  return { x: a.x + (b.x - a.x) * along, y: a.y + (b.y - a.y) * along };
}

const isHardware = ({ part }: Spot): boolean =>
  part === 'device' || part === 'bus' || part === 'bridge' || part === 'unit' || part === 'cpu';

/** Ways that were asked for, by layout: a thousand messages ask in every frame. */
const KNOWN_WAYS = new WeakMap<Layout, Map<string, Way>>();

/** The wire between two spots of the row, bends included; straight between all others. */
export function routeOf(layout: Layout, machine: Machine, leg: readonly [Spot, Spot]): Way {
  const known = KNOWN_WAYS.get(layout) ?? new Map<string, Way>();
  KNOWN_WAYS.set(layout, known);
  const name = `${spotKey(leg[0])} ${spotKey(leg[1])}`;
  const way = known.get(name) ?? findRoute(layout, machine, leg);
  known.set(name, way);
  return way;
}

function findRoute(layout: Layout, machine: Machine, leg: readonly [Spot, Spot]): Way {
  const [from, to] = leg;
  const [a, b] = [keyIn(layout, machine, from), keyIn(layout, machine, to)];
  const points = [layout.docks[a].dot];
  if (a === b) return wayOf(points);
  if (isHardware(from) && isHardware(to)) {
    const host = machine.realms[0].name;
    const add = (key: string): void => {
      const dock = layout.docks[key];
      if (dock) points.push(dock.dot);
    };
    if (from.part === 'device') {
      add(`port:${a}`);
      add(`${host}:bus/`);
    }
    if (to.part === 'cpu' && from.part !== 'cpu') {
      const joint = layout.docks[`joint:${host}`]?.dot;
      const end = layout.docks[b].dot;
      if (joint)
        points.push(
          joint,
          layout.direction === 'row' ? { x: joint.x, y: end.y } : { x: end.x, y: joint.y },
        );
    }
  }
  points.push(layout.docks[b].dot);
  return wayOf(points);
}

/** The way of the card that names a message: straight from dock to dock. */
export function cardRouteOf(
  layout: Layout,
  machine: Machine,
  at: { readonly leg: readonly [Spot, Spot]; readonly realm: string },
): Way {
  const cards = at.leg.map(spot => layout.docks[keyIn(layout, machine, spot, at.realm)].card);
  return wayOf(cards);
}
