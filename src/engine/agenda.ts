import {
  append,
  eachSlot,
  earliestFarNs,
  FAR_BITS,
  FAR_BITS_END,
  FAR_FIRST,
  FAR_LAST,
  FAR_SLOTS,
  FIRST_NODES,
  firstFar,
  firstNear,
  giveNode,
  NEAR_BITS,
  NEAR_BITS_END,
  NEAR_LAST,
  NEAR_SLOTS,
  NODE_WORDS,
  NODES,
  nodeIndex,
  takeNode,
  type Wheel,
} from './wheel.ts';

/** An event and when it is due, integer nanoseconds; the others are signed 32-bit integers. */
export interface PendingEvent {
  readonly timeNs: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/**
 * Pending events and a clock. Everybody may read the clock and the event that left last, which
 * come first; the rest is the agenda's own.
 */
export interface Agenda extends Wheel {
  /** The clock, integer nanoseconds below 2^53: when the last event left. Never goes back. */
  timeNs: number;
  kind: number;
  a: number;
  b: number;
  /** Time of the first near slot. */
  windowNs: number;
  /** The near slot the clock is at. */
  cursor: number;
}

/** An agenda without its history: the clock, and the events in the order they will leave. */
export interface AgendaImage {
  readonly timeNs: number;
  readonly events: readonly PendingEvent[];
}

/** An agenda without events. Throws RangeError when `timeNs` is not an integer from 0 to 2^53-1. */
export function createAgenda(timeNs = 0): Agenda {
  requireTime(timeNs);
  const windowNs = windowOf(timeNs);
  return {
    timeNs,
    kind: 0,
    a: 0,
    b: 0,
    windowNs,
    cursor: (timeNs - windowNs) | 0,
    words: new Int32Array(NODES + FIRST_NODES * NODE_WORDS),
    farNs: new Float64Array(FIRST_NODES),
    free: 0,
    end: NODES,
  };
}

/**
 * Adds an event. Events of equal time leave in the order they were added. Throws RangeError when
 * the time is past or not an integer below 2^53, or another number is not a signed 32-bit integer.
 */
export function schedule(agenda: Agenda, timeNs: number, kind: number, a: number, b: number): void {
  place(agenda, timeNs - agenda.windowNs, kind, a, b);
}

/** `schedule`, `delayNs` from now; faster, since it needs no large numbers for near times. */
export function scheduleAfter(
  agenda: Agenda,
  delayNs: number,
  kind: number,
  a: number,
  b: number,
): void {
  place(agenda, agenda.cursor + delayNs, kind, a, b);
}

/**
 * Lets the next event leave if it is due by `untilNs`: sets the clock, `kind`, `a` and `b`. False
 * when there is none; then nothing changes.
 */
export function next(agenda: Agenda, untilNs = Number.POSITIVE_INFINITY): boolean {
  let slot = firstNear(agenda.words, agenda.cursor);
  if (slot < 0) {
    if (!refill(agenda, untilNs)) return false;
    slot = agenda.cursor;
  }
  const timeNs = agenda.windowNs + slot;
  if (timeNs > untilNs) return false;
  const { words } = agenda;
  const at = slot << 2;
  agenda.cursor = slot;
  agenda.timeNs = timeNs;
  agenda.kind = words[at + 1];
  agenda.a = words[at + 2];
  agenda.b = words[at + 3];
  if (words[at] === 0) words[NEAR_BITS + (slot >> 5)] &= ~(1 << slot);
  else moveUp(agenda, at);
  return true;
}

/** When the next event is due; Infinity when there is none. */
export function peekTimeNs(agenda: Agenda): number {
  const slot = firstNear(agenda.words, agenda.cursor);
  if (slot >= 0) return agenda.windowNs + slot;
  const far = firstFar(agenda.words);
  return far < 0 ? Number.POSITIVE_INFINITY : earliestFarNs(agenda, far);
}

/** How many events are pending; goes through all of them. */
export const size = (agenda: Agenda): number => save(agenda).events.length;

/** The agenda as plain data, equal for agendas with equal clocks and equal futures. */
export function save(agenda: Agenda): AgendaImage {
  const { words, windowNs, farNs } = agenda;
  const events: PendingEvent[] = [];
  const add = (timeNs: number, node: number): void => {
    events.push({ timeNs, kind: words[node + 1], a: words[node + 2], b: words[node + 3] });
  };
  eachSlot(words, NEAR_BITS, NEAR_BITS_END, slot => {
    const at = slot << 2;
    add(windowNs + slot, at);
    for (let node = words[at]; node !== 0; node = words[node]) add(windowNs + slot, node);
  });
  eachSlot(words, FAR_BITS, FAR_BITS_END, slot => {
    for (let node = words[FAR_FIRST + slot]; node !== 0; node = words[node])
      add(farNs[nodeIndex(node)], node);
  });
  // Stable: events of equal time share a chain and are in their order already.
  events.sort((x, y) => x.timeNs - y.timeNs);
  return { timeNs: agenda.timeNs, events };
}

/** An agenda with the clock and the future of the saved one. Throws RangeError as `schedule`. */
export function restore(image: AgendaImage): Agenda {
  const agenda = createAgenda(image.timeNs);
  for (const { timeNs, kind, a, b } of image.events) schedule(agenda, timeNs, kind, a, b);
  return agenda;
}

/** Adds an event `slot` nanoseconds after the window begins. */
function place(agenda: Agenda, slot: number, kind: number, a: number, b: number): void {
  if ((kind | 0) !== kind || (a | 0) !== a || (b | 0) !== b) throw notWords(kind, a, b);
  if ((slot | 0) !== slot || slot < agenda.cursor || slot >= NEAR_SLOTS) {
    placeFar(agenda, slot, kind, a, b);
    return;
  }
  const { words } = agenda;
  const bits = words[NEAR_BITS + (slot >> 5)];
  const bit = 1 << slot;
  const at = slot << 2;
  if ((bits & bit) !== 0) {
    placeBehind(agenda, slot, kind, a, b);
    return;
  }
  words[NEAR_BITS + (slot >> 5)] = bits | bit;
  words[at + 1] = kind;
  words[at + 2] = a;
  words[at + 3] = b;
}

/** Adds an event to a near slot that has one. */
function placeBehind(agenda: Agenda, slot: number, kind: number, a: number, b: number): void {
  const node = takeNode(agenda, kind, a, b);
  append(agenda.words, slot << 2, NEAR_LAST + slot, node);
}

/** Adds an event that has no near slot; throws when its time is none or past. */
function placeFar(agenda: Agenda, slot: number, kind: number, a: number, b: number): void {
  const timeNs = agenda.windowNs + slot;
  requireTime(timeNs);
  if (timeNs < agenda.timeNs) throw past(timeNs, agenda.timeNs);
  const node = takeNode(agenda, kind, a, b);
  chainFar(agenda, timeNs, node);
}

/** Chains a node at the level of the highest digit in which its time differs from the window's. */
function chainFar(agenda: Agenda, timeNs: number, node: number): void {
  const { words } = agenda;
  let level = 0;
  let digits = Math.floor(timeNs / NEAR_SLOTS);
  let higher = Math.floor(digits / FAR_SLOTS);
  let windowHigher = Math.floor(agenda.windowNs / (NEAR_SLOTS * FAR_SLOTS));
  while (higher !== windowHigher) {
    level++;
    digits = higher;
    higher = Math.floor(digits / FAR_SLOTS);
    windowHigher = Math.floor(windowHigher / FAR_SLOTS);
  }
  const slot = level * FAR_SLOTS + digits - higher * FAR_SLOTS;
  agenda.farNs[nodeIndex(node)] = timeNs;
  words[FAR_BITS + (slot >> 5)] |= 1 << slot;
  append(words, FAR_FIRST + slot, FAR_LAST + slot, node);
}

/**
 * The near wheel is empty: moves window and cursor to the earliest far event and deals out the
 * slot that held it. False when no event is due by `untilNs`; then nothing changes.
 */
function refill(agenda: Agenda, untilNs: number): boolean {
  const { words, farNs } = agenda;
  const far = firstFar(words);
  if (far < 0) return false;
  const earliestNs = earliestFarNs(agenda, far);
  if (earliestNs > untilNs) return false;
  agenda.windowNs = windowOf(earliestNs);
  agenda.cursor = (earliestNs - agenda.windowNs) | 0;
  words[FAR_BITS + (far >> 5)] &= ~(1 << far);
  let link = words[FAR_FIRST + far];
  words[FAR_FIRST + far] = 0;
  while (link !== 0) {
    const node = link;
    link = words[node];
    words[node] = 0;
    const slot = farNs[nodeIndex(node)] - agenda.windowNs;
    if (slot < NEAR_SLOTS) moveNear(agenda, slot, node);
    else chainFar(agenda, farNs[nodeIndex(node)], node);
  }
  return true;
}

/** Puts a node's event in a near slot. */
function moveNear(agenda: Agenda, slot: number, node: number): void {
  const { words } = agenda;
  const bits = words[NEAR_BITS + (slot >> 5)];
  if ((bits & (1 << slot)) !== 0) {
    append(words, slot << 2, NEAR_LAST + slot, node);
    return;
  }
  words[NEAR_BITS + (slot >> 5)] = bits | (1 << slot);
  words[slot << 2] = node;
  moveUp(agenda, slot << 2);
}

/** Moves the first event of a near slot's chain into the slot. */
function moveUp(agenda: Agenda, at: number): void {
  const { words } = agenda;
  const node = words[at];
  words[at] = words[node];
  words[at + 1] = words[node + 1];
  words[at + 2] = words[node + 2];
  words[at + 3] = words[node + 3];
  giveNode(agenda, node);
}

/** Where the window that holds a time begins. */
const windowOf = (timeNs: number): number => Math.floor(timeNs / NEAR_SLOTS) * NEAR_SLOTS;

function requireTime(timeNs: number): void {
  if (!Number.isSafeInteger(timeNs) || timeNs < 0) throw notTime(timeNs);
}

// Apart from the `throw`: optimized code would build the message there before it knows whether it
// is needed, which took 7 % of a run, and 25 % of one with times beyond 32 bits.

const notTime = (timeNs: number): RangeError =>
  new RangeError(`${timeNs} is not a time in whole nanoseconds`);

const past = (timeNs: number, nowNs: number): RangeError =>
  new RangeError(`cannot schedule at ${timeNs} ns: it is ${nowNs} ns already`);

const notWords = (kind: number, a: number, b: number): RangeError =>
  new RangeError(`kind ${kind}, a ${a}, b ${b}: not signed 32-bit integers`);
