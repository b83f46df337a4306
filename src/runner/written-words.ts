import type { TraceRecord } from '../model/record.ts';

/** A record of words that changed. */
export type WriteRecord = Extract<TraceRecord, { act: 'write' }>;

/** Words as the trace left them, and who wrote each last; -1 for one that nobody wrote. */
export interface WrittenWords {
  readonly words: readonly number[];
  readonly writers: readonly number[];
}

/** What the records up to and including `record` left in the place it writes, at least `count` words. */
export function wordsAfter(
  trace: readonly TraceRecord[],
  record: WriteRecord,
  count: number,
): WrittenWords {
  const words: number[] = new Array(count).fill(0);
  const writers: number[] = new Array(count).fill(-1);
  for (let seq = record.seq; seq >= 0; seq--) {
    const one = trace[seq];
    if (one.act !== 'write' || !samePlace(one, record)) continue;
    for (const [i, word] of one.after.entries()) {
      const at = one.first + i;
      if (at >= count || writers[at] >= 0) continue;
      words[at] = word;
      writers[at] = seq;
    }
    if (writers.every(writer => writer >= 0)) break;
  }
  return { words, writers };
}

const samePlace = (a: WriteRecord, b: WriteRecord): boolean =>
  a.unit === b.unit && a.of === b.of && a.at === b.at;
