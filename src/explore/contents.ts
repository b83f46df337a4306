import { copy, equal, hashOf } from './plain.ts';

/** Contents the parts of worlds have had: each is kept once, and known by a number from 0. */
export interface Contents {
  /** The number of a content, given it here for the first time or before. */
  number(part: number, content: unknown): number;
  /** The content behind a number; not to be changed. */
  at(part: number, number: number): unknown;
}

/** A table without contents. */
export function createContents(): Contents {
  const buckets: Map<number, number[]>[] = [];
  const known: unknown[][] = [];
  return {
    number(part, content) {
      buckets[part] ??= new Map();
      known[part] ??= [];
      const hash = hashOf(content);
      const bucket = buckets[part].get(hash) ?? [];
      for (const number of bucket) if (equal(known[part][number], content)) return number;
      const fresh = known[part].length;
      buckets[part].set(hash, [...bucket, fresh]);
      known[part].push(copy(content));
      return fresh;
    },
    at: (part, number) => known[part][number],
  };
}
