import type { Out } from '../model/out.ts';
import type { Env, Event } from './env.ts';
import type { State } from './state.ts';
import type { StepFunction } from './step.ts';
import { isDone, nextStep } from './threads.ts';

/** Every event that may come next, in a fixed order. Messages of one device keep their order. */
export function enabledEvents(env: Env, state: State): Event[] {
  const events: Event[] = [];
  for (let i = 0; i < state.threads.length; i++) {
    const thread = state.threads[i];
    if (thread.ops.length > 0) events.push({ kind: 'thread', of: i });
    else if (thread.children === 0 && nextStep(env, thread)) events.push({ kind: 'thread', of: i });
  }
  if (state.invalidations.length > 0) events.push({ kind: 'invalidate', of: 0 });
  const busy: number[] = [];
  for (let i = 0; i < state.flights.length; i++) {
    const flight = state.flights[i];
    if (!flight || busy.includes(flight.device)) continue;
    busy.push(flight.device);
    events.push({ kind: 'hop', of: i });
  }
  return events;
}

/** What actors may do of their own accord: anything, once the script and their last act are done. */
export function enabledActions(env: Env, state: State): Event[] {
  if (env.program.actions.length === 0 || !isDone(state.threads[0])) return [];
  const busy = state.threads.flatMap((thread, i) => (i > 0 && !isDone(thread) ? [thread.by] : []));
  const events: Event[] = [];
  for (const [of, { realm }] of env.program.actions.entries())
    if (!busy.includes(realm)) events.push({ kind: 'action', of });
  return events;
}

/** One event and whatever belongs to it: with atomic flights, the landing of what was sent. */
export function stepWhole(
  env: Env,
  step: StepFunction,
  at: { readonly state: State; readonly event: Event; readonly out: Out },
): void {
  step(at.state, at.event, at.out);
  if (env.program.time.flight === 'split') return;
  for (let i = at.state.flights.findIndex(Boolean); i >= 0; i = at.state.flights.findIndex(Boolean))
    step(at.state, { kind: 'hop', of: i }, at.out);
}
