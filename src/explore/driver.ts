import { createLedger } from '../check/ledger.ts';
import { boot } from '../engine/boot.ts';
import { createChoices } from '../engine/choice.ts';
import { type Env, EVENT_KINDS, type Event, makePlan } from '../engine/env.ts';
import { enabledActions, enabledEvents, stepWhole } from '../engine/interleave.ts';
import { onSystemVector } from '../engine/posting.ts';
import { initialState } from '../engine/state.ts';
import { createStep } from '../engine/step.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';

import { createContents } from './contents.ts';
import { createMemo } from './memo.ts';
import { normaliser, type PartRule } from './normalise.ts';
import { createObserver, type Seen } from './observe.ts';
import { createOrbits, type Orbits, type Representative } from './orbits.ts';
import { copy, equal } from './plain.ts';
import type { Swap } from './swaps.ts';
import { clearMarks, PARTS_MAX, type Watched, type World, watch } from './world.ts';

/** One step of a path: what happened, and the answers it took at the choice door. */
export interface Move {
  readonly event: Event;
  readonly picks: readonly number[];
}

/** How worlds are driven, and which of them are told apart. */
export interface DriverOptions {
  readonly seed: number;
  /** What is forgotten of a world. */
  readonly forget: readonly PartRule[];
  /** Of the events that may come next, those that have to be tried. */
  readonly select: (env: Env, world: World, events: readonly Event[]) => readonly Event[];
  /** The beginning of the script, where only one thing can happen, is searched as all else is. */
  readonly fromStart?: true;
  /** Changes of places that leave the machine and its program as they are. */
  readonly swaps: readonly Swap[];
}

/** One way an event can go: which parts get which contents, and what it shows. */
export interface Effect {
  /** Part, number, part, number, … */
  readonly changes: readonly number[];
  /** Answers at the choice door that make it go this way. */
  readonly picks: readonly number[];
  readonly seen: Readonly<Seen>;
  /** How often a search has gone this way. */
  times: number;
}

/** Turns worlds, as vectors of numbers, into what can happen in them. */
export interface Driver {
  readonly first: Uint32Array;
  /** The moves to the first world: the script as far as only one thing can happen. */
  readonly prefix: readonly Move[];
  /** What showed on the way to the first world. */
  readonly firstSeen: Readonly<Seen>;
  /** Every way any event went. */
  readonly all: readonly Effect[];
  /** Number of parts worlds have so far. */
  width(): number;
  /** The world that stands for one and all that are the same but for names. */
  representative(vector: Uint32Array): Representative;
  /** What may come next. */
  events(vector: Uint32Array): readonly Event[];
  /** Every way an event can go. */
  effects(vector: Uint32Array, event: Event): readonly Effect[];
  /** The contents behind a vector, by name of the part. */
  contents(vector: Uint32Array): Record<string, unknown>;
}

/** The machine and its program as a search drives them: nothing takes time. */
export function searchEnv(machine: Machine, program: Program, seed: number): Env {
  const instant = { busNs: 0, remapNs: 0, cpuNs: 0, writeNs: 0, handlerNs: 0 };
  const timeless: Machine = { ...machine, latency: instant };
  return {
    machine: timeless,
    program: { ...program, time: { ...program.time, mode: 'interleave' } },
    seed,
    plan: makePlan(timeless),
    pick: () => {
      throw new Error('a choice outside an event');
    },
    onSystemVector,
    schedule: () => {},
  };
}

const EVENTS_QUESTION = -1;
const codeOf = (event: Event): number => EVENT_KINDS.indexOf(event.kind) * 0x10000 + event.of;

