import type { ActorVerb } from '../model/program.ts';
import { matchesRule, RULES } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import { bootRecords } from '../runner/boot-records.ts';
import { breaksIsolation } from '../runner/run-view.ts';
import type { Scenario } from '../scenario/compile.ts';
import { type FreeProgram, withActors } from '../scenario/compile-explore.ts';
import { explorePlan } from '../scenario/explore-plan.ts';
import { ampleEvents } from './ample.ts';
import { type BlameRow, blameOf } from './blame.ts';
import { isNotSymmetric } from './orbits.ts';
import { ALL_REDUCTIONS, type Reductions, slicesFor } from './reduce.ts';
import {
  type Reached,
  type SearchEnd,
  type SearchOptions,
  type SearchResult,
  search,
} from './search.ts';
import { type Swap, swapsOf } from './swaps.ts';

/** Bounds of an exploration; what is missing is as the file says. */
export interface ExploreOptions {
  /** Most actions of a path. */
  readonly depthMax?: number;
  readonly statesMax?: number;
  /** Rule or pattern looked for. */
  readonly goal?: string;
  readonly reduce?: Reductions;
  /** True when time is up. */
  readonly expired?: () => boolean;
}

/** What every order of everything comes to. */
export interface Exploration {
  readonly scenario: Scenario;
  readonly free: FreeProgram;
  /** Null: nothing was found, and not everything was tried. */
  readonly isolated: boolean | null;
  /** Without attacks everything permitted arrives, and something does for every interrupt. */
  readonly works: boolean;
  /** A stack or an assignment was refused at the start. */
  readonly refused: boolean;
  readonly complete: boolean;
  readonly end: SearchEnd;
  readonly states: number;
  readonly transitions: number;
  /** Actions on the longest of the shortest paths. */
  readonly depth: number;
  readonly bytesPerState: number;
  /** Pairs of guests that were taken for one another: they are the same but for names. */
  readonly swaps: number;
  /** The first finding of each rule that was looked for, each by a shortest path. */
  readonly reached: readonly Reached[];
  readonly blame: readonly BlameRow[];
  readonly search: SearchResult;
}

const HONEST: readonly ActorVerb[] = ['use', 'free', 'raise', 'affinity'];

/** Goes through everything that can happen in a scenario. */
export function explore(scenario: Scenario, options: ExploreOptions = {}): Exploration {
  const plan = explorePlan(scenario.explore);
  const free = withActors(scenario);
  const goal = options.goal || plan.goal || defaultGoal(free);
  const how: How = {
    depthMax: options.depthMax ?? plan.depthMax,
    statesMax: options.statesMax ?? plan.statesMax,
    expired: options.expired ?? (() => false),
    isGoal: goalOf(goal),
    goal,
    reduce: options.reduce ?? ALL_REDUCTIONS,
  };
  const all = goThrough(scenario, free, how);
  const honest = isHostile(free) ? goThrough(scenario, honestly(free), how) : all;
  const reached = [...all.result.reached.values()];
  const broken = reached.some(({ finding }) => breaksIsolation(finding));
  const { creations, assignments } = bootRecords(scenario.machine, scenario.program);
  const refused = [...creations, ...assignments].some(({ error }) => error !== null);
  return {
    scenario,
    free,
    isolated: broken ? false : all.result.end === 'fixpoint' ? true : null,
    works: !refused && isServed(scenario, free, honest),
    refused,
    complete: [all, honest].every(({ result }) => result.end === 'fixpoint'),
    end: all.result.end,
    states: all.result.states,
    transitions: all.result.transitions,
    depth: all.result.depth,
    bytesPerState: all.result.space.memory().bytesPerWorld,
    swaps: all.swaps.length,
    reached,
    blame: all.blame,
    search: all.result,
  };
}

/** Goals that are no rules. */
const ISOLATION = 'isolation';
const ANY_ERROR = 'error';

