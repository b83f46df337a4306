import { applyPatch, type Patch } from '../engine/history-change.ts';
import { createRecorder } from '../engine/recorder.ts';
import {
  advance,
  begin,
  type Chance,
  createSim,
  EVENTS_MAX,
  endOf,
  type RunEnd,
  type Sim,
} from '../engine/run.ts';
import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';

/** Gets the state as one event left it, and the records of that event. It must not change them. */
export type Visit = (state: State, records: readonly TraceRecord[]) => void;

/** Words that change past all software, as event number `event`; 0 is the creation of the stacks. */
export interface TimedPatch {
  readonly event: number;
  readonly patch: Patch;
}

/** How a run is watched. */
export interface Watching {
  readonly chance: Chance;
  readonly visit: Visit;
  /** No two for one event. */
  readonly patches?: readonly TimedPatch[];
}

/** A run as it was watched. */
export interface Watched {
  readonly trace: readonly TraceRecord[];
  readonly sim: Sim;
  readonly end: RunEnd;
}

/** Runs a program and shows the state after every event, first after the creation of the stacks. */
export function watchRun(machine: Machine, program: Program, how: Watching): Watched {
  const sim = createSim(machine, program, how.chance);
  const { out, trace } = createRecorder(machine);
  const patches = new Map(how.patches?.map(({ event, patch }) => [event, patch]));
  let seen = 0;
  const show = (): void => {
    how.visit(sim.state, trace.slice(seen));
    seen = trace.length;
  };
  begin(sim, out);
  show();
  let event = 1;
  for (; event < EVENTS_MAX; event++) {
    const patch = patches.get(event);
    if (patch) applyPatch(sim, out, patch, event - 1);
    else if (!advance(sim, out, event - 1)) break;
    show();
  }
  return { trace, sim, end: event < EVENTS_MAX ? endOf(sim) : 'limit' };
}
