import type { Ledger } from '../check/ledger.ts';
import type { State } from '../engine/state.ts';

/** What an exploration goes through: the machine’s state, and what the ledger knows of it. */
export interface World {
  readonly state: State;
  readonly ledger: Ledger;
}

/**
 * A world whose parts say when they are looked at. A part nobody has looked at can’t have changed,
 * and what happens depends on no other parts: the parts looked at are the footprint of an event.
 */
export interface Watched {
  readonly world: World;
  /** Names of the parts, such as `state.apics[0]`, `ledger.entries.0/3`; grows. */
  readonly names: readonly string[];
  /** Contents of the parts, without marking them; undefined where there is nothing. */
  readonly contents: unknown[];
  /** Parts looked at since the marks were last cleared, in the order of the first look. */
  readonly looked: number[];
  /** 1 for each of them. */
  readonly marks: Uint8Array;
  /** The part of this name; one of an open record comes to be where it was not there. */
  partNamed(name: string): number;
}

/** Most parts a world may have. */
export const PARTS_MAX = 1024;

type Holder = Record<string, unknown>;

/** Records and lists with a fixed set of members, each a part of its own. */
const FIXED: readonly RegExp[] = [
  /^(state|ledger)$/,
  /^state\.(apics|stores|domains|descriptors|remap|hypervisor)$/,
  /^state\.domains\[\d+\]$/,
  /^state\.hypervisor\.virtual$/,
];

/** Records whose members come and go, each a part of its own. Everything else is one part. */
const OPEN: readonly RegExp[] = [
  /^ledger\.(vectors|entries|slots|composed|posted|held|enabled|unanswered|used)$/,
  /^state\.hypervisor\.bindings$/,
  /^state\.domains\[\d+\]\.(irqs|messages|last)$/,
];

/** Not a part: no event depends on it. */
const CLOCK = 'state.timeNs';

const isRecord = (value: unknown): value is Holder => typeof value === 'object' && value !== null;
const matches = (patterns: readonly RegExp[], name: string): boolean =>
  patterns.some(pattern => pattern.test(name));

/**
 * Puts a world’s parts behind marks. The given objects are changed, and belong to it from now on.
 * `onPart` is told of every part that comes to be later.
 */
export function watch(world: World, onPart: (part: number) => void): Watched {
  const opens: Parts['opens'] = new Map();
  const watched: Watched = {
    world,
    names: [],
    contents: [],
    looked: [],
    marks: new Uint8Array(PARTS_MAX),
    partNamed: name => partNamed(parts, name),
  };
  const parts: Parts = { watched, onPart: () => {}, opens };
  divideFixed(parts, 'state', world.state as unknown as Holder);
  divideFixed(parts, 'ledger', world.ledger as unknown as Holder);
  parts.onPart = onPart;
  return watched;
}

interface Parts {
  readonly watched: Watched;
  onPart: (part: number) => void;
  /** By the name of an open record: the part of a member. */
  readonly opens: Map<string, (key: string) => number>;
}

function partNamed({ watched, opens }: Parts, name: string): number {
  const known = watched.names.indexOf(name);
  if (known >= 0) return known;
  for (const [open, partOf] of opens)
    if (name.startsWith(`${open}.`)) return partOf(name.slice(open.length + 1));
  throw new Error(`no part is named ${name}`);
}

function newPart({ watched, onPart }: Parts, name: string, content: unknown): number {
  const part = watched.contents.length;
  if (part >= PARTS_MAX) throw new Error(`a world of more than ${PARTS_MAX} parts`);
  (watched.names as string[]).push(name);
  watched.contents.push(content);
  onPart(part);
  return part;
}

function look({ marks, looked }: Watched, part: number): void {
  if (marks[part] === 1) return;
  marks[part] = 1;
  looked.push(part);
}

/** Marks every member; one that is divided itself is replaced member by member. */
function divideFixed(parts: Parts, name: string, whole: Holder): void {
  const { watched } = parts;
  for (const key in whole) {
    const own = Array.isArray(whole) ? `${name}[${key}]` : `${name}.${key}`;
    const value = whole[key];
    if (own === CLOCK) continue;
    const shared = { enumerable: true, configurable: true };
    if (isRecord(value) && matches(FIXED, own)) {
      divideFixed(parts, own, value);
      const set = (other: Holder): void => {
        for (const member in other) value[member] = other[member];
      };
      Object.defineProperty(whole, key, { ...shared, get: () => value, set });
    } else if (isRecord(value) && matches(OPEN, own)) {
      const open = divideOpen(parts, own, value);
      const set = (other: Holder): void => {
        for (const member of Object.keys(open)) if (!(member in other)) delete open[member];
        for (const member in other) open[member] = other[member];
      };
      Object.defineProperty(whole, key, { ...shared, get: () => open, set });
    } else {
      const part = newPart(parts, own, value);
      const get = (): unknown => {
        look(watched, part);
        return watched.contents[part];
      };
      const set = (other: unknown): void => {
        look(watched, part);
        watched.contents[part] = other;
      };
      Object.defineProperty(whole, key, { ...shared, get, set });
    }
  }
}

/** Number-like keys in order of number, before the others in order of text. */
const keyOrder = (a: string, b: string): number => {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  if (!Number.isNaN(x)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** A record that marks a member when it is looked at, and all of them when it is gone through. */
function divideOpen(parts: Parts, name: string, initial: Holder): Holder {
  const { watched } = parts;
  const { contents } = watched;
  const members = new Map<string, number>();
  const partOf = (key: string): number => {
    const known = members.get(key);
    if (known !== undefined) return known;
    const part = newPart(parts, `${name}.${key}`, undefined);
    members.set(key, part);
    return part;
  };
  parts.opens.set(name, partOf);
  const seen = (key: string | symbol): unknown => {
    if (typeof key === 'symbol') return undefined;
    const part = partOf(key);
    look(watched, part);
    return contents[part];
  };
  const put = (key: string | symbol, value: unknown): boolean => {
    if (typeof key === 'symbol') return false;
    const part = partOf(key);
    look(watched, part);
    contents[part] = value;
    return true;
  };
  const open = new Proxy<Holder>(
    {},
    {
      get: (_, key) => seen(key),
      has: (_, key) => seen(key) !== undefined,
      set: (_, key, value) => put(key, value),
      deleteProperty: (_, key) => put(key, undefined),
      ownKeys: () => [...members.keys()].filter(key => seen(key) !== undefined).sort(keyOrder),
      getOwnPropertyDescriptor: (_, key) => {
        const value = seen(key);
        if (value === undefined) return undefined;
        return { value, enumerable: true, configurable: true, writable: true };
      },
    },
  );
  for (const key in initial) open[key] = initial[key];
  return open;
}

/** Forgets which parts were looked at. */
export function clearMarks({ looked, marks }: Watched): void {
  for (const part of looked) marks[part] = 0;
  looked.length = 0;
}
