import { createLedger } from '../check/ledger.ts';
import { boot } from '../engine/boot.ts';
import type { Env, Event } from '../engine/env.ts';
import { enabledActions, enabledEvents, stepWhole } from '../engine/interleave.ts';
import { drawBelow, type RandomStreams } from '../engine/random.ts';
import { initialState } from '../engine/state.ts';
import { createStep } from '../engine/step.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { Finding } from '../model/violation.ts';
import { type Move, searchEnv } from './driver.ts';
import { createObserver } from './observe.ts';

/** How one random walk goes. */
export interface WalkOptions {
  readonly seed: number;
  /** Tells this walk from others of the same seed. */
  readonly name: string;
  readonly stepsMax: number;
  readonly isGoal: (finding: Finding) => boolean;
}

/** A random walk, up to its end or to the first finding that is looked for. */
export interface Walk {
  readonly moves: readonly Move[];
  readonly finding: Finding | null;
}

/** Walks through a machine by chance: whatever may happen, in an order drawn from the seed. */
export function randomWalk(machine: Machine, program: Program, options: WalkOptions): Walk {
  const { seed, name, stepsMax, isGoal } = options;
  const streams: RandomStreams = {};
  const draw = (n: number): number => (n < 2 ? 0 : drawBelow(streams, seed, `walk/${name}`, n));
  const world = { state: initialState(machine, program), ledger: createLedger(machine) };
  const observer = createObserver(machine, world);
  const picks: number[] = [];
  const env: Env = {
    ...searchEnv(machine, program, seed),
    pick: n => {
      const picked = draw(n);
      picks.push(picked);
      return picked;
    },
  };
  const step = createStep(env);
  boot(env, world.state, observer.out);
  const moves: Move[] = [];
  while (moves.length < stepsMax) {
    const event = chooseEvent(env, enabledEvents(env, world.state), draw, () =>
      enabledActions(env, world.state),
    );
    if (!event) break;
    picks.length = 0;
    observer.reset();
    stepWhole(env, step, { state: world.state, event, out: observer.out });
    if (enabledEvents(env, world.state).length === 0) observer.judgeQuiet();
    moves.push({ event, picks: [...picks] });
    const finding = observer.seen.findings.find(isGoal) ?? null;
    if (finding) return { moves, finding };
  }
  return { moves, finding: null };
}

/** Each kind of act is as likely as any other, however many variants it has. */
function chooseEvent(
  env: Env,
  events: readonly Event[],
  draw: (n: number) => number,
  actions: () => readonly Event[],
): Event | null {
  const free = actions();
  const families = [...new Set(free.map(({ of }) => familyOf(env, of)))];
  const choice = draw(events.length + families.length);
  if (choice < events.length) return events[choice] ?? null;
  const family = families[choice - events.length];
  const members = free.filter(({ of }) => familyOf(env, of) === family);
  return members[draw(members.length)] ?? null;
}

function familyOf({ program }: Env, action: number): string {
  const { realm, verb, family } = program.actions[action];
  return `${realm} ${verb} ${family}`;
}
