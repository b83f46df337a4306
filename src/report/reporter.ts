import type { ScenarioResult } from './result.ts';

/** A way to report results, as texts to be written one after the other. */
export interface Reporter {
  /** Before the first of `count` results. */
  readonly head?: (count: number) => string;
  /** As soon as a result is there. */
  readonly each?: (result: ScenarioResult, at: Told) => string;
  readonly tail?: (results: readonly ScenarioResult[], end: ReportEnd) => string;
}

/** What a reporter is told beside a result. */
export interface Told {
  /** Counts from 0. */
  readonly index: number;
  /** Lines people asked to see beneath it. */
  readonly more: readonly string[];
}

/** How it ended, and who reports. */
export interface ReportEnd {
  /** Of this program. */
  readonly version: string;
  /** Results that did not come to be, since the run was ended before. */
  readonly skipped: number;
  readonly interrupted: boolean;
}
