import type { Out } from '../model/out.ts';
import type { Happening } from '../model/record.ts';

/** One thing that happened, without its reasons. */
export interface Fact {
  readonly seq: number;
  readonly timeNs: number;
  /** Realm, device or unit that acts. */
  readonly actor: string;
  readonly what: Happening;
}

/** Keeps the latest facts of a run of any length: a trace that costs little. */
export interface Ring {
  readonly out: Out;
  /** What is kept, oldest first. */
  readonly facts: () => Fact[];
}

/** A ring that keeps the latest `size` facts. Throws RangeError unless that is a number from 1. */
export function createRing(size: number): Ring {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`a ring of ${size} facts`);
  const timesNs = new Float64Array(size);
  const actors: string[] = [];
  const happenings: Happening[] = [];
  let seq = 0;
  let place = 0;
  let timeNs = 0;
  const factAt = (number: number): Fact => {
    const at = number % size;
    return { seq: number, timeNs: timesNs[at], actor: actors[at], what: happenings[at] };
  };
  return {
    out: {
      level: 'facts',
      emit: (actor, what) => {
        timesNs[place] = timeNs;
        actors[place] = actor;
        happenings[place] = what;
        seq++;
        place = place + 1 === size ? 0 : place + 1;
      },
      at: ns => {
        timeNs = ns;
      },
      follow: () => -1,
      back: () => {},
      mark: () => {},
      resume: () => {},
    },
    facts: () => happenings.map((_, i) => factAt(seq - happenings.length + i)),
  };
}
