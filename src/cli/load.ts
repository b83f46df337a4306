import type { Scenario } from '../scenario/compile.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Problem } from '../scenario/problem.ts';
import { problemText } from '../scenario/problem-text.ts';
import { readRelative, readText } from './files.ts';

/** Scenarios of several files, and what is wrong with them. */
export interface LoadedFiles {
  readonly scenarios: readonly Scenario[];
  readonly problems: readonly Problem[];
}

/** Loads files; every problem of every file is kept. */
export function loadFiles(files: readonly string[]): LoadedFiles {
  const loaded = files.map(file => loadScenario(file, readText(file), readRelative));
  return {
    scenarios: loaded.flatMap(one => one.scenarios),
    problems: loaded.flatMap(one => one.problems),
  };
}

/** Prints problems with the lines they are on; true when one of them is an error. */
export function printProblems(problems: readonly Problem[]): boolean {
  const texts = new Map<string, string>();
  const textOf = (file: string): string => {
    const known = texts.get(file) ?? readText(file);
    texts.set(file, known);
    return known;
  };
  for (const problem of problems)
    process.stderr.write(`${problemText(problem, textOf(problem.at.file))}\n`);
  return problems.some(problem => problem.severity === 'error');
}
