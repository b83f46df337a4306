import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Loaded, loadScenario } from '../../src/scenario/load.ts';
import type { ReadFile } from '../../src/scenario/resolve.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'scenarios');

/** A scenario file of the project. */
export interface ScenarioFile {
  /** Its path under `scenarios/`. */
  readonly name: string;
  readonly text: string;
}

/** Every scenario file of the project, in a fixed order. */
export const FILES: readonly ScenarioFile[] = readdirSync(FOLDER, {
  recursive: true,
  encoding: 'utf8',
})
  .filter(name => name.endsWith('.yaml') && !name.startsWith('ci'))
  .sort()
  .map(name => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

/** Finds files that files of the project extend. */
export const readProject: ReadFile = (path, from) => {
  const found = FILES.find(file => file.name === join(dirname(from), path));
  return found ? { file: found.name, text: found.text } : null;
};

/** Loads a text as if it were a file of the project. */
export const load = (name: string, text: string): Loaded => loadScenario(name, text, readProject);

/** Keys that say where something was written, not what. */
const PLACES = new Set(['file', 'source', 'sources', 'policyAt', 'places', 'cell']);

/** What a loaded file means: all but the places it was written at. */
export const meaningOf = ({ scenarios, problems }: Loaded): unknown =>
  JSON.parse(
    JSON.stringify({ scenarios, codes: problems.map(({ code }) => code) }, (key, value: unknown) =>
      PLACES.has(key) ? undefined : value,
    ),
  );
