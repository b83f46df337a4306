/** A value a check looked at. `ref` names the place it came from, such as `ir.irte[43].sid`. */
export interface CheckInput {
  readonly ref: string;
  readonly value: number;
  /** Sequence number of the record that last wrote this place; -1 when none did. */
  readonly lastWriter?: number;
}

/** One rule of hardware or software as it was evaluated. */
export interface CheckResult {
  /** Identifier of the rule, such as `vtd/source-id`. */
  readonly rule: string;
  /** Bibliography key and section. */
  readonly source: string;
  readonly pass: boolean;
  readonly inputs: readonly CheckInput[];
  /** The rule was switched off on purpose: it did not hold, and had no effect. */
  readonly off?: true;
}

/** Where evaluated checks are noted, in order; null when nobody looks. */
export type CheckLog = CheckResult[] | null;
