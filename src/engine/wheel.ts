/*
 * What a hierarchical timing wheel is made of, in one array of words.
 *
 * The near wheel has a slot for each nanosecond of the window the clock is in; a slot holds its
 * first event itself and chains the others. A far level has 1024 slots, each as wide as all of
 * the level below. An event waits at the level of the highest digit in which its time differs
 * from the window's. So events of equal time always share a slot, in the order they came, and all
 * events of a level precede those of the levels above.
 *
 * A node is four words: link, kind, a, b. The near slots are nodes, and so is whatever waits
 * elsewhere. Link 0 ends a chain, as the node at 0 is a near slot, which nothing links to. Where
 * a chain ends is kept apart from it.
 *
 * The near slot in use that comes first is found by going through the occupancy words: at most
 * 256 of them where events are sparse. Where they are dense (`npm run bench P1`), a second level
 * of bits costs 4 %, and a wheel of half the size 5 %.
 */

export const NEAR_SLOTS = 8192;
export const FAR_SLOTS = 1024;
/** With the near wheel, 53 bits of time. */
const FAR_LEVELS = 4;
export const NODE_WORDS = 4;
export const FIRST_NODES = 64;

/** Occupancy bits of the near slots; the near slots themselves are at 0. */
export const NEAR_BITS = NEAR_SLOTS * NODE_WORDS;
export const NEAR_BITS_END = NEAR_BITS + NEAR_SLOTS / 32;
/** Occupancy bits of the far slots, level by level. */
export const FAR_BITS = NEAR_BITS_END;
export const FAR_BITS_END = FAR_BITS + (FAR_LEVELS * FAR_SLOTS) / 32;
/** Links to the first node of each far slot, level by level. */
export const FAR_FIRST = FAR_BITS_END;
const FAR_FIRST_END = FAR_FIRST + FAR_LEVELS * FAR_SLOTS;
/** Last nodes of the chains of the near slots. */
export const NEAR_LAST = FAR_FIRST_END;
/** Last nodes of the far slots, level by level. */
export const FAR_LAST = NEAR_LAST + NEAR_SLOTS;
/** Nodes for events that have no near slot to themselves. */
export const NODES = FAR_LAST + FAR_LEVELS * FAR_SLOTS;

/** The words of an agenda, and what is known about them. */
export interface Wheel {
  words: Int32Array;
  /** Times of the nodes in far slots, by node index. */
  farNs: Float64Array;
  /** First of the nodes that were given back, linked; 0 when there is none. */
  free: number;
  /** Where the nodes end that were ever taken. */
  end: number;
}

/** Position of a node's time in `farNs`. */
export const nodeIndex = (node: number): number => (node - NODES) >> 2;

/** A node that holds an event and links to nothing. May replace `wheel.words`. */
export function takeNode(wheel: Wheel, kind: number, a: number, b: number): number {
  const node = wheel.free === 0 ? newNode(wheel) : wheel.free;
  const { words } = wheel;
  wheel.free = words[node];
  words[node] = 0;
  words[node + 1] = kind;
  words[node + 2] = a;
  words[node + 3] = b;
  return node;
}

/** Takes back a node. */
export function giveNode(wheel: Wheel, node: number): void {
  wheel.words[node] = wheel.free;
  wheel.free = node;
}

/** A node that was never taken; it links to nothing. */
function newNode(wheel: Wheel): number {
  const node = wheel.end;
  wheel.end += NODE_WORDS;
  if (wheel.end > wheel.words.length) grow(wheel);
  return node;
}

/** Makes room for twice as many nodes. */
function grow(wheel: Wheel): void {
  const { words, farNs } = wheel;
  wheel.words = new Int32Array(words.length + farNs.length * NODE_WORDS);
  wheel.words.set(words);
  wheel.farNs = new Float64Array(farNs.length * 2);
  wheel.farNs.set(farNs);
}

/** Adds a node to the end of the chain that starts with the link at `first`. */
export function append(words: Int32Array, first: number, last: number, node: number): void {
  if (words[first] === 0) words[first] = node;
  else words[words[last]] = node;
  words[last] = node;
}

/** The first near slot in use, none being in use before `from`; -1 when there is none. */
export function firstNear(words: Int32Array, from: number): number {
  let at = NEAR_BITS + (from >> 5);
  let bits = words[at];
  while (bits === 0) {
    at++;
    if (at === NEAR_BITS_END) return -1;
    bits = words[at];
  }
  return ((at - NEAR_BITS) << 5) + 31 - Math.clz32(bits & -bits);
}

/** Visits the slots whose bits are set between two words, in order, counted from the first word. */
export function eachSlot(
  words: Int32Array,
  from: number,
  end: number,
  visit: (slot: number) => void,
): void {
  for (let at = from; at < end; at++)
    for (let bits = words[at]; bits !== 0; bits &= bits - 1)
      visit(((at - from) << 5) + 31 - Math.clz32(bits & -bits));
}

/** The first far slot in use, counted from the first of the lowest level; -1 when there is none. */
export function firstFar(words: Int32Array): number {
  for (let at = FAR_BITS; at < FAR_BITS_END; at++) {
    const bits = words[at];
    if (bits !== 0) return ((at - FAR_BITS) << 5) + 31 - Math.clz32(bits & -bits);
  }
  return -1;
}

/** Earliest time in a far slot; Infinity when it is empty. */
export function earliestFarNs(wheel: Wheel, slot: number): number {
  const { words, farNs } = wheel;
  let earliestNs = Number.POSITIVE_INFINITY;
  for (let node = words[FAR_FIRST + slot]; node !== 0; node = words[node])
    earliestNs = Math.min(earliestNs, farNs[nodeIndex(node)]);
  return earliestNs;
}
