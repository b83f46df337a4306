import { lowestBit } from '../bits/word.ts';

/*
 * The pending events: a hierarchical timing wheel in two typed arrays.
 *
 * The near wheel has a slot for each nanosecond of the window the clock is in. A slot holds its
 * first event itself and chains the others. A far level has 32 slots, each 32 times as wide as
 * those of the level below. An event waits at the level of the highest digit in which its time
 * differs from the window; so events of equal time always share a slot, in the order they came,
 * and all events of a level precede those of the levels above. When the near wheel is empty, the
 * window jumps to the earliest far event and the slot that held it is dealt out again.
 *
 * A chain is circular and known by its last node. A node is four words: the next node, kind, a
 * and b; node 0 does not exist and stands for none. Plain reads and writes of one array, without
 * a summary of the occupancy words, measured fastest (test/bench).
 */

const NEAR_SLOTS = 4096;
const FAR_SLOTS = 32;
const FAR_LEVELS = 9;
const NODE_WORDS = 4;
const FIRST_NODES = 64;

/** Where things are in `words`; a near slot is a node whose link is its chain. */
const NEAR_BITS = 0;
const NEAR_BIT_WORDS = NEAR_SLOTS / 32;
const FAR_BITS = NEAR_BITS + NEAR_BIT_WORDS;
const FAR_CHAINS = FAR_BITS + FAR_LEVELS;
const NEAR = FAR_CHAINS + FAR_LEVELS * FAR_SLOTS;
const NODES = NEAR + NEAR_SLOTS * NODE_WORDS;