export function createDriver(machine: Machine, program: Program, options: DriverOptions): Driver {
  const base = searchEnv(machine, program, options.seed);
  const contents = createContents();
  const known = {
    events: createMemo<readonly Event[]>(),
    effects: createMemo<readonly Effect[]>(),
  };
  const watched = watch(
    { state: initialState(base.machine, base.program), ledger: createLedger(machine) },
    part => {
      contents.number(part, undefined);
      // Whoever went through a record depends on its new member too.
      known.events = createMemo();
      known.effects = createMemo();
    },
  );
  const { world } = watched;
  const observer = createObserver(base.machine, world);
  const choices = { current: createChoices(program.choices) };
  const env: Env = { ...base, pick: (n, label) => choices.current.pick(n, label) };
  const step = createStep(env);
  const normalise = normaliser(watched, options.forget);
  const prefix = start(env, watched, {
    step,
    observer,
    normalise,
    choices,
    goes: !options.fromStart,
  });
  const firstSeen = copy(observer.seen);

  const first = new Uint32Array(PARTS_MAX);
  for (const [i, content] of watched.contents.entries()) first[i] = contents.number(i, content);
  const current = Uint32Array.from(first);

  const restore = (vector: Uint32Array): void => {
    for (let i = 0; i < watched.contents.length; i++) {
      if (vector[i] === current[i]) continue;
      watched.contents[i] = copy(contents.at(i, vector[i]));
      current[i] = vector[i];
    }
    clearMarks(watched);
  };
  /** Numbers of the parts an event changed; the world is as before afterwards. */
  const takeChanges = (): number[] => {
    const changes: number[] = [];
    for (const part of watched.looked) {
      const before = contents.at(part, current[part]);
      if (equal(watched.contents[part], before)) continue;
      changes.push(part, contents.number(part, watched.contents[part]));
      watched.contents[part] = copy(before);
    }
    return changes;
  };
  const all: Effect[] = [];
  const carryOut = (event: Event): Effect[] => {
    const ways: Effect[] = [];
    choices.current = createChoices();
    do {
      observer.reset();
      stepWhole(env, step, { state: world.state, event, out: observer.out });
      if (isQuiet(env, world)) observer.judgeQuiet();
      normalise(watched);
      ways.push({
        changes: takeChanges(),
        picks: choices.current.taken(),
        seen: copy(observer.seen),
        times: 0,
      });
    } while (choices.current.advance());
    return ways;
  };
  /** Once more where a part came to be meanwhile: what was gone through before had not shown it. */
  const settled = <T>(work: () => T): T => {
    for (;;) {
      const width = watched.contents.length;
      const result = work();
      if (watched.contents.length === width) return result;
    }
  };

  const driver: Driver = {
    first,
    all,
    prefix,
    firstSeen,
    width: () => watched.contents.length,
    representative: vector => orbits?.representative(vector) ?? { vector, swaps: NO_SWAPS },
    events(vector) {
      const before = known.events.find(EVENTS_QUESTION, vector);
      if (before) return before;
      const chosen = settled(() => {
        restore(vector);
        const possible = [...enabledEvents(env, world.state), ...enabledActions(env, world.state)];
        return options.select(env, world, possible);
      });
      known.events.keep(EVENTS_QUESTION, vector, watched.looked, chosen);
      orbits?.compare(vector, chosen);
      return chosen;
    },
    effects(vector, event) {
      const code = codeOf(event);
      const before = known.effects.find(code, vector);
      if (before) return before;
      const ways = settled(() => {
        restore(vector);
        return carryOut(event);
      });
      all.push(...ways);
      known.effects.keep(code, vector, watched.looked, ways);
      orbits?.learn(vector, event, ways);
      return ways;
    },
    contents: vector =>
      Object.fromEntries(watched.names.map((name, i) => [name, contents.at(i, vector[i])])),
  };
  const orbits: Orbits | null =
    options.swaps.length === 0
      ? null
      : createOrbits(options.swaps, {
          first,
          width: driver.width,
          nameOf: part => watched.names[part],
          partNamed: watched.partNamed,
          events: driver.events,
          effects: driver.effects,
        });
  return driver;
}

const NO_SWAPS: readonly number[] = [];

/** Boots the machine, and goes through the script as far as only one thing can happen. */
function start(
  env: Env,
  watched: Watched,
  by: {
    readonly step: ReturnType<typeof createStep>;
    readonly observer: ReturnType<typeof createObserver>;
    readonly normalise: (watched: Watched) => void;
    readonly choices: { current: ReturnType<typeof createChoices> };
    /** False: only boots. */
    readonly goes: boolean;
  },
): Move[] {
  const moves: Move[] = [];
  const { state } = watched.world;
  const { out } = by.observer;
  boot(env, state, out);
  while (by.goes) {
    const [event, ...others] = enabledEvents(env, state);
    if (!event || others.length > 0 || isOpen(env, watched.world)) break;
    const taken = by.choices.current.taken().length;
    stepWhole(env, by.step, { state, event, out });
    moves.push({ event, picks: by.choices.current.taken().slice(taken) });
    if (isQuiet(env, watched.world)) by.observer.judgeQuiet();
    if (by.choices.current.taken().length > env.program.choices.length)
      throw new Error('the script takes a choice before it branches');
  }
  for (const part of watched.names.keys()) {
    watched.marks[part] = 1;
    watched.looked.push(part);
  }
  by.normalise(watched);
  clearMarks(watched);
  return moves;
}

/** Nothing is on its way, and no software is in the middle of something. */
const isQuiet = (env: Env, { state }: World): boolean => enabledEvents(env, state).length === 0;

/** Whether the next step of the script can go several ways. */
function isOpen(env: Env, { state }: World): boolean {
  const [thread] = state.threads;
  const frame = thread.frames[thread.frames.length - 1];
  const index = frame ? env.program.sequences[frame.sequence][frame.next] : undefined;
  const verb = index === undefined ? '' : env.program.steps[index].what.verb;
  const { remap } = env.machine;
  const cached = remap.kind !== 'none' && remap.cache === 'either';
  return thread.ops.length === 0 && (verb === 'choose' || verb === 'race' || cached);
}
