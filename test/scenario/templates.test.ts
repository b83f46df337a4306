import { describe, expect, it } from 'vitest';
import { runScenario } from '../../src/runner/run-scenario.ts';
import { formatScenario } from '../../src/scenario/format.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { TEMPLATES, templateText } from '../../src/scenario/templates.ts';

const fileOf = (name: string): string => {
  const template = TEMPLATES.find(candidate => candidate.name === name);
  if (!template) throw new Error(`there is no template ${name}`);
  return templateText(template, { name: 'mine', schema: './schema.json' });
};

describe.each(TEMPLATES.map(({ name }) => name))('template %s', name => {
  const text = fileOf(name);

  it('is a scenario without mistakes, formatted', () => {
    expect(loadScenario('mine.yaml', text, () => null).problems).toEqual([]);
    expect(formatScenario(text)).toBe(text);
  });

  it('comes out as it says', () => {
    for (const scenario of loadScenario('mine.yaml', text, () => null).scenarios) {
      const { asserts, id } = runScenario(scenario);
      expect(
        asserts.filter(({ pass }) => !pass).map(({ text: t, found }) => [id, t, found]),
      ).toEqual([]);
      expect(asserts.length).toBeGreaterThan(0);
    }
  });

  it('names the schema for editors', () => {
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./schema.json');
  });
});
