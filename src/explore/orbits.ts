import type { Event } from '../engine/env.ts';
import type { Effect } from './driver.ts';
import type { Swap } from './swaps.ts';

/** Worlds that are the same but for names, found out by going all ways side by side. */
export interface Orbits {
  /** Keeps what an event does beside what its images do. Throws `NotSymmetric` where they differ. */
  learn(vector: Uint32Array, event: Event, ways: readonly Effect[]): void;
  /** Checks that what may happen in the images of a world are the images of what may happen in it. */
  compare(vector: Uint32Array, events: readonly Event[]): void;
  /** The world that stands for one and all its images, and the swaps that lead there. */
  representative(vector: Uint32Array): Representative;
}

export interface Representative {
  readonly vector: Uint32Array;
  /** Swaps that lead to it, one after another. */
  readonly swaps: readonly number[];
}

/** What orbits need to know of the worlds they are about. */
export interface Worlds {
  readonly first: Uint32Array;
  width(): number;
  nameOf(part: number): string;
  /** The part of this name, which comes to be where it was not there. */
  partNamed(name: string): number;
  events(vector: Uint32Array): readonly Event[];
  effects(vector: Uint32Array, event: Event): readonly Effect[];
}

/** A swap that looked sound is not: the worlds behave differently. */
export interface NotSymmetric extends Error {
  readonly notSymmetric: true;
}

const notSymmetric = (message: string): NotSymmetric =>
  Object.assign(new Error(message), { notSymmetric: true as const });

export const isNotSymmetric = (error: unknown): error is NotSymmetric =>
  error instanceof Error && 'notSymmetric' in error;

const UNKNOWN = -1;

/** One swap: where each part goes, and what each of its contents becomes there. */
interface Image {
  readonly swap: Swap;
  readonly parts: number[];
  /** By part, by number. */
  readonly numbers: number[][];
}

/**
 * Nothing here knows what contents mean. The image of a content is learned: where an event makes a
 * part have it, the image of the event makes the image of the part have its image.
 */
export function createOrbits(swaps: readonly Swap[], worlds: Worlds): Orbits {
  const images = swaps.map((swap): Image => ({ swap, parts: [], numbers: [] }));
  const partOf = (image: Image, part: number): number => {
    image.parts[part] ??= worlds.partNamed(image.swap.part(worlds.nameOf(part)));
    return image.parts[part];
  };
  const keep = (image: Image, part: number, number: number, other: number): void => {
    image.numbers[part] ??= [];
    const known = image.numbers[part][number] ?? UNKNOWN;
    if (known === UNKNOWN) image.numbers[part][number] = other;
    else if (known !== other)
      throw notSymmetric(`two images of one content of ${worlds.nameOf(part)}`);
  };
  const pair = (image: Image, part: number, number: number, other: number): void => {
    keep(image, part, number, other);
    keep(image, partOf(image, part), other, number);
  };
  const numberOf = (image: Image, part: number, number: number): number => {
    if (number === worlds.first[part]) pair(image, part, number, worlds.first[partOf(image, part)]);
    const other = image.numbers[part]?.[number] ?? UNKNOWN;
    if (other === UNKNOWN) throw notSymmetric(`a content of ${worlds.nameOf(part)} has no image`);
    return other;
  };
  const imageOf = (image: Image, vector: Uint32Array): Uint32Array => {
    const result = new Uint32Array(vector.length);
    for (let part = 0; part < worlds.width(); part++)
      result[partOf(image, part)] = numberOf(image, part, vector[part]);
    return result;
  };

  return {
    learn(vector, event, ways) {
      for (const image of images) {
        const others = worlds.effects(imageOf(image, vector), image.swap.event(event));
        if (others.length !== ways.length)
          throw notSymmetric('an event goes more ways than its image');
        for (const [i, way] of ways.entries()) match(image, way, others[i]);
      }
    },
    compare(vector, events) {
      for (const image of images) {
        const mapped = events.map(image.swap.event).map(eventKey).sort().join();
        const others = worlds.events(imageOf(image, vector)).map(eventKey).sort().join();
        if (mapped !== others) throw notSymmetric('other events may happen in an image');
      }
    },
    representative(vector) {
      let least = vector;
      const taken: number[] = [];
      for (let changed = true; changed; ) {
        changed = false;
        for (const [i, image] of images.entries()) {
          const other = imageOf(image, least);
          if (!isLess(other, least, worlds.width())) continue;
          least = other;
          taken.push(i);
          changed = true;
        }
      }
      return { vector: least, swaps: taken };
    },
  };

  function match(image: Image, way: Effect, other: Effect): void {
    if (way.changes.length !== other.changes.length || !sameFindings(way, other))
      throw notSymmetric('an event does something else than its image');
    for (let i = 0; i < way.changes.length; i += 2) {
      const part = partOf(image, way.changes[i]);
      const at = indexOfPart(other.changes, part);
      if (at < 0) throw notSymmetric(`an event leaves ${worlds.nameOf(part)} alone`);
      pair(image, way.changes[i], way.changes[i + 1], other.changes[at + 1]);
    }
  }
}

const eventKey = ({ kind, of }: Event): string => `${kind} ${of}`;

const sameFindings = (a: Effect, b: Effect): boolean =>
  a.seen.findings.length === b.seen.findings.length &&
  a.seen.findings.every(({ rule }, i) => rule === b.seen.findings[i].rule);

function indexOfPart(changes: readonly number[], part: number): number {
  for (let i = 0; i < changes.length; i += 2) if (changes[i] === part) return i;
  return -1;
}

function isLess(a: Uint32Array, b: Uint32Array, width: number): boolean {
  for (let i = 0; i < width; i++) if (a[i] !== b[i]) return a[i] < b[i];
  return false;
}
