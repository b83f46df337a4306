/** Exit codes: promises to whoever calls this program from a script. */
export const EXIT = {
  /** As expected. */
  ok: 0,
  /** A failed expectation, an undeclared violation, a result other than the file says. */
  unexpected: 1,
  /** Bad input: a scenario, a flag, a missing file, a bad line. */
  badInput: 2,
  /** A bug of ours, or the same seed gave another trace. */
  internal: 3,
  /** A bound was hit before the answer, and `--require-complete` was given. */
  incomplete: 4,
  /** Nothing matched. */
  nothing: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake of whoever called: told in one line, exit code 2. */
export interface UsageError extends Error {
  readonly usage: true;
}

/** An error that is the caller's to mend. */
export function usageError(message: string): UsageError {
  return Object.assign(new Error(message), { usage: true as const });
}

/** Whether an error is the caller's to mend. */
export const isUsageError = (error: unknown): error is UsageError =>
  error instanceof Error && 'usage' in error;
