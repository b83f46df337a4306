import type { Machine } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { Program } from '../model/program.ts';
import { type Agenda, createAgenda, next, peekTimeNs, schedule } from './agenda.ts';
import { boot } from './boot.ts';
import { type Env, EVENT_KINDS, makePlan } from './env.ts';
import { enabledEvents, stepWhole } from './interleave.ts';
import { onSystemVector } from './posting.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { initialState, type State } from './state.ts';
import { createStep, plan, type StepFunction } from './step.ts';

/** Where what is not determined comes from: the seed of random streams, and the choice door. */
export interface Chance {
  readonly seed: number;
  /** A number below `n`. */
  readonly pick: (n: number, label: string) => number;
}

/** A machine that runs: its state, what is still to come, and the step function. */
export interface Sim {
  readonly env: Env;
  readonly state: State;
  readonly agenda: Agenda;
  readonly step: StepFunction;
}

/** `done`: nothing is left to happen. `limit`: the time or event limit came first. */
export type RunEnd = 'done' | 'limit';

/** Most events of one run. */
export const EVENTS_MAX = 2_000_000;

/** A machine at time 0, before anything happened. */
export function createSim(machine: Machine, program: Program, chance: Chance): Sim {
  const agenda = createAgenda();
  const env: Env = {
    machine,
    program,
    plan: makePlan(machine),
    seed: chance.seed,
    pick: chance.pick,
    onSystemVector,
    schedule: (delayNs, kind, of) =>
      schedule(agenda, agenda.timeNs + delayNs, EVENT_KINDS.indexOf(kind), of, 0),
  };
  return { env, state: initialState(machine, program), agenda, step: createStep(env) };
}

/** Creates the stacks and lets the script begin. */
export function begin(sim: Sim, out: Out): void {
  boot(sim.env, sim.state, out);
  plan(sim.env, sim.state, 0);
}

/** Carries out the next event in time order; false when nothing is left, or the limit is passed. */
export function advance(sim: Sim, out: Out, limitNs: number): boolean {
  const { state, agenda, step } = sim;
  if (!next(agenda, limitNs)) {
    if (peekTimeNs(agenda) !== Number.POSITIVE_INFINITY || !wakeQuiet(sim)) return false;
    if (!next(agenda, limitNs)) return false;
  }
  state.timeNs = agenda.timeNs;
  out.at(agenda.timeNs);
  step(state, { kind: EVENT_KINDS[agenda.kind], of: agenda.a }, out);
  return true;
}

/** Steps that wait until nothing else is going on may go on now. */
function wakeQuiet(sim: Sim): boolean {
  let woken = false;
  for (const [index, thread] of sim.state.threads.entries()) {
    if (!thread.quiet) continue;
    thread.quiet = 0;
    sim.env.schedule(0, 'thread', index);
    woken = true;
  }
  return woken;
}

/** Runs a machine in time order to its end. */
function runTimed(sim: Sim, out: Out): RunEnd {
  const { limitNs } = sim.env.program.time;
  for (let events = 0; events < EVENTS_MAX; events++)
    if (!advance(sim, out, limitNs))
      return peekTimeNs(sim.agenda) === Number.POSITIVE_INFINITY ? 'done' : 'limit';
  return 'limit';
}

/** Runs a machine in one of the possible orders; the choice door says which. */
function runInterleaved(sim: Sim, out: Out): RunEnd {
  const { env, state, step } = sim;
  for (let events = 0; events < EVENTS_MAX; events++) {
    const enabled = enabledEvents(env, state);
    if (enabled.length === 0) return 'done';
    const event = enabled[enabled.length === 1 ? 0 : env.pick(enabled.length, 'next')];
    out.at(events);
    stepWhole(env, step, { state, event, out });
  }
  return 'limit';
}

/** One finished run. */
export interface Run {
  readonly sim: Sim;
  readonly recorder: Recorder;
  readonly end: RunEnd;
}

/** Runs a program on a machine from its beginning to its end and keeps the whole trace. */
export function run(machine: Machine, program: Program, chance: Chance): Run {
  const sim = createSim(machine, program, chance);
  const recorder = createRecorder(machine);
  begin(sim, recorder.out);
  const drive = program.time.mode === 'timed' ? runTimed : runInterleaved;
  return { sim, recorder, end: drive(sim, recorder.out) };
}
