import { ERRNOS } from '../arch/linux.ts';
import { fail, type Linker } from './linker.ts';
import { suggest } from './problem.ts';
import type { Path } from './source-tree.ts';

/** The step may succeed or fail, where orders or choices decide. */
export const ANY_OUTCOME = 'any';

/** Names of errors a step may expect. */
export const STEP_ERRORS = [...Object.keys(ERRNOS), 'none', ANY_OUTCOME];

/** Whether a step's own expectation names errors that exist. */
export function checkStepError(linker: Linker, error: string, path: Path): void {
  if (STEP_ERRORS.includes(error)) return;
  fail(linker, path, 'ref/error', `there is no error '${error}'`, suggest(error, STEP_ERRORS));
}
