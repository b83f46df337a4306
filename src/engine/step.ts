import { HOST, NONE } from '../model/machine.ts';
import type { Op } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import type { Step } from '../model/program.ts';
import { endHandler, takeInterrupts } from './cpu.ts';
import { type Env, EVENT, type Event } from './env.ts';
import { hop } from './flight.ts';
import { invalidateNext, runOp } from './ops.ts';
import type { State, Thread } from './state.ts';
import { enter, finish, isDone, newThread, nextStep, pastStep, startRace } from './threads.ts';
import { act } from './verbs.ts';

/** Changes the state by one event and leaves records of it. */
export type StepFunction = (state: State, event: Event, out: Out) => void;

/**
 * The one step function: whatever drives a machine (a run, a replay, an exploration) drives this.
 */
export function createStep(env: Env): StepFunction {
  return (state, event, out) => {
    switch (event.kind) {
      case 'thread':
        return goOn(env, state, out, event.of);
      case 'hop':
        return hop(env, state, out, event.of);
      case 'service':
        return takeInterrupts(env, state, out, event.of);
      case 'eoi':
        return endHandler(env, state, out, event.of);
      case 'invalidate':
        return invalidateNext(env, state, out);
      case 'action':
        return takeAction(env, state, out, event.of);
    }
  };
}

/**
 * An actor does something of its own accord: a thread of its own, done at once where writes are not
 * told apart.
 */
function takeAction(env: Env, state: State, out: Out, action: number): void {
  const thread = newThread(env.program.actions[action].sequence, NONE);
  const free = state.threads.findIndex((old, i) => i > 0 && isDone(old) && old.parent === NONE);
  const index = free < 0 ? state.threads.length : free;
  state.threads[index] = thread;
  thread.by = env.program.actions[action].realm;
  goOn(env, state, out, index);
  if (env.program.time.writes === 'atomic') while (!isDone(thread)) goOn(env, state, out, index);
  dropDone(state);
}

/** Threads of actions leave no trace once they are done. */
function dropDone(state: State): void {
  for (let last = state.threads.length - 1; last > 0; last--) {
    if (!isDone(state.threads[last]) || state.threads[last].parent !== NONE) return;
    state.threads.pop();
  }
}

/** A thread carries out its next operation, or else its next step. */
function goOn(env: Env, state: State, out: Out, index: number): void {
  const thread = state.threads[index];
  if (thread.ops.length > 0) nextOp(env, state, out, index);
  else {
    const step = nextStep(env, thread);
    if (step) begin(env, state, out, { index, thread, step });
  }
  while (thread.ops.length > 0 && isAtOnce(env, thread.ops[0])) nextOp(env, state, out, index);
  plan(env, state, index);
}

/** Nothing can come between an operation and the one before. */
const isAtOnce = (env: Env, op: Op): boolean =>
  env.program.time.writes === 'atomic' ||
  (env.program.time.mode === 'timed' && delayOf(env, op) === 0);

/** A message in queue memory changes when the device carries the command out. */
function delayOf({ machine }: Env, op: Op): number {
  const { writeNs, commandNs } = machine.latency;
  const isCommand = op.op === 'store' && machine.devices[op.device].store === 'ims-queue';
  return isCommand ? commandNs : writeNs;
}

function nextOp(env: Env, state: State, out: Out, index: number): void {
  const thread = state.threads[index];
  const op = thread.ops.shift();
  if (!op) return;
  if (out.level === 'full') {
    const forGuest = op.by === HOST && thread.by !== HOST;
    out.resume(forGuest ? `host for ${thread.by}` : `thread ${index}`);
  }
  runOp(env, state, out, op, thread.ops);
}

function begin(
  env: Env,
  state: State,
  out: Out,
  at: { index: number; thread: Thread; step: Step },
): void {
  const { index, thread, step } = at;
  const { what } = step;
  thread.startedNs = state.timeNs;
  thread.quiet = 0;
  thread.by = step.by;
  if (out.level !== 'silent') tellStep(env, out, step, index);
  pastStep(env, thread);
  switch (what.verb) {
    case 'race':
      for (const child of startRace(env, state, index, what.threads)) plan(env, state, child);
      break;
    case 'choose': {
      const picked = env.pick(what.branches.length, `choose ${step.index}`);
      const branch = what.branches[picked];
      out.emit('script', {
        act: 'choice',
        label: branch.name,
        options: what.branches.length,
        picked,
      });
      enter(env, thread, branch.sequence);
      break;
    }
    case 'repeat':
      enter(env, thread, what.sequence, what.times);
      break;
    case 'wait':
      break;
    default:
      act(env, state, out, step, thread.ops);
  }
}

function tellStep(env: Env, out: Out, step: Step, thread: number): void {
  const { index, what, label, by } = step;
  out.resume('');
  out.emit(env.machine.realms[by].name, { act: 'step', step: index, verb: what.verb, label });
  if (out.level === 'full') out.mark(`thread ${thread}`);
  out.follow();
}

/** Says when a thread goes on, or that it is done. */
export function plan(env: Env, state: State, index: number): void {
  const thread = state.threads[index];
  if (thread.ops.length > 0) {
    env.schedule(delayOf(env, thread.ops[0]), EVENT.thread, index);
    return;
  }
  if (thread.children > 0) return;
  if (isDone(thread)) {
    const parent = finish(state, index);
    if (parent >= 0) plan(env, state, parent);
    dropDone(state);
    return;
  }
  const step = nextStep(env, thread);
  if (!step) return;
  if (step.what.verb === 'wait') env.schedule(step.what.forNs, EVENT.thread, index);
  else if (step.atNs >= 0) env.schedule(Math.max(0, step.atNs - state.timeNs), EVENT.thread, index);
  else if (step.afterNs >= 0)
    env.schedule(Math.max(0, thread.startedNs + step.afterNs - state.timeNs), EVENT.thread, index);
  else thread.quiet = 1;
}
