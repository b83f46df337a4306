import {
  append,
  chained,
  earliestFarNs,
  FAR_BITS,
  FAR_CHAINS,
  FAR_SLOTS,
  FIRST_NODES,
  firstFar,
  firstNear,
  freshNode,
  giveNode,
  NEAR_BITS,
  NEAR_SLOTS,
  NODE_WORDS,
  NODES,
  nodeIndex,
  takeNode,
  type Wheel,
} from './wheel.ts';

/** An event and when it is due, integer nanoseconds; the others are signed 32-bit numbers. */
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
  const cursor = (timeNs % NEAR_SLOTS) | 0;
  return {
    timeNs,
    kind: 0,
    a: 0,
    b: 0,
    windowNs: timeNs - cursor,
    cursor,
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
  else unchain(agenda, at);
  return true;
}

/** When the next event is due; Infinity when there is none. */
export function peekTimeNs(agenda: Agenda): number {
  const slot = firstNear(agenda.words, agenda.cursor);
  if (slot >= 0) return agenda.windowNs + slot;
  const far = firstFar(agenda.words);
  return far < 0 ? Number.POSITIVE_INFINITY : earliestFarNs(agenda, far);
}

/** The agenda as plain data, equal for agendas with equal clocks and equal futures. */
export function save(agenda: Agenda): AgendaImage {
  const { words, windowNs, farNs } = agenda;
  const events: PendingEvent[] = [];
  const add = (timeNs: number, at: number): void => {
    events.push({ timeNs, kind: words[at + 1], a: words[at + 2], b: words[at + 3] });
  };
  for (let slot = 0; slot < NEAR_SLOTS; slot++) {
    if ((words[NEAR_BITS + (slot >> 5)] & (1 << slot)) === 0) continue;
    add(windowNs + slot, slot * NODE_WORDS);
    for (const node of chained(words, slot * NODE_WORDS)) add(windowNs + slot, node);
  }
  for (let chain = FAR_CHAINS; chain < NODES; chain++)
    for (const node of chained(words, chain)) add(farNs[nodeIndex(node)], node);
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
    placeBehind(agenda, at, kind, a, b);
    return;
  }
  words[NEAR_BITS + (slot >> 5)] = bits | bit;
  words[at + 1] = kind;
  words[at + 2] = a;
  words[at + 3] = b;
}

/** Adds an event to a near slot that has one. */
function placeBehind(agenda: Agenda, at: number, kind: number, a: number, b: number): void {
  const node = agenda.free === 0 ? freshNode(agenda) : agenda.free;
  const { words } = agenda;
  agenda.free = words[node];
  words[node + 1] = kind;
  words[node + 2] = a;
  words[node + 3] = b;
  const last = words[at];
  words[at] = node;
  if (last === 0) words[node] = node;
  else {
    words[node] = words[last];
    words[last] = node;
  }
}

/** Adds an event that has no near slot, or throws when its time is none. */
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
  append(words, FAR_CHAINS + slot, node);
}

/**
 * The near wheel is empty: moves window and cursor to the earliest far event and deals out its
 * chain. False when no event is due by `untilNs`; then nothing changes.
 */
function refill(agenda: Agenda, untilNs: number): boolean {
  const { words, farNs } = agenda;
  const far = firstFar(words);
  if (far < 0) return false;
  const earliestNs = earliestFarNs(agenda, far);
  if (earliestNs > untilNs) return false;
  agenda.cursor = (earliestNs % NEAR_SLOTS) | 0;
  agenda.windowNs = earliestNs - agenda.cursor;
  const last = words[FAR_CHAINS + far];
  words[FAR_CHAINS + far] = 0;
  words[FAR_BITS + (far >> 5)] &= ~(1 << far);
  let link = words[last];
  let node = 0;
  while (node !== last) {
    node = link;
    link = words[node];
    const slot = farNs[nodeIndex(node)] - agenda.windowNs;
    if (slot < NEAR_SLOTS) moveNear(agenda, slot, node);
    else chainFar(agenda, farNs[nodeIndex(node)], node);
  }
  return true;
}

/** Moves a node's event to a near slot. */
function moveNear(agenda: Agenda, slot: number, node: number): void {
  const { words } = agenda;
  const bits = words[NEAR_BITS + (slot >> 5)];
  if ((bits & (1 << slot)) !== 0) {
    append(words, slot * NODE_WORDS, node);
    return;
  }
  words[NEAR_BITS + (slot >> 5)] = bits | (1 << slot);
  giveNode(agenda, node, slot * NODE_WORDS);
}

/** Moves the first event of a near slot's chain into the slot. */
function unchain(agenda: Agenda, at: number): void {
  const { words } = agenda;
  const last = words[at];
  const first = words[last];
  const second = words[first];
  words[at + 1] = words[first + 1];
  words[at + 2] = words[first + 2];
  words[at + 3] = words[first + 3];
  words[first] = agenda.free;
  agenda.free = first;
  if (first === last) words[at] = 0;
  else words[last] = second;
}

function requireTime(timeNs: number): void {
  if (!Number.isSafeInteger(timeNs) || timeNs < 0) throw notTime(timeNs);
}

// Messages are made here because V8 makes those in the throw statement of a hot function always.

const notTime = (timeNs: number): RangeError =>
  new RangeError(`${timeNs} is not a time in whole nanoseconds`);

const past = (timeNs: number, nowNs: number): RangeError =>
  new RangeError(`cannot schedule at ${timeNs} ns: it is ${nowNs} ns already`);

const notWords = (kind: number, a: number, b: number): RangeError =>
  new RangeError(`kind ${kind}, a ${a}, b ${b}: not signed 32-bit integers`);
