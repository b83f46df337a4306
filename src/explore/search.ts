import type { Event } from '../engine/env.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { Finding } from '../model/violation.ts';
import { createDriver, type DriverOptions, type Effect, type Move } from './driver.ts';
import { createSpace, type Space } from './space.ts';
import type { Swap } from './swaps.ts';

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
}

/** The shortest path to a finding of one rule. */
export interface Reached {
  readonly finding: Finding;
  readonly depth: number;
  readonly path: readonly Move[];
  /** The moves before the path: the script as far as only one thing can happen. */
  readonly prefix: readonly Move[];
}

/**
 * `fixpoint`: nothing new is left to be reached; `depth`: nothing within the bound on paths; `states`
 * and `time`: a bound came first; `goal`: what was looked for was found.
 */
export type SearchEnd = 'fixpoint' | 'depth' | 'states' | 'time' | 'goal';

/** What a search found out. */
export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** Longest of the shortest paths gone. */
  readonly depth: number;
  /** Why the search ended. */
  readonly end: SearchEnd;
  /** Shortest finding of each rule, by rule, in the order they were found. */
  readonly reached: ReadonlyMap<string, Reached>;
  /** Interrupts that were serviced somewhere, and that were lost somewhere. */
  readonly served: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
  readonly space: Space;
  /** Everything that happened, each with how often. */
  readonly effects: readonly Effect[];
  /** The moves to the first state, and those by which a state was first reached. */
  readonly prefix: readonly Move[];
  readonly pathTo: (state: number) => Move[];
  /** The content of every part of a state, by name. */
  readonly contentsOf: (state: number) => Readonly<Record<string, unknown>>;
}

const ASK_EVERY = 256;

/** All parts, in the form of changes. */
const everyPart = (width: number): number[] => Array.from({ length: width * 2 }, (_, i) => i >> 1);

/** A move of a world that was turned by swaps, as a move of the world before them. */
function turnBack(swaps: readonly Swap[], turned: readonly number[], { event, picks }: Move): Move {
  return { event: turned.reduceRight((one, i) => swaps[i].event(one), event), picks };
}

/**
 * Goes through everything that can happen, level by level, so that the first path to anything is a
 * shortest one. Drives the same step function as every run.
 */
export function search(machine: Machine, program: Program, options: SearchOptions): SearchResult {
  const driver = createDriver(machine, program, options);
  const space = createSpace(driver.first);
  const parents: number[] = [-1];
  const moves: (Move | null)[] = [null];
  const taken: (readonly number[])[] = [[]];
  const depths: number[] = [0];
  const reached = new Map<string, Reached>();
  const served = new Set<string>(driver.firstSeen.served);
  const lost = new Set<string>(driver.firstSeen.lost);
  const now = new Uint32Array(driver.first.length);
  let transitions = 0;

  const { swaps } = options;
  /** Moves to a state, and the swaps that make the world they lead to the one that is kept. */
  const wayTo = (state: number): { path: Move[]; turned: number[] } => {
    const states: number[] = [];
    for (let at = state; at > 0; at = parents[at]) states.push(at);
    const path: Move[] = [];
    const turned: number[] = [];
    for (const at of states.reverse()) {
      const move = moves[at];
      if (move) path.push(turnBack(swaps, turned, move));
      turned.push(...taken[at]);
    }
    return { path, turned };
  };
  const note = (from: number, move: Move, finding: Finding): void => {
    if (reached.has(finding.rule) || !options.isGoal(finding)) return;
    const way = wayTo(from);
    const path = [...way.path, turnBack(swaps, way.turned, move)];
    reached.set(finding.rule, { finding, depth: path.length, path, prefix: driver.prefix });
  };
  /** What an effect shows is the same every time. */
  const look = (from: number, move: Move, { seen }: Effect): void => {
    for (const irq of seen.served) served.add(irq);
    for (const irq of seen.lost) lost.add(irq);
    for (const finding of seen.findings) note(from, move, finding);
  };
  const reach = (from: number, move: Move, changes: readonly number[]): void => {
    const { vector, swaps: turns } = driver.representative(now);
    const added = space.add(vector, turns.length === 0 ? changes : everyPart(driver.width()));
    if (added < 0) return;
    parents.push(from);
    moves.push(move);
    taken.push(turns);
    depths.push(depths[from] + 1);
  };
  const before: number[] = [];
  const follow = (from: number, event: Event, effect: Effect): void => {
    transitions++;
    const { changes } = effect;
    const move = { event, picks: effect.picks };
    if (effect.times++ === 0) look(from, move, effect);
    if (changes.length === 0) return;
    for (let i = 0; i < changes.length; i += 2) {
      before[i] = now[changes[i]];
      now[changes[i]] = changes[i + 1];
    }
    reach(from, move, changes);
    for (let i = 0; i < changes.length; i += 2) now[changes[i]] = before[i];
  };

  for (const finding of driver.firstSeen.findings)
    if (!reached.has(finding.rule) && options.isGoal(finding))
      reached.set(finding.rule, { finding, depth: 0, path: [], prefix: driver.prefix });
  let index = 0;
  const endAt = (): SearchEnd | null => {
    if (index === space.size()) return 'fixpoint';
    if (options.stopsAtGoal && reached.size > 0) return 'goal';
    if (options.depthMax > 0 && depths[index] >= options.depthMax) return 'depth';
    if (space.size() >= options.statesMax) return 'states';
    return index % ASK_EVERY === 0 && options.expired() ? 'time' : null;
  };
  let end = endAt();
  for (; end === null; index++, end = endAt()) {
    space.read(index, now);
    for (const event of driver.events(now))
      for (const effect of driver.effects(now, event)) follow(index, event, effect);
  }
  return {
    states: space.size(),
    transitions,
    depth: depths[depths.length - 1],
    end,
    reached,
    served,
    lost,
    space,
    effects: driver.all,
    prefix: driver.prefix,
    pathTo: state => wayTo(state).path,
    contentsOf: state => {
      const vector = new Uint32Array(driver.first.length);
      space.read(state, vector);
      return driver.contents(vector);
    },
  };
}
