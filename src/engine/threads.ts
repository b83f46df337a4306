import type { Branch, Step } from '../model/program.ts';
import type { Env } from './env.ts';
import type { State, Thread } from './state.ts';

/** A thread at the start of a sequence. */
export const newThread = (sequence: number, parent: number): Thread => ({
  frames: [{ sequence, next: 0, rounds: 1 }],
  ops: [],
  parent,
  children: 0,
  quiet: 0,
  startedNs: 0,
  by: 0,
});

/** The step a thread comes to next; null when it is at its end. */
export function nextStep(env: Env, thread: Thread): Step | null {
  const frame = thread.frames[thread.frames.length - 1];
  if (!frame) return null;
  return env.program.steps[env.program.sequences[frame.sequence][frame.next]] ?? null;
}

/** Moves a thread past its step: on, round again, or out of blocks that are done. */
export function pastStep(env: Env, thread: Thread): void {
  thread.frames[thread.frames.length - 1].next++;
  leaveFinished(env, thread);
}

function leaveFinished(env: Env, thread: Thread): void {
  for (;;) {
    const frame = thread.frames[thread.frames.length - 1];
    if (!frame || frame.next < env.program.sequences[frame.sequence].length) return;
    if (frame.rounds > 1) {
      frame.rounds--;
      frame.next = 0;
      return;
    }
    thread.frames.pop();
  }
}

/** A thread goes through a sequence before its own next step. */
export function enter(env: Env, thread: Thread, sequence: number, rounds = 1): void {
  thread.frames.push({ sequence, next: 0, rounds });
  leaveFinished(env, thread);
}

/** Starts the threads of a race; `parent` waits for them. */
export function startRace(
  env: Env,
  state: State,
  parent: number,
  threads: readonly Branch[],
): number[] {
  const started: number[] = [];
  for (const { sequence } of threads) {
    if (env.program.sequences[sequence].length === 0) continue;
    started.push(state.threads.length);
    state.threads.push(newThread(sequence, parent));
  }
  state.threads[parent].children += started.length;
  return started;
}

/** Whether a thread has neither steps nor operations left. */
export const isDone = (thread: Thread): boolean =>
  thread.frames.length === 0 && thread.ops.length === 0 && thread.children === 0;

/** A thread came to its end: its parent may go on. Returns the parent when it is free now. */
export function finish(state: State, index: number): number {
  const { parent } = state.threads[index];
  if (parent < 0) return -1;
  const waiting = state.threads[parent];
  waiting.children--;
  state.threads[index].parent = -1;
  if (waiting.children > 0) return -1;
  while (state.threads.length > 1 && isDone(state.threads[state.threads.length - 1]))
    state.threads.pop();
  return parent;
}
