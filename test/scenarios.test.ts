import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScenario } from '../src/runner/run-scenario.ts';
import { cellText } from '../src/scenario/resolve.ts';
import { FILES, load } from './scenario/files.ts';

/** Folders whose files are explored, not run. */
const EXPLORED = ['matrix', 'explore'];
const TITLE_MAX = 110;

const isExplored = (name: string): boolean => EXPLORED.includes(name.split('/')[0]);

/** What a file is called by its place: rules by the whole path, as `rule-mode-nmi`. */
const nameFrom = (path: string): string => {
  const name = path.replace(/\.yaml$/, '');
  return name.startsWith('rules/')
    ? name.replace('rules/', 'rule-').replaceAll('/', '-')
    : basename(name);
};

describe.each(FILES.map(file => [file.name, file] as const))('%s', (path, { text }) => {
  const { scenarios, problems } = load(path, text);

  it('has nothing wrong with it, a title, a source, and the name of its file', () => {
    expect(problems).toEqual([]);
    expect(scenarios.length).toBeGreaterThan(0);
    for (const { name, title, refs } of scenarios) {
      expect(name).toBe(nameFrom(path));
      expect(title.length).toBeLessThanOrEqual(TITLE_MAX);
      expect(refs.length).toBeGreaterThan(0);
    }
  });

  if (isExplored(path)) return;

  it.each(scenarios.map(scenario => [cellText(scenario.cell), scenario] as const))(
    'comes out as it says [%s]',
    (_, scenario) => {
      const { asserts, pass } = runScenario(scenario);
      expect(asserts.filter(result => !result.pass)).toEqual([]);
      expect(pass).toBe(true);
    },
  );
});

describe('scenarios', () => {
  it('have names that no other file has', () => {
    const names = FILES.map(({ name }) => nameFrom(name));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('are there in every folder', () => {
    const folders = new Set(FILES.map(({ name }) => dirname(name).split('/')[0]));
    for (const folder of [
      'teaching',
      'lessons',
      'hardware',
      'regressions',
      'guests',
      'rules',
      'matrix',
    ])
      expect(folders).toContain(folder);
  });
});
