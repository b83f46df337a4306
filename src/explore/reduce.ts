import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import { formerRules } from './former.ts';
import { LOGS, OLD_MESSAGES, PAST, type PartRule } from './normalise.ts';

/** What makes a search smaller without another answer; each can be left out. */
export const REDUCTIONS = ['slice', 'sym', 'por'] as const;
export type Reduction = (typeof REDUCTIONS)[number];
export type Reductions = readonly Reduction[];

export const ALL_REDUCTIONS: Reductions = REDUCTIONS;

/**
 * Slicing: what no later event depends on, and what only other properties than the goal could tell
 * apart. A slice may change by which rule a finding is named, never whether there is one.
 */
export function slicesFor(how: {
  readonly machine: Machine;
  readonly program: Program;
  readonly goal: string;
  readonly reduce: Reductions;
}): readonly PartRule[] {
  const { machine, program, goal, reduce } = how;
  if (!reduce.includes('slice')) return [];
  const tellsHalves = goal !== 'isolation' && !/^(isolation|mode)\/(?!stale-message|\*)/.test(goal);
  const former = goal === 'isolation' ? formerRules(machine, program) : [];
  return [...PAST, ...LOGS, ...(tellsHalves ? [] : OLD_MESSAGES), ...former];
}
