import {
  type Draft,
  type Fate,
  type Journey,
  type Message,
  messageText,
  placeOf,
  type Refusal,
  type Spot,
} from '../../src/index.ts';
import type { LoadedRun } from '../app/runs.ts';
import { EN } from '../i18n/en.ts';
import { restAt, shareAt } from '../time/clock.ts';
import type { Layout, Point } from './layout.ts';
import { keyIn } from './layout.ts';
import { cardRouteOf, pointOn, routeOf } from './route.ts';

/** Something that moves, or rests, in the picture at one moment. */
export interface Mover {
  readonly id: string;
  readonly kind: 'flight' | 'draft';
  /** On the wire. */
  readonly dot: Point;
  /** Middle of the card that names it. */
  readonly card: Point;
  readonly text: string;
  /** Written by hand rather than composed; not a message yet; never to be one. */
  readonly look: 'composed' | 'raw' | 'outline' | 'refused';
  /** What became of it, once that is decided. */
  readonly fate: Fate | null;
  /** The part it is at or goes to. */
  readonly at: string;
  /** Place among those at the same part, and how many there are. */
  readonly rank: number;
  readonly crowd: number;
  /** The record to open when it is chosen. */
  readonly seq: number;
}

/** Share of a record's time in which things move; the rest they hold still. */
const MOVING = 0.7;

const ease = (share: number): number => share * share * (3 - 2 * share);

interface Step {
  readonly seq: number;
  readonly spot: Spot;
}

/** Where something that goes through `steps` is at a time; null before its first. */
function positionAt(
  run: LoadedRun,
  layout: Layout,
  at: { readonly steps: readonly Step[]; readonly timeMs: number; readonly realm: string },
): { dot: Point; card: Point; at: string } | null {
  const { steps, timeMs } = at;
  const { clock, data } = run;
  let i = steps.length - 1;
  while (i >= 0 && clock.start[steps[i].seq] > timeMs) i--;
  if (i < 0) return null;
  const here = steps[i].spot;
  const from = i === 0 ? here : steps[i - 1].spot;
  const share = ease(Math.min(1, shareAt(clock, steps[i].seq, timeMs) / MOVING));
  const leg = [from, here] as const;
  return {
    dot: pointOn(routeOf(layout, data.machine, leg), share),
    card: pointOn(cardRouteOf(layout, data.machine, { leg, realm: at.realm }), share),
    at: keyIn(layout, data.machine, here),
  };
}

/** When the picture lets go of a message that has ended: as the next step begins. */
function goneMs(run: LoadedRun, endSeq: number): number {
  const next = run.stepStart.find(seq => seq > endSeq);
  return next === undefined ? Number.POSITIVE_INFINITY : run.clock.start[next];
}

/** Texts of messages that were asked for: a thousand messages ask in every frame. */
const TEXTS = new WeakMap<Message, string>();

function textOf(message: Message): string {
  const known = TEXTS.get(message) ?? messageText(message);
  TEXTS.set(message, known);
  return known;
}

function flightAt(
  run: LoadedRun,
  layout: Layout,
  at: { readonly journey: Journey; readonly timeMs: number },
): Mover | null {
  const { journey, timeMs } = at;
  if (run.clock.start[journey.id] > timeMs || goneMs(run, journey.endSeq) <= timeMs) return null;
  const place = positionAt(run, layout, { steps: journey.marks, timeMs, realm: '' });
  if (!place) return null;
  const decided = timeMs >= restAt(run.clock, journey.fateSeq) - 1;
  const { message } = journey;
  return {
    id: `flight-${journey.id}`,
    kind: 'flight',
    ...place,
    text: message ? textOf(message) : journey.irq,
    look: message ? 'composed' : 'outline',
    fate: decided ? journey.fate : null,
    rank: 0,
    crowd: 1,
    seq: journey.emitSeq < 0 ? journey.id : journey.emitSeq,
  };
}

