/** The cast of generated scenarios: always the same. */
export const DEVICES = ['d0', 'd1', 'd2', 'd3'] as const;
export const GUESTS = ['a', 'b'] as const;
export const SLOTS = 2;

/** Who acts in a document, for those who draw steps. */
export interface Cast {
  readonly timed: boolean;
  readonly vtd: boolean;
  readonly amdvi: boolean;
  readonly entryWords: 1 | 4;
  /** Physical CPUs, and by realm the CPUs its software may name. */
  readonly physical: readonly string[];
  readonly cpus: Readonly<Record<string, readonly string[]>>;
  /** Owner by device. */
  readonly owners: Readonly<Record<string, string>>;
}
