import type { Effect } from './driver.ts';

/** How messages of one kind ended. */
export interface BlameRow {
  readonly kind: string;
  /** The rule that stopped them, or `delivered`. */
  readonly end: string;
  /** Transitions in which that happened. */
  readonly times: number;
}

/** What stopped which messages: by kind, the most frequent end first. */
export function blameOf(effects: readonly Effect[]): BlameRow[] {
  const kinds = new Map<string, Map<string, number>>();
  for (const { seen, times } of effects)
    for (const { kind, end } of seen.fates) {
      const ends = kinds.get(kind) ?? new Map<string, number>();
      kinds.set(kind, ends);
      ends.set(end, (ends.get(end) ?? 0) + times);
    }
  return [...kinds.keys()].sort().flatMap(kind =>
    [...(kinds.get(kind) ?? [])]
      .filter(([, times]) => times > 0)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([end, times]) => ({ kind, end, times })),
  );
}
