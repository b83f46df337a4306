import type { Machine } from '../model/machine.ts';
import type { Linker } from './linker.ts';
import { irqIndex, realmIndex } from './references.ts';
import type { ScenarioYaml } from './schema.ts';
import type { ExploreYaml } from './schema-explore.ts';

const STATES_MAX = 1_000_000;

/** How far an exploration goes, and what it looks for. */
export interface ExplorePlan {
  /** Most actions of a path; 0 for no limit. */
  readonly depthMax: number;
  readonly statesMax: number;
  /** Rule or pattern looked for; empty: whatever breaks isolation. */
  readonly goal: string;
}

/** Bounds and goal of an exploration, as far as the file says any. */
export function explorePlan(explore: ExploreYaml | null): ExplorePlan {
  const { depth = 0, states = STATES_MAX, goal = '' } = explore ?? {};
  return { depthMax: depth, statesMax: states, goal };
}

/** Names the section refers to. */
export function checkActors(linker: Linker, yaml: ScenarioYaml, machine: Machine): void {
  for (const [name, actor] of Object.entries(yaml.explore?.actors ?? {})) {
    const path = ['explore', 'actors', name];
    realmIndex(linker, machine, path, name);
    for (const [i, irq] of (actor.irqs ?? []).entries())
      irqIndex(linker, machine, [...path, 'irqs', i], irq);
  }
}