const isHostile = ({ program }: FreeProgram): boolean =>
  program.actions.some(({ verb }) => !HONEST.includes(verb));

/** What is looked for where nobody says: whether a hostile guest breaks out, or any error. */
export const defaultGoal = (free: FreeProgram): string => (isHostile(free) ? ISOLATION : ANY_ERROR);

/** Whether a finding is looked for: whatever breaks isolation, any error, or a rule or pattern. */
export function goalOf(goal: string): (finding: Finding) => boolean {
  if (goal === ISOLATION) return breaksIsolation;
  if (goal === ANY_ERROR) return ({ rule }) => RULES[rule].severity === 'error';
  return ({ rule, also }) => [rule, ...also].some(name => matchesRule(goal, name));
}

type Bounds = Pick<SearchOptions, 'depthMax' | 'statesMax' | 'expired' | 'isGoal'>;

interface How extends Bounds {
  readonly goal: string;
  readonly reduce: Reductions;
}

/** One search, and what made it smaller. */
interface Gone {
  readonly result: SearchResult;
  readonly blame: readonly BlameRow[];
  readonly swaps: readonly Swap[];
  /** Some events were not tried in every order. */
  readonly partly: boolean;
}

/**
 * Searches; once more without symmetry where it turns out not to hold. Partial order leaves every
 * finding there is, but maybe by a longer way: the shortest one is looked for again without it.
 */
function goThrough(scenario: Scenario, free: FreeProgram, how: How): Gone {
  const gone = goSymmetric(scenario, free, how);
  const found = [...gone.result.reached.values()];
  if (!how.reduce.includes('por') || !gone.partly || found.length === 0) return gone;
  const depthMax = Math.max(1, ...found.map(({ depth }) => depth));
  const reduce = how.reduce.filter(name => name !== 'por');
  const { result } = goSymmetric(scenario, free, { ...how, reduce, depthMax });
  return { ...gone, result: { ...gone.result, reached: result.reached } };
}

function goSymmetric(scenario: Scenario, free: FreeProgram, how: How): Gone {
  const swaps = how.reduce.includes('sym') ? swapsOf(scenario.machine, free) : [];
  try {
    return goOnce(scenario, free, { ...how, swaps });
  } catch (error) {
    if (!isNotSymmetric(error)) throw error;
    return goOnce(scenario, free, { ...how, swaps: [] });
  }
}

function goOnce(
  { machine, seed }: Scenario,
  { program }: FreeProgram,
  how: How & { readonly swaps: readonly Swap[] },
): Gone {
  const { goal, reduce, swaps, ...bounds } = how;
  let partly = false;
  const ample: SearchOptions['select'] = (env, world, events) => {
    const chosen = ampleEvents(env, world, events);
    partly ||= chosen.length < events.length;
    return chosen;
  };
  const result = search(machine, program, {
    ...bounds,
    seed,
    forget: slicesFor({ machine, program, goal, reduce }),
    select: reduce.includes('por') ? ample : (_env, _world, events) => events,
    swaps,
  });
  return { result, blame: blameOf(result.effects), swaps, partly };
}

/** Without what only a hostile guest does. */
function honestly({ program, written }: FreeProgram): FreeProgram {
  const kept = program.actions.flatMap(({ verb }, i) => (HONEST.includes(verb) ? [i] : []));
  return {
    program: { ...program, actions: kept.map(i => program.actions[i]) },
    written: kept.map(i => written[i]),
  };
}

/** Nothing is lost, and whatever may raise is serviced at least once. */
function isServed({ machine }: Scenario, { program }: FreeProgram, honest: Gone): boolean {
  const { lost, served } = honest.result;
  if (lost.size > 0) return false;
  const names = new Set(served);
  for (const swap of honest.swaps) for (const name of served) names.add(swap.irq(name));
  return program.actions.every(
    ({ verb, irq }) => verb !== 'raise' || names.has(machine.irqs[irq].name),
  );
}