/** What is known of a message in the making at a time, cell by cell. */
function draftText(run: LoadedRun, draft: Draft, timeMs: number): string {
  const gifts = draft.stages
    .filter(({ seq }) => run.clock.start[seq] <= timeMs)
    .flatMap(({ gift }) => (gift ? [gift] : []));
  const message = gifts.findLast(gift => gift.kind === 'message');
  if (message) return messageText(message.message);
  const place = gifts.findLast(gift => gift.kind === 'place');
  const entry = gifts.findLast(gift => gift.kind === 'entry');
  // What each layer is to give, whether it has or not: the card fills from cell to cell.
  const cells = [
    place?.cpu ?? EMPTY,
    place ? `0x${place.vector.toString(16)}` : EMPTY,
    ...(needsEntry(run, draft) ? [entry ? `#${entry.entry}` : EMPTY] : []),
  ];
  return cells.join(CELL_EDGE);
}

/** A cell that nobody has filled yet. */
const EMPTY = '·';
const CELL_EDGE = ' │ ';

/** Messages of the host go by an entry of its table, where it has a remap unit. */
const needsEntry = ({ data }: LoadedRun, { realm }: Draft): boolean =>
  data.machine.remap.kind !== 'none' && realm === data.machine.realms[HOST].name;

const HOST = 0;

function draftAt(
  run: LoadedRun,
  layout: Layout,
  at: { readonly draft: Draft; readonly timeMs: number },
): Mover | null {
  const { draft, timeMs } = at;
  if (draft.endSeq >= 0 && timeMs >= restAt(run.clock, draft.endSeq)) return null;
  const place = positionAt(run, layout, { steps: draft.stages, timeMs, realm: draft.realm });
  if (!place) return null;
  const begun = draft.stages.filter(({ seq }) => run.clock.start[seq] <= timeMs);
  const made = begun.some(({ gift }) => gift?.kind === 'message');
  return {
    id: `draft-${draft.id}`,
    kind: 'draft',
    ...place,
    dot: place.card,
    text: draftText(run, draft, timeMs),
    look: draft.raw ? 'raw' : made ? 'composed' : 'outline',
    fate: null,
    rank: 0,
    crowd: 1,
    seq: begun[begun.length - 1]?.seq ?? draft.id,
  };
}

/** A layer, the hypervisor or a unit says no: an outcome like others, and drawn as one. */
function refusalAt(
  run: LoadedRun,
  layout: Layout,
  at: { readonly refusal: Refusal; readonly timeMs: number },
): Mover | null {
  const { seq, error } = at.refusal;
  const { machine, trace } = run.data;
  if (run.clock.start[seq] > at.timeMs || goneMs(run, seq) <= at.timeMs) return null;
  const spot = placeOf(machine, trace[seq]).at;
  const key = keyIn(layout, machine, spot);
  const { card } = layout.docks[key];
  return {
    id: `refusal-${seq}`,
    kind: 'draft',
    dot: card,
    card,
    text: EN.stage.refused(error),
    look: 'refused',
    fate: null,
    at: key,
    rank: 0,
    crowd: 1,
    seq,
  };
}

/** Everything that moves or rests in the picture at a time: a function of that time alone. */
export function moversAt(run: LoadedRun, layout: Layout, timeMs: number): Mover[] {
  const { journeys, drafts, refusals } = run.data.film;
  const movers = [
    ...drafts.map(draft => draftAt(run, layout, { draft, timeMs })),
    ...journeys.map(journey => flightAt(run, layout, { journey, timeMs })),
    ...refusals.map(refusal => refusalAt(run, layout, { refusal, timeMs })),
  ].filter(mover => mover !== null);
  const crowds = new Map<string, number>();
  const ranked = movers.map(mover => {
    const key = `${mover.kind} ${mover.at}`;
    const rank = crowds.get(key) ?? 0;
    crowds.set(key, rank + 1);
    return { ...mover, rank };
  });
  return ranked.map(mover => ({ ...mover, crowd: crowds.get(`${mover.kind} ${mover.at}`) ?? 1 }));
}
