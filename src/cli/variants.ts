import type { Scenario } from '../scenario/compile.ts';
import { flatten } from '../scenario/flatten.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Problem } from '../scenario/problem.ts';
import { resolveFile } from '../scenario/resolve.ts';
import { dataOf } from '../scenario/source-tree.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import { readRelative, readText } from './files.ts';

/** One variant of a file, and the document it comes to. */
export interface FileVariant {
  readonly scenario: Scenario;
  readonly document: ScenarioDocument;
}

/** All variants of a file; none where it has mistakes. */
export function loadVariants(file: string): {
  readonly variants: readonly FileVariant[];
  readonly problems: readonly Problem[];
} {
  const text = readText(file);
  const { tree } = resolveFile(file, text, readRelative);
  const { scenarios, problems } = loadScenario(file, text, readRelative);
  const variants = scenarios.map(scenario => ({
    scenario,
    document: (tree ? dataOf(flatten(tree, scenario.cell)) : {}) as ScenarioDocument,
  }));
  return { variants, problems };
}
