import { lowestBit } from '../bits/word.ts';

/*
 * What a hierarchical timing wheel is made of, in one array of words.
 *
 * The near wheel has a slot for each nanosecond of the window the clock is in; a slot holds its
 * first event itself and chains the others. A far level has 32 slots, each as wide as all of the
 * level below. An event waits at the level of the highest digit in which its time differs from
 * the window's. So events of equal time always share a slot, in the order they came, and all
 * events of a level precede those of the levels above.
 *
 * A node is four words: link, kind, a, b. The near slots are nodes, and so is whatever waits
 * elsewhere. A chain is circular and known by its last node; 0 stands for an empty one, as the
 * node at 0 is a near slot and never chained. The first near slot in use is found by going through
 * the bits: a second level of bits costs more in the dense case than it saves in the sparse one,
 * and a wheel of 2048 slots is slower, of 8192 hardly faster (`npm run bench`, P1).
 */

export const NEAR_SLOTS = 8192;
export const FAR_SLOTS = 1024;
/** Enough for 53 bits of time. */
const FAR_LEVELS = 4;
export const NODE_WORDS = 4;
export const FIRST_NODES = 64;

/** Where the occupancy bits of the near slots begin; the near slots themselves are at 0. */
export const NEAR_BITS = NEAR_SLOTS * NODE_WORDS;
const NEAR_BITS_END = NEAR_BITS + NEAR_SLOTS / 32;
/** Occupancy bits of the far slots, level by level. */
export const FAR_BITS = NEAR_BITS_END;
/** Chains of the far slots, level by level. */
export const FAR_CHAINS = FAR_BITS + (FAR_LEVELS * FAR_SLOTS) / 32;
/** Nodes for events that have no near slot to themselves. */
export const NODES = FAR_CHAINS + FAR_LEVELS * FAR_SLOTS;

/** The words of an agenda, and what is known about them. */
export interface Wheel {
  words: Int32Array;
  /** Times of the nodes in far chains, by node index. */
  farNs: Float64Array;
  /** First of the nodes that were given back, linked; 0 when there is none. */
  free: number;
  /** Where the nodes end that were ever taken. */
  end: number;
}

/** Position of a node's time in `farNs`. */
export const nodeIndex = (node: number): number => (node - NODES) >> 2;

/** A node that holds an event and is in no chain. May replace `wheel.words`. */
export function takeNode(wheel: Wheel, kind: number, a: number, b: number): number {
  let node = wheel.free;
  if (node !== 0) wheel.free = wheel.words[node];
  else {
    node = wheel.end;
    wheel.end += NODE_WORDS;
    if (wheel.end > wheel.words.length) grow(wheel);
  }
  const { words } = wheel;
  words[node + 1] = kind;
  words[node + 2] = a;
  words[node + 3] = b;
  return node;
}

/** Moves a node's event to the near slot at `to`; the node is free. */
export function giveNode(wheel: Wheel, node: number, to: number): void {
  const { words } = wheel;
  words[to + 1] = words[node + 1];
  words[to + 2] = words[node + 2];
  words[to + 3] = words[node + 3];
  words[node] = wheel.free;
  wheel.free = node;
}

/** Makes room for twice as many nodes. */
function grow(wheel: Wheel): void {
  const { words, farNs } = wheel;
  wheel.words = new Int32Array(words.length + farNs.length * NODE_WORDS);
  wheel.words.set(words);
  wheel.farNs = new Float64Array(farNs.length * 2);
  wheel.farNs.set(farNs);
}

/** Adds a node to the end of a chain. */
export function append(words: Int32Array, chain: number, node: number): void {
  const last = words[chain];
  if (last === 0) words[node] = node;
  else {
    words[node] = words[last];
    words[last] = node;
  }
  words[chain] = node;
}

/** The nodes of a chain, first to last. */
export function chained(words: Int32Array, chain: number): number[] {
  const nodes: number[] = [];
  const last = words[chain];
  for (let node = last; nodes.length === 0 ? last !== 0 : node !== last; ) {
    node = words[node];
    nodes.push(node);
  }
  return nodes;
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

/** The first far slot in use, counted from the first of the lowest level; -1 when there is none. */
export function firstFar(words: Int32Array): number {
  for (let at = FAR_BITS; at < FAR_CHAINS; at++) {
    const bits = words[at];
    if (bits !== 0) return (at - FAR_BITS) * 32 + lowestBit(bits);
  }
  return -1;
}

/** Earliest time in a far slot that is in use. */
export function earliestFarNs(wheel: Wheel, slot: number): number {
  const { words, farNs } = wheel;
  const last = words[FAR_CHAINS + slot];
  let node = words[last];
  let earliestNs = farNs[nodeIndex(node)];
  while (node !== last) {
    node = words[node];
    earliestNs = Math.min(earliestNs, farNs[nodeIndex(node)]);
  }
  return earliestNs;
}

export function freshNode(wheel: Wheel): number {
  const node = wheel.end;
  wheel.end += NODE_WORDS;
  if (wheel.end > wheel.words.length) grow(wheel);
  return node;
}
