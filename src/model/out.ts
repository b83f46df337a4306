import type { CheckResult } from './check.ts';
import type { Happening } from './record.ts';

/**
 * Where the step function leaves its records. `silent` keeps nothing, `facts` keeps what happened,
 * `full` also keeps the rules evaluated and the causes.
 */
export interface Out {
  readonly level: 'silent' | 'facts' | 'full';
  /** Adds a record; place, number and causes are found by the receiver. */
  emit(actor: string, what: Happening, checks?: readonly CheckResult[]): void;
  /** Time of the records that follow. */
  at(timeNs: number): void;
  /** What follows is caused by the latest record; returns what it was caused by so far. */
  follow(): number;
  /** What follows is caused by this record again. */
  back(cause: number): void;
  /** Remembers the latest record as the cause of whatever continues under `key`. */
  mark(key: string): void;
  /** What follows is caused by the record remembered under `key`. */
  resume(key: string): void;
}

/** A fresh log where checks are kept, else null. */
export const checkLog = (out: Out): CheckResult[] | null => (out.level === 'full' ? [] : null);

/** Keeps nothing. */
export const SILENT: Out = {
  level: 'silent',
  emit: () => {},
  at: () => {},
  follow: () => -1,
  back: () => {},
  mark: () => {},
  resume: () => {},
};
