import { loadCompare } from '../compare/load.ts';
import { loadCode } from '../editor/load.ts';
import { loadLessons } from '../lessons/load.ts';
import { loadMatrix } from '../matrix/load.ts';
import { createLate, type Late } from './late.ts';

/** Parts of the page that are loaded when they are wanted. */
export interface LateParts {
  readonly editor: Late<typeof import('../editor/code.ts')>;
  readonly compare: Late<typeof import('../compare/pair.ts')>;
  readonly lessons: Late<typeof import('../lessons/desk.ts')>;
  readonly matrix: Late<typeof import('../matrix/sheet.ts')>;
  readonly share: Late<typeof import('../share/dialog.ts')>;
}

/** `arrived` is called when one of them has come, or can’t. */
export const createParts = (arrived: () => void): LateParts => ({
  editor: createLate(loadCode, arrived),
  compare: createLate(loadCompare, arrived),
  lessons: createLate(loadLessons, arrived),
  matrix: createLate(loadMatrix, arrived),
  share: createLate(() => import('../share/dialog.ts'), arrived),
});
