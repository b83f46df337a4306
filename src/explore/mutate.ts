import { AMD_CHECKS } from '../arch/amdvi.ts';
import { VTD_CHECKS, VTD_FAULTS } from '../arch/vtd.ts';
import { runScenario } from '../runner/run-scenario.ts';
import type { Scenario } from '../scenario/compile.ts';
import { OFF_NAMES } from '../scenario/known-names.ts';
import { idOf } from './names.ts';

/** Everything that can be switched off: each is a mutation of the program. */
export const MUTATIONS: readonly string[] = OFF_NAMES;

/**
 * Checks nothing in a machine can fail, and why: no corpus can notice that one of them is gone.
 * They are tried all the same, and count where somebody does notice.
 */
export const UNREACHABLE: Readonly<Record<string, string>> = {
  'amdvi/window': 'a write outside the window is no interrupt, and comes to no unit as one',
};

/** Least share of mutations a corpus has to notice. */
export const SCORE_GOAL = 0.95;

/** A mutation, and the scenario that noticed it first; null where none did. */
export interface Mutant {
  readonly rule: string;
  readonly killedBy: string | null;
}

/** What became of all mutations. */
export interface MutationScore {
  readonly killed: number;
  /** Those that could be noticed. */
  readonly total: number;
  /** `killed` of `total`, 0 to 1; 0 where there is nothing to notice. */
  readonly score: number;
  /** Checks nobody noticed, though one could. */
  readonly missed: readonly string[];
  /** Checks nobody noticed, as nobody can. */
  readonly unreachable: readonly string[];
}

/** Counts what a corpus noticed. */
export function scoreOf(mutants: readonly Mutant[]): MutationScore {
  const silent = mutants.filter(({ killedBy }) => killedBy === null).map(({ rule }) => rule);
  const missed = silent.filter(rule => !(rule in UNREACHABLE));
  const killed = mutants.length - silent.length;
  const total = killed + missed.length;
  return {
    killed,
    total,
    score: total === 0 ? 0 : killed / total,
    missed,
    unreachable: silent.filter(rule => rule in UNREACHABLE),
  };
}

/** Units whose checks have names that begin so. */
const UNIT_OF = /^(vtd|amdvi)\//;

/** Whether a check can matter to a machine at all. */
function concerns(rule: string, { machine }: Scenario): boolean {
  const unit = UNIT_OF.exec(rule)?.[1];
  if (unit === undefined || machine.remap.kind === unit) return true;
  return unit === 'vtd' && machine.realms.some(realm => realm.viommu !== null);
}

/** A check by its name, and by what it refuses with. */
function wordsFor(rule: string): string[] {
  const vtd = Object.entries(VTD_CHECKS).find(([name]) => name === rule)?.[1];
  const amd = Object.entries(AMD_CHECKS).find(([name]) => name === rule)?.[1];
  const faults = [
    vtd && `vtd/0x${vtd.fault.toString(16)}`,
    vtd && VTD_FAULTS[vtd.fault].name,
    amd?.fault,
  ];
  return [rule, ...faults.flatMap(word => word ?? [])];
}

/** Scenarios that speak of a check are likely to notice first that it is gone. */
function mentions(words: readonly string[], { machine, refs, program, expect }: Scenario): boolean {
  if (words.some(word => machine.off.includes(word))) return true;
  const wanted = expect.assertions.map(({ what }) => what);
  const text = JSON.stringify([refs, program.steps.map(step => step.text), wanted]);
  return words.some(word => text.includes(`"${word}"`));
}

/** Whether a scenario comes out as it says with a check, and otherwise without. */
function notices(rule: string, scenario: Scenario): boolean {
  const off = [...scenario.machine.off, rule];
  const without = { ...scenario, machine: { ...scenario.machine, off } };
  return !runScenario(without).pass && runScenario(scenario).pass;
}

/** Switches a check or guard off in every scenario that has it on, until one notices. */
export function killMutant(rule: string, corpus: readonly Scenario[]): Mutant {
  const able = corpus.filter(
    scenario => concerns(rule, scenario) && !scenario.machine.off.includes(rule),
  );
  const words = wordsFor(rule);
  const names = new Set(corpus.filter(one => mentions(words, one)).map(({ name }) => name));
  const ordered = [
    ...able.filter(({ name }) => names.has(name)),
    ...able.filter(({ name }) => !names.has(name)),
  ];
  const killer = ordered.find(scenario => notices(rule, scenario));
  return { rule, killedBy: killer ? idOf(killer) : null };
}
