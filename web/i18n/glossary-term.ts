/** A word of the trade, and what it means here. */
export interface Term {
  readonly id: string;
  /** As it is written at the head of its entry. */
  readonly term: string;
  /** Other forms in which it turns up in texts. */
  readonly forms: readonly string[];
  readonly text: string;
  /** Entries that help, by id. */
  readonly see: readonly string[];
}

/** A term by its id, its name and other forms of it, what it means, and what else helps. */
export const term = (
  id: string,
  [name, ...forms]: readonly [string, ...string[]],
  text: string,
  ...see: readonly string[]
): Term => ({ id, term: name, forms, text, see });
