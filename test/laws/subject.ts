import { expect } from 'vitest';
import type { Machine } from '../../src/model/machine.ts';
import type { Program } from '../../src/model/program.ts';
import { compile, type Scenario } from '../../src/scenario/compile.ts';
import type { ScenarioYaml } from '../../src/scenario/schema.ts';

/** What is run: every driver gets the same answers at the choice door. */
export interface Subject {
  readonly machine: Machine;
  readonly program: Program;
  readonly seed: number;
}

const NOWHERE = { file: 'generated', line: 1, column: 1, length: 0 };
const NO_TREE = { kind: 'map', at: NOWHERE, entries: new Map() } as const;

/** A document that is known to be sound, compiled; positions are lost. */
export const subjectOf = (document: ScenarioYaml): Subject => scenarioOf(document);

/** The same with everything a scenario has. */
export function scenarioOf(document: ScenarioYaml): Scenario {
  const yaml: ScenarioYaml = JSON.parse(JSON.stringify(document));
  const { scenario, problems } = compile('generated', NO_TREE, {
    yaml,
    cell: {},
    doubts: new Set(),
  });
  expect(problems).toEqual([]);
  return scenario;
}
