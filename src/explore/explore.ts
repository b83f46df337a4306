import type { ActorVerb, Program } from '../model/program.ts';
import { matchesRule, RULES } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import { bootRecords } from '../runner/boot-records.ts';
import { breaksIsolation } from '../runner/run-view.ts';
import type { Scenario } from '../scenario/compile.ts';
import { type FreeProgram, withActors } from '../scenario/compile-explore.ts';
import { explorePlan } from '../scenario/explore-plan.ts';
import { type BlameRow, createBlame } from './blame.ts';
import type { PartRule } from './normalise.ts';
import { ALL_REDUCTIONS, type Reductions, slicesFor } from './reduce.ts';
import { type Reached, type SearchResult, search } from './search.ts';

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
  readonly states: number;
  readonly transitions: number;
  /** Actions on the longest of the shortest paths. */
  readonly depth: number;
  readonly bytesPerState: number;
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
  const bounds = {
    depthMax: options.depthMax ?? plan.depthMax,
    statesMax: options.statesMax ?? plan.statesMax,
    expired: options.expired ?? (() => false),
  };
  const hostile = free.program.actions.some(({ verb }) => !HONEST.includes(verb));
  const goal = options.goal || plan.goal || (hostile ? ISOLATION : ANY_ERROR);
  const isGoal = goalOf(goal);
  const blame = createBlame();
  const slices = slicesFor(goal, options.reduce ?? ALL_REDUCTIONS);
  const all = run(scenario, free.program, { ...bounds, isGoal, slices, blame });
  const honest = hostile
    ? run(scenario, honestly(free.program), { ...bounds, isGoal, slices })
    : all;
  const reached = [...all.reached.values()];
  const broken = reached.some(({ finding }) => breaksIsolation(finding));
  const { creations, assignments } = bootRecords(scenario.machine, scenario.program);
  const refused = [...creations, ...assignments].some(({ error }) => error !== null);
  return {
    scenario,
    free,
    isolated: broken ? false : all.complete ? true : null,
    works: !refused && isServed(scenario, free.program, honest),
    refused,
    complete: all.complete && honest.complete,
    states: all.states,
    transitions: all.transitions,
    depth: all.depth,
    bytesPerState: all.space.memory().bytesPerWorld,
    reached,
    blame: blame.rows(),
    search: all,
  };
}

/** What is looked for unless somebody says otherwise: with a hostile guest, and without one. */
const ISOLATION = 'isolation';
const ANY_ERROR = 'error';

/** Whether a finding is looked for: whatever breaks isolation, any error, or a rule or pattern. */
function goalOf(goal: string): (finding: Finding) => boolean {
  if (goal === ISOLATION) return breaksIsolation;
  if (goal === ANY_ERROR) return ({ rule }) => RULES[rule].severity === 'error';
  return ({ rule, also }) => [rule, ...also].some(name => matchesRule(goal, name));
}

function run(
  { machine, seed }: Scenario,
  program: Program,
  how: {
    readonly depthMax: number;
    readonly statesMax: number;
    readonly expired: () => boolean;
    readonly isGoal: (finding: Finding) => boolean;
    readonly slices: readonly PartRule[];
    readonly blame?: ReturnType<typeof createBlame>;
  },
): SearchResult {
  const { blame, slices, ...bounds } = how;
  return search(machine, program, {
    ...bounds,
    seed,
    forget: slices,
    select: (_env, _world, events) => events,
    symmetry: null,
    ...(blame && { onEffect: (_event, effect) => blame.count(effect.seen.fates) }),
  });
}

const honestly = (program: Program): Program => ({
  ...program,
  actions: program.actions.filter(({ verb }) => HONEST.includes(verb)),
});

/** Nothing is lost, and whatever may raise is serviced at least once. */
const isServed = ({ machine }: Scenario, { actions }: Program, honest: SearchResult): boolean =>
  honest.lost.size === 0 &&
  actions.every(({ verb, irq }) => verb !== 'raise' || honest.served.has(machine.irqs[irq].name));
