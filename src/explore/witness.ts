import { cellText } from '../scenario/resolve.ts';
import type { ScenarioDocument } from '../scenario/write-scenario.ts';
import { draftOf } from './draft.ts';
import type { Exploration } from './explore.ts';
import { nameOf } from './names.ts';
import { writeDraft } from './write-draft.ts';

/** A run out of all that were tried, as a scenario file. */
export interface Witness {
  readonly name: string;
  readonly text: string;
}

/**
 * Sample runs, the longest first: ways to states spread over all that were reached. There may be
 * fewer than `count`.
 */
export function witnesses(
  exploration: Exploration,
  document: ScenarioDocument,
  count: number,
): Witness[] {
  const { scenario, search } = exploration;
  const cell = cellText(scenario.cell);
  return samples(search.states, count).flatMap((state, i) => {
    const way = { prefix: search.prefix, path: search.pathTo(state) };
    const draft = draftOf({ ...exploration, document }, way, () => true);
    if (!draft) return [];
    const name = `${nameOf(scenario.name, scenario.cell)}-witness-${i + 1}`;
    const title = `A run of ${scenario.name}, ${way.path.length} actions long`;
    const description = `One of the runs that were tried${cell ? ` with ${cell}` : ''}; nothing is wrong with it.`;
    return [{ name, text: writeDraft(draft, { name, title, description }, null) }];
  });
}

/** Numbers of states spread over all, from the last one down; never the first. */
function samples(states: number, count: number): number[] {
  const wanted = Math.min(count, states - 1);
  return Array.from(
    { length: wanted },
    (_, i) => states - 1 - Math.floor((i * (states - 1)) / wanted),
  );
}