/** An event and when it is due: `kind`, `a` and `b` are signed 32-bit numbers. */
export interface PendingEvent {
  readonly timeNs: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/** Pending events and the clock. The first four fields are the event that left last. */
export interface Agenda {
  /** The clock: integer nanoseconds, 0 to 2^53 - 1; never goes back. */
  timeNs: number;
  kind: number;
  a: number;
  b: number;
  /** Time of the near wheel's first slot. */
  windowNs: number;
  /** The near slot the clock is at. */
  cursor: number;
  words: Int32Array;
  /** Times of the nodes that wait at a far level. */
  farNs: Float64Array;
  /** First of the nodes given back; linked. */
  free: number;
  /** First word no node ever had. */
  end: number;
}

/** What an agenda is, without its history: the clock, and the events in the order they leave. */
export interface AgendaImage {
  readonly timeNs: number;
  readonly events: readonly PendingEvent[];
}

/** An agenda without events; the clock stands at `timeNs`. */
export function createAgenda(timeNs = 0): Agenda {
  if (!isTime(timeNs)) throw new RangeError(`not a time: ${timeNs} ns`);
  const cursor = timeNs % NEAR_SLOTS;
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
 * Adds an event. Events of equal time leave in the order they were scheduled. Throws RangeError
 * when the time is past or not an integer of nanoseconds, or a number is out of its range.
 */
export function schedule(agenda: Agenda, timeNs: number, kind: number, a: number, b: number): void {
  place(agenda, timeNs - agenda.windowNs, kind, a, b);
}

/** `schedule`, `delayNs` from now. Cheaper: near times stay small integers. */
export function scheduleAfter(
  agenda: Agenda,
  delayNs: number,
  kind: number,
  a: number,
  b: number,
): void {
  place(agenda, agenda.cursor + delayNs, kind, a, b);
}

/** Adds an event `slot` nanoseconds after the window began. */
function place(agenda: Agenda, slot: number, kind: number, a: number, b: number): void {
  if ((kind | 0) !== kind || (a | 0) !== a || (b | 0) !== b)
    throw new RangeError(`not 32-bit integers: kind ${kind}, a ${a}, b ${b}`);
  if ((slot | 0) !== slot || slot < agenda.cursor || slot >= NEAR_SLOTS) {
    placeFar(agenda, agenda.windowNs + slot, takeNode(agenda, kind, a, b));
    return;
  }
  const { words } = agenda;
  const bits = words[NEAR_BITS + (slot >> 5)];
  const bit = 1 << slot;
  const at = (NEAR + slot * NODE_WORDS) | 0;
  if ((bits & bit) !== 0) {
    const node = takeNode(agenda, kind, a, b);
    append(agenda.words, at, node);
    return;
  }
  words[NEAR_BITS + (slot >> 5)] = bits | bit;
  words[(at + 1) | 0] = kind;
  words[(at + 2) | 0] = a;
  words[(at + 3) | 0] = b;
}

/**
 * Lets the next event leave, if it is due at `untilNs` or before: sets the clock, `kind`, `a` and
 * `b`. False, and nothing changes, when there is none.
 */
export function next(agenda: Agenda, untilNs = Number.POSITIVE_INFINITY): boolean {
  let slot = firstNear(agenda.words, agenda.cursor);
  if (slot < 0) {
    if (!refill(agenda, untilNs)) return false;
    slot = firstNear(agenda.words, agenda.cursor);
  }
  const timeNs = agenda.windowNs + slot;
  if (timeNs > untilNs) return false;
  const { words } = agenda;
  const at = (NEAR + slot * NODE_WORDS) | 0;
  agenda.cursor = slot;
  agenda.timeNs = timeNs;
  agenda.kind = words[(at + 1) | 0];
  agenda.a = words[(at + 2) | 0];
  agenda.b = words[(at + 3) | 0];
  if (words[at] !== 0) unchain(agenda, at);
  else words[NEAR_BITS + (slot >> 5)] &= ~(1 << slot);
  return true;
}

/** When the next event is due; Infinity when there is none. */
export function peekTimeNs(agenda: Agenda): number {
  const slot = firstNear(agenda.words, agenda.cursor);
  return slot < 0 ? earliestFarNs(agenda, firstFar(agenda.words)) : agenda.windowNs + slot;
}

/** How many events are pending; walks them all. */
export function size(agenda: Agenda): number {
  return save(agenda).events.length;
}

/** The agenda as plain data, equal for agendas that have the same clock and the same future. */
export function save(agenda: Agenda): AgendaImage {
  const { words, windowNs, farNs } = agenda;
  const events: PendingEvent[] = [];
  const add = (timeNs: number, at: number) =>
    events.push({ timeNs, kind: words[at + 1], a: words[at + 2], b: words[at + 3] });
  for (let slot = firstNear(words, 0); slot >= 0; slot = firstNear(words, slot + 1)) {
    const at = NEAR + slot * NODE_WORDS;
    add(windowNs + slot, at);
    for (const node of chained(words, at)) add(windowNs + slot, node);
  }
  for (let chain = FAR_CHAINS; chain < NEAR; chain++)
    for (const node of chained(words, chain)) add(farNs[nodeIndex(node)], node);
  // Events of equal time share a chain, so a stable sort keeps their order.
  events.sort((x, y) => x.timeNs - y.timeNs);
  return { timeNs: agenda.timeNs, events };
}

/** An agenda with the future of the saved one. Throws RangeError as `schedule` does. */
export function restore(image: AgendaImage): Agenda {
  const agenda = createAgenda(image.timeNs);
  for (const { timeNs, kind, a, b } of image.events) schedule(agenda, timeNs, kind, a, b);
  return agenda;
}

/** The first near slot at or after `from` that holds an event; -1 when there is none. */
function firstNear(words: Int32Array, from: number): number {
  if (from >= NEAR_SLOTS) return -1;
  let index = from >> 5;
  let bits = words[NEAR_BITS + index] & (-1 << from);
  while (bits === 0) {
    index++;
    if (index === NEAR_BIT_WORDS) return -1;
    bits = words[NEAR_BITS + index];
  }
  return index * 32 + lowestBit(bits);
}

/** The chain of the earliest far slot that holds an event; 0 when there is none. */
function firstFar(words: Int32Array): number {
  for (let level = 0; level < FAR_LEVELS; level++) {
    const bits = words[FAR_BITS + level];
    if (bits !== 0) return FAR_CHAINS + level * FAR_SLOTS + lowestBit(bits);
  }
  return 0;
}

/** Earliest time in a far chain; Infinity when it is empty. */
function earliestFarNs(agenda: Agenda, chain: number): number {
  const { words, farNs } = agenda;
  const last = words[chain];
  let earliestNs = Number.POSITIVE_INFINITY;
  if (last === 0) return earliestNs;
  let node = last;
  do {
    node = words[node];
    earliestNs = Math.min(earliestNs, farNs[nodeIndex(node)]);
  } while (node !== last);
  return earliestNs;
}

/**
 * The near wheel is empty: moves the window to the earliest far event and deals out the slot that
 * held it. False, and nothing changes, when no event is due at `untilNs` or before.
 */
function refill(agenda: Agenda, untilNs: number): boolean {
  const { words, farNs } = agenda;
  const chain = firstFar(words);
  const earliestNs = earliestFarNs(agenda, chain);
  if (chain === 0 || earliestNs > untilNs) return false;
  const index = chain - FAR_CHAINS;
  words[FAR_BITS + Math.floor(index / FAR_SLOTS)] &= ~(1 << (index % FAR_SLOTS));
  const last = words[chain];
  words[chain] = 0;
  agenda.cursor = earliestNs % NEAR_SLOTS;
  agenda.windowNs = earliestNs - agenda.cursor;
  let node = words[last];
  for (;;) {
    const after = words[node];
    placeNode(agenda, farNs[nodeIndex(node)], node);
    if (node === last) return true;
    node = after;
  }
}

/** Puts a node where its time belongs, seen from the window. */
function placeNode(agenda: Agenda, timeNs: number, node: number): void {
  const { words } = agenda;
  const slot = timeNs - agenda.windowNs;
  if (slot >= NEAR_SLOTS) {
    placeFar(agenda, timeNs, node);
    return;
  }
  const bits = words[NEAR_BITS + (slot >> 5)];
  const bit = 1 << slot;
  const at = NEAR + slot * NODE_WORDS;
  if ((bits & bit) !== 0) {
    append(words, at, node);
    return;
  }
  words[NEAR_BITS + (slot >> 5)] = bits | bit;
  movePayload(words, node, at);
  giveBack(agenda, node);
}

/** Chains a node at the far level of the highest digit in which its time differs from the window. */
function placeFar(agenda: Agenda, timeNs: number, node: number): void {
  const { words } = agenda;
  let level = 0;
  let digits = Math.floor(timeNs / NEAR_SLOTS);
  let windowDigits = Math.floor(agenda.windowNs / NEAR_SLOTS);
  let higher = Math.floor(digits / FAR_SLOTS);
  while (higher !== Math.floor(windowDigits / FAR_SLOTS)) {
    level++;
    digits = higher;
    windowDigits = Math.floor(windowDigits / FAR_SLOTS);
    higher = Math.floor(digits / FAR_SLOTS);
  }
  const slot = digits - higher * FAR_SLOTS;
  agenda.farNs[nodeIndex(node)] = timeNs;
  words[FAR_BITS + level] |= 1 << slot;
  append(words, FAR_CHAINS + level * FAR_SLOTS + slot, node);
}

const isTime = (timeNs: number): boolean => Number.isSafeInteger(timeNs) && timeNs >= 0;

const nodeIndex = (node: number): number => ((node - NODES) / NODE_WORDS) | 0;

/** A node that holds an event and is in no chain. May replace `agenda.words`. */
function takeNode(agenda: Agenda, kind: number, a: number, b: number): number {
  let node = agenda.free;
  if (node !== 0) agenda.free = agenda.words[node];
  else {
    node = agenda.end;
    agenda.end += NODE_WORDS;
    if (agenda.end > agenda.words.length) grow(agenda);
  }
  const { words } = agenda;
  words[node + 1] = kind;
  words[node + 2] = a;
  words[node + 3] = b;
  return node;
}

function giveBack(agenda: Agenda, node: number): void {
  agenda.words[node] = agenda.free;
  agenda.free = node;
}

/** Makes room for twice as many nodes. */
function grow(agenda: Agenda): void {
  const { words, farNs } = agenda;
  agenda.words = new Int32Array(words.length + farNs.length * NODE_WORDS);
  agenda.words.set(words);
  agenda.farNs = new Float64Array(farNs.length * 2);
  agenda.farNs.set(farNs);
}

/** Adds a node to the end of a chain. */
function append(words: Int32Array, chain: number, node: number): void {
  const last = words[chain];
  if (last === 0) words[node] = node;
  else {
    words[node] = words[last];
    words[last] = node;
  }
  words[chain] = node;
}

/** Moves the first event of a near slot's chain into the slot. */
function unchain(agenda: Agenda, at: number): void {
  const { words } = agenda;
  const last = words[at];
  const node = words[last];
  movePayload(words, node, at);
  if (node === last) words[at] = 0;
  else words[last] = words[node];
  giveBack(agenda, node);
}

function movePayload(words: Int32Array, from: number, to: number): void {
  words[to + 1] = words[from + 1];
  words[to + 2] = words[from + 2];
  words[to + 3] = words[from + 3];
}

/** The nodes of a chain, first to last. */
function chained(words: Int32Array, chain: number): number[] {
  const nodes: number[] = [];
  const last = words[chain];
  for (let node = last; last !== 0 && (nodes.length === 0 || node !== last); ) {
    node = words[node];
    nodes.push(node);
  }
  return nodes;
}
