import { runScenario } from '../runner/run-scenario.ts';
import type { Scenario } from '../scenario/compile.ts';
import { OFF_NAMES } from '../scenario/known-names.ts';
import { idOf } from './names.ts';

/** Everything that can be switched off: each is a mutation of the program. */
export const MUTATIONS: readonly string[] = OFF_NAMES;

/** Least share of mutations a corpus has to notice. */
export const SCORE_GOAL = 0.95;

/** A mutation, and the scenario that noticed it first; null where none did. */
export interface Mutant {
  readonly rule: string;
  readonly killedBy: string | null;
}

/** Units whose checks have names that begin so. */
const UNIT_OF = /^(vtd|amdvi)\//;

/** Whether a check can matter to a machine at all. */
function concerns(rule: string, { machine }: Scenario): boolean {
  const unit = UNIT_OF.exec(rule)?.[1];
  if (unit === undefined || machine.remap.kind === unit) return true;
  return unit === 'vtd' && machine.realms.some(realm => realm.viommu !== null);
}

/** Scenarios that name a check are likely to notice first that it is gone. */
const mentions = (rule: string, { machine, refs, program }: Scenario): boolean =>
  machine.off.includes(rule) ||
  JSON.stringify([refs, program.steps.map(step => step.text)]).includes(rule);

/**
 * Switches a check or guard off in every scenario that has it on, until one does not come out as it
 * says. Scenarios are those of a corpus that passes.
 */
export function killMutant(rule: string, corpus: readonly Scenario[]): Mutant {
  const able = corpus.filter(
    scenario => concerns(rule, scenario) && !scenario.machine.off.includes(rule),
  );
  const names = new Set(corpus.filter(one => mentions(rule, one)).map(({ name }) => name));
  const ordered = [
    ...able.filter(({ name }) => names.has(name)),
    ...able.filter(({ name }) => !names.has(name)),
  ];
  const killer = ordered.find(scenario => {
    const off = [...scenario.machine.off, rule];
    return !runScenario({ ...scenario, machine: { ...scenario.machine, off } }).pass;
  });
  return { rule, killedBy: killer ? idOf(killer) : null };
}
