import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULE_FACTS } from '../../src/model/rule-facts.ts';
import { RULE_ORDER, RULES, type RuleName } from '../../src/model/rules.ts';
import { runScenario, type ScenarioResult } from '../../src/runner/run-scenario.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { FILES, load } from '../scenario/files.ts';
import { howToUpdate, markersIn, readMarked, updated } from '../scenario/marked.ts';

const README = readMarked(join(import.meta.dirname, '..', '..', 'src', 'check', 'README.md'));
const FOLDER = 'rules/';

const fileOf = (rule: RuleName) => FILES.find(({ name }) => name === `${FOLDER}${rule}.yaml`);

function scenariosOf(rule: RuleName): readonly Scenario[] {
  const file = fileOf(rule);
  if (!file) throw new Error(`there is no scenarios/${FOLDER}${rule}.yaml`);
  return load(file.name, file.text).scenarios;
}

/** The outcome of one of the two variants a rule’s scenario has. */
function run(rule: RuleName, variant: 'violation' | 'near-miss'): ScenarioResult {
  const found = scenariosOf(rule).filter(({ cell }) => cell.case === variant);
  expect(found, `variants with case=${variant}`).toHaveLength(1);
  return runScenario(found[0]);
}

const rulesOf = ({ violations }: ScenarioResult): string[] =>
  violations.flatMap(({ rule, also }) => [rule, ...also]);

describe('the taxonomy', () => {
  it('has a scenario for each rule, and none for anything else', () => {
    const names = FILES.map(({ name }) => name).filter(name => name.startsWith(FOLDER));
    expect(names.toSorted()).toEqual(RULE_ORDER.map(rule => `${FOLDER}${rule}.yaml`).toSorted());
  });

  it('is documented as it is', () => {
    expect(updated(README) === README, howToUpdate('test/check/taxonomy.test.ts')).toBe(true);
    const families = new Set(RULE_ORDER.map(rule => `taxonomy ${rule.split('/')[0]}`));
    expect(new Set(markersIn(README))).toEqual(families);
    for (const rule of RULE_ORDER) expect(README).toContain(`\`${rule}\`](`);
  });
});

describe.each(RULE_ORDER)('%s', rule => {
  it('says when it applies, what one must know, what keeps it away, and where it was seen', () => {
    for (const [what, text] of Object.entries(RULE_FACTS[rule]))
      expect(text, what).toMatch(/\S{3}/);
  });

  it('has two variants and a reference', () => {
    const scenarios = scenariosOf(rule);
    expect(scenarios.map(({ cell }) => cell)).toEqual([
      { case: 'violation' },
      { case: 'near-miss' },
    ]);
    expect(scenarios[0].refs.length).toBeGreaterThan(0);
    expect(scenarios[0].title.startsWith(`${rule}: `)).toBe(true);
  });

  it('names what is wrong in the one, and says so', () => {
    const result = run(rule, 'violation');
    expect(result.asserts.filter(({ pass }) => !pass)).toEqual([]);
    const named = result.violations.find(violation => violation.rule === rule);
    expect(named, `found ${rulesOf(result).join(', ')}`).toBeDefined();
    expect(named?.severity).toBe(RULES[rule].severity);
    expect(named?.sentence).toMatch(/\S{3}/);
    expect(named?.evidence.length).toBeGreaterThan(0);
  });

  it('has nothing to say of the other', () => {
    const result = run(rule, 'near-miss');
    expect(result.asserts.filter(({ pass }) => !pass)).toEqual([]);
    expect(rulesOf(result)).not.toContain(rule);
  });
});
