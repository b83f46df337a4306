import { type Film, filmOf } from '../report/film.ts';
import { chooseRun } from '../runner/choose-run.ts';
import type { RunView } from '../runner/run-view.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { Cell } from '../scenario/resolve.ts';

/** One variant of a lesson’s scenario with the run the lesson looks at. */
export interface LessonRun {
  readonly scenario: Scenario;
  readonly view: RunView;
  readonly film: Film;
}

/** The runs of all variants, each made when it is wanted. */
export interface LessonRuns {
  /** The run of a variant; axes that are not named keep the value they have in `base`. */
  of(base: Cell, cell: CellPattern | undefined): LessonRun;
}

/** Axes and the values they shall have. */
export type CellPattern = Readonly<Record<string, string | number | boolean>>;

/** The variant a pattern and a base name; every axis comes from one or the other. */
export const overlay = (base: Cell, pattern: CellPattern = {}): Cell => ({
  ...base,
  ...Object.fromEntries(Object.entries(pattern).map(([axis, value]) => [axis, String(value)])),
});

const keyOf = (cell: Cell): string =>
  Object.entries(cell)
    .map(([axis, value]) => `${axis}=${value}`)
    .sort()
    .join();

/** The runs of the variants of one file. Throws when a variant is asked for that the file has not. */
export function createLessonRuns(scenarios: readonly Scenario[]): LessonRuns {
  const known = new Map<string, LessonRun>();
  const byCell = new Map(scenarios.map(scenario => [keyOf(scenario.cell), scenario]));
  return {
    of(base, pattern) {
      const key = keyOf(overlay(base, pattern));
      const before = known.get(key);
      if (before) return before;
      const scenario = byCell.get(key);
      if (!scenario) throw new Error(`the file has no variant ${key}`);
      const run = lessonRun(scenario);
      known.set(key, run);
      return run;
    },
  };
}

/** The run of a variant as the page shows it: the first with an error, else the first of all. */
export function lessonRun(scenario: Scenario): LessonRun {
  const { view } = chooseRun(scenario);
  return { scenario, view, film: filmOf(scenario.machine, view.trace, view.findings) };
}
