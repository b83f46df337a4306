import type { Machine } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { Program } from '../model/program.ts';
import {
  type Agenda,
  type AgendaImage,
  createAgenda,
  next,
  peekTimeNs,
  restore,
  save,
  scheduleAfter,
} from './agenda.ts';
import { boot } from './boot.ts';
import { clone } from './clone.ts';
import { type Env, EVENT, EVENT_KINDS, makePlan } from './env.ts';
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

/** A moment of a run as plain data: with machine, program and answers, all that is to come. */
export interface SimImage {
  readonly state: State;
  readonly agenda: AgendaImage;
}

/** `done`: nothing is left to happen. `limit`: the time or event limit came first. */
export type RunEnd = 'done' | 'limit';

/** Most events of one run. */
export const EVENTS_MAX = 2_000_000;

/** A machine at time 0, before anything happened. */
export const createSim = (machine: Machine, program: Program, chance: Chance): Sim =>
  connect(chance, {
    machine,
    program,
    state: initialState(machine, program),
    agenda: createAgenda(),
  });

/** A machine as it was at some moment; what happens to it leaves the image as it is. */
export const restoreSim = (
  image: SimImage,
  of: { readonly machine: Machine; readonly program: Program },
  chance: Chance,
): Sim =>
  connect(chance, {
    machine: of.machine,
    program: of.program,
    state: clone(image.state),
    agenda: restore(image.agenda),
  });

/** A machine as it is now. */
export const saveSim = ({ state, agenda }: Sim): SimImage => ({
  state: clone(state),
  agenda: save(agenda),
});

function connect(
  chance: Chance,
  parts: {
    readonly machine: Machine;
    readonly program: Program;
    readonly state: State;
    readonly agenda: Agenda;
  },
): Sim {
  const { machine, program, state, agenda } = parts;
  const env: Env = {
    machine,
    program,
    plan: makePlan(machine),
    seed: chance.seed,
    pick: chance.pick,
    onSystemVector,
    schedule:
      program.time.mode === 'interleave'
        ? () => {}
        : (delayNs, code, of) => scheduleAfter(agenda, delayNs, code, of, 0),
  };
  return { env, state, agenda, step: createStep(env) };
}

/** Creates the stacks and lets the script begin. */
export function begin(sim: Sim, out: Out): void {
  boot(sim.env, sim.state, out);
  plan(sim.env, sim.state, 0);
}

/**
 * Carries out the next event: in time order, or whichever the choice door picks of those that are
 * possible. False when nothing is left, or nothing that is due before the program's limit. `events`
 * is how many there were.
 */
export function advance(sim: Sim, out: Out, events: number): boolean {
  return sim.env.program.time.mode === 'timed'
    ? advanceTimed(sim, out)
    : advanceInterleaved(sim, out, events);
}

function advanceTimed(sim: Sim, out: Out): boolean {
  const { state, agenda, step } = sim;
  const { limitNs } = sim.env.program.time;
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
    sim.env.schedule(0, EVENT.thread, index);
    woken = true;
  }
  return woken;
}

function advanceInterleaved(sim: Sim, out: Out, events: number): boolean {
  const { env, state, step } = sim;
  const enabled = enabledEvents(env, state);
  if (enabled.length === 0) return false;
  const event = enabled[enabled.length === 1 ? 0 : env.pick(enabled.length, 'next')];
  out.at(events);
  stepWhole(env, step, { state, event, out });
  return true;
}

/** How a run ended that does not go on. */
export const endOf = (sim: Sim): RunEnd =>
  peekTimeNs(sim.agenda) === Number.POSITIVE_INFINITY ? 'done' : 'limit';

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
  let events = 0;
  while (events < EVENTS_MAX && advance(sim, recorder.out, events)) events++;
  return { sim, recorder, end: events < EVENTS_MAX ? endOf(sim) : 'limit' };
}
