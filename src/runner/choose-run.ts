import { createChoices } from '../engine/choice.ts';
import type { Machine } from '../model/machine.ts';
import { RULES } from '../model/rules.ts';
import type { Scenario } from '../scenario/compile.ts';
import { type RunView, runOnce } from './run-view.ts';

/** A run chosen out of all orders and choices a scenario has. */
export interface ChosenRun {
  readonly view: RunView;
  /** Its place among the runs tried, from 0. */
  readonly index: number;
  /** Runs that were tried; there may be more. */
  readonly tried: number;
}

/** Most runs tried in search of one worth looking at. */
export const TRIED_MAX = 500;

/** The first run with an error of the checker, else the first run of all. */
export function chooseRun(scenario: Scenario, machine: Machine = scenario.machine): ChosenRun {
  const choices = createChoices(scenario.program.choices);
  let first: RunView | null = null;
  for (let index = 0; index < TRIED_MAX; index++) {
    const view = runOnce(machine, scenario.program, { ...choices, seed: scenario.seed });
    if (view.findings.some(({ rule }) => RULES[rule].severity === 'error'))
      return { view, index, tried: index + 1 };
    first ??= view;
    if (!choices.advance()) return { view: first, index: 0, tried: index + 1 };
  }
  if (!first) throw new Error('no run was tried');
  return { view: first, index: 0, tried: TRIED_MAX };
}

/** A door that gives the answers of an earlier run again, and the first one when they run out. */
export function sameChoices(answers: readonly number[], seed: number) {
  const taken: number[] = [];
  return {
    seed,
    pick: (n: number): number => {
      const picked = Math.min(answers[taken.length] ?? 0, n - 1);
      taken.push(picked);
      return picked;
    },
    taken: (): number[] => [...taken],
  };
}
