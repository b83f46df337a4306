import { createLedger } from '../../src/check/ledger.ts';
import { boot } from '../../src/engine/boot.ts';
import { createChoices } from '../../src/engine/choice.ts';
import type { Env, Event } from '../../src/engine/env.ts';
import { enabledActions, enabledEvents, stepWhole } from '../../src/engine/interleave.ts';
import { initialState } from '../../src/engine/state.ts';
import { createStep } from '../../src/engine/step.ts';
import { searchEnv } from '../../src/explore/driver.ts';
import { createObserver } from '../../src/explore/observe.ts';
import type { World } from '../../src/explore/world.ts';
import type { Machine } from '../../src/model/machine.ts';
import type { Program } from '../../src/model/program.ts';

/** What a search comes to. */
export interface NaiveResult {
  /** New states on each level, the first one alone on level 0. */
  readonly levels: readonly number[];
  readonly transitions: number;
  /** Shortest way to each rule, in events. */
  readonly found: Readonly<Record<string, number>>;
  /** Whether all levels were gone through, or all there is; false where there were too many states. */
  readonly whole: boolean;
}

/**
 * The same search in the plainest way: whole worlds, told apart by their JSON, one after another.
 * Nothing is left out, shared or remembered. It begins where the script does.
 */
export function naiveSearch(
  machine: Machine,
  program: Program,
  bounds: { readonly levels: number; readonly states: number },
): NaiveResult {
  const search = starter(machine, program);
  const seen = new Set([keyOf(search.first)]);
  const found: Record<string, number> = {};
  for (const rule of search.rules) found[rule] ??= 0;
  const levels = [1];
  let transitions = 0;
  let front: World[] = [search.first];
  for (let level = 1; level <= bounds.levels && front.length > 0; level++) {
    const next: World[] = [];
    for (const world of front)
      for (const { after, rules } of search.steps(world)) {
        transitions++;
        for (const rule of rules) found[rule] ??= level;
        const key = keyOf(after);
        if (seen.has(key)) continue;
        if (seen.size >= bounds.states) return { levels, transitions, found, whole: false };
        seen.add(key);
        next.push(after);
      }
    if (next.length > 0) levels.push(next.length);
    front = next;
  }
  return { levels, transitions, found, whole: true };
}

interface Start {
  readonly first: World;
  readonly rules: readonly string[];
  steps(world: World): { readonly after: World; readonly rules: readonly string[] }[];
}

function starter(machine: Machine, program: Program): Start {
  const base = searchEnv(machine, program, 0);
  const first: World = {
    state: initialState(base.machine, base.program),
    ledger: createLedger(base.machine),
  };
  const observer = createObserver(base.machine, first);
  boot(base, first.state, observer.out);
  return {
    first,
    rules: observer.seen.findings.map(({ rule }) => rule),
    steps: world => {
      const events = [...enabledEvents(base, world.state), ...enabledActions(base, world.state)];
      return events.flatMap(event => ways(base, world, event));
    },
  };
}

function ways(base: Env, world: World, event: Event) {
  const choices = createChoices();
  const env: Env = { ...base, pick: choices.pick };
  const step = createStep(env);
  const found: { after: World; rules: string[] }[] = [];
  do {
    const after: World = JSON.parse(JSON.stringify(world));
    const observer = createObserver(base.machine, after);
    stepWhole(env, step, { state: after.state, event, out: observer.out });
    if (enabledEvents(env, after.state).length === 0) observer.judgeQuiet();
    found.push({ after, rules: observer.seen.findings.map(({ rule }) => rule) });
  } while (choices.advance());
  return found;
}

/** A world as text; when it is does not matter. */
const keyOf = ({ state, ledger }: World): string =>
  JSON.stringify(sorted({ state: { ...state, timeNs: 0 }, ledger }));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
