import type { Event } from '../engine/env.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { Finding } from '../model/violation.ts';
import { createDriver, type DriverOptions, type Effect, type Move } from './driver.ts';
import { createSpace, type Space } from './space.ts';

/** How far a search goes, and what it looks for. */
export interface SearchOptions extends DriverOptions {
  /** Most moves of a path; 0 for no limit. */
  readonly depthMax: number;
  readonly statesMax: number;
  /** Whether a finding is what is looked for. */
  readonly isGoal: (finding: Finding) => boolean;
  /** The first finding that is looked for ends the search. */
  readonly stopsAtGoal?: true;
  /** True when the search is to stop: time is up. Asked now and then. */
  readonly expired: () => boolean;
  /** Told of everything that can happen in every state, once. */
  readonly onEffect?: (event: Event, effect: Effect) => void;
}

/** The shortest path to a finding of one rule. */
export interface Reached {
  readonly finding: Finding;
  readonly depth: number;
  readonly path: readonly Move[];
  /** The moves before the path: the script as far as only one thing can happen. */
  readonly prefix: readonly Move[];
}

/** What a search found out. */
export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** Longest of the shortest paths gone. */
  readonly depth: number;
  /** Nothing new is left to be reached. */
  readonly complete: boolean;
  /** Shortest finding of each rule, by rule, in the order they were found. */
  readonly reached: ReadonlyMap<string, Reached>;
  /** Interrupts that were serviced somewhere, and that were lost somewhere. */
  readonly served: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
  readonly space: Space;
  /** The moves to the first state, and those by which a state was first reached. */
  readonly prefix: readonly Move[];
  readonly pathTo: (state: number) => Move[];
  /** The content of every part of a state, by name. */
  readonly contentsOf: (state: number) => Readonly<Record<string, unknown>>;
}

const ASK_EVERY = 256;

/**
 * Goes through everything that can happen, level by level, so that the first path to anything is a
 * shortest one. Drives the same step function as every run.
 */
export function search(machine: Machine, program: Program, options: SearchOptions): SearchResult {
  const driver = createDriver(machine, program, options);
  const space = createSpace(driver.first, driver.width);
  const parents: number[] = [-1];
  const moves: (Move | null)[] = [null];
  const depths: number[] = [0];
  const reached = new Map<string, Reached>();
  const served = new Set<string>(driver.firstSeen.served);
  const lost = new Set<string>(driver.firstSeen.lost);
  const now = new Uint32Array(driver.first.length);
  const after = new Uint32Array(driver.first.length);
  let transitions = 0;

  const pathTo = (state: number): Move[] => {
    const path: Move[] = [];
    for (let at = state; at > 0; at = parents[at]) {
      const move = moves[at];
      if (move) path.push(move);
    }
    return path.reverse();
  };
  const note = (from: number, move: Move, finding: Finding): void => {
    if (reached.has(finding.rule) || !options.isGoal(finding)) return;
    const path = [...pathTo(from), move];
    reached.set(finding.rule, { finding, depth: path.length, path, prefix: driver.prefix });
  };
  const follow = (from: number, event: Event, effect: Effect): void => {
    transitions++;
    after.set(now);
    for (let i = 0; i < effect.changes.length; i += 2)
      after[effect.changes[i]] = effect.changes[i + 1];
    const added = space.add(driver.representative(after));
    if (added >= 0) {
      parents.push(from);
      moves.push({ event, picks: effect.picks });
      depths.push(depths[from] + 1);
    }
    for (const irq of effect.seen.served) served.add(irq);
    for (const irq of effect.seen.lost) lost.add(irq);
    for (const finding of effect.seen.findings) note(from, { event, picks: effect.picks }, finding);
    options.onEffect?.(event, effect);
  };

  for (const finding of driver.firstSeen.findings)
    if (!reached.has(finding.rule) && options.isGoal(finding))
      reached.set(finding.rule, { finding, depth: 0, path: [], prefix: driver.prefix });
  let index = 0;
  for (; index < space.size(); index++) {
    if (options.depthMax > 0 && depths[index] >= options.depthMax) break;
    if (space.size() >= options.statesMax) break;
    if (options.stopsAtGoal && reached.size > 0) break;
    if (index % ASK_EVERY === 0 && options.expired()) break;
    space.read(index, now);
    for (const event of driver.events(now))
      for (const effect of driver.effects(now, event)) follow(index, event, effect);
  }
  return {
    states: space.size(),
    transitions,
    depth: depths[depths.length - 1],
    complete: index === space.size(),
    reached,
    served,
    lost,
    space,
    prefix: driver.prefix,
    pathTo,
    contentsOf: state => {
      const vector = new Uint32Array(driver.first.length);
      space.read(state, vector);
      return driver.contents(vector);
    },
  };
}
