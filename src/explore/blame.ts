import type { Fate } from './fate.ts';

/** How messages of one kind ended. */
export interface BlameRow {
  readonly kind: string;
  /** The rule that stopped them, or `delivered`. */
  readonly end: string;
  /** Transitions in which that happened. */
  readonly times: number;
}

/** Counts what stopped which messages. */
export interface Blame {
  count(fates: readonly Fate[]): void;
  /** By kind, the most frequent end first. */
  rows(): BlameRow[];
}

export function createBlame(): Blame {
  const kinds = new Map<string, Map<string, number>>();
  return {
    count(fates) {
      for (const { kind, end } of fates) {
        const ends = kinds.get(kind) ?? new Map<string, number>();
        kinds.set(kind, ends);
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
    },
    rows: () =>
      [...kinds.keys()]
        .sort()
        .flatMap(kind =>
          [...(kinds.get(kind) ?? [])]
            .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
            .map(([end, times]) => ({ kind, end, times })),
        ),
  };
}
