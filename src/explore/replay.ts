import type { Event } from '../engine/env.ts';
import { enabledEvents, stepWhole } from '../engine/interleave.ts';
import { createRecorder } from '../engine/recorder.ts';
import { begin, createSim } from '../engine/run.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { Move } from './driver.ts';
import { tell } from './tell.ts';

/** An answer at the choice door, and what it means. */
export interface Answered {
  readonly answer: number;
  readonly meaning: string;
}

const same = (a: Event, b: Event): boolean => a.kind === b.kind && a.of === b.of;

/**
 * The answers that make a run of a scenario go the way of a search; null where the run cannot go
 * that way.
 */
export function answersFor(scenario: Scenario, moves: readonly Move[]): Answered[] | null {
  const answers: Answered[] = [];
  const inner: number[] = [];
  const take = (n: number, label: string): number => {
    const answer = Math.min(inner.shift() ?? 0, n - 1);
    answers.push({ answer, meaning: label });
    return answer;
  };
  const { machine, program, seed } = scenario;
  const sim = createSim(machine, program, { seed, pick: take });
  const recorder = createRecorder(machine);
  begin(sim, recorder.out);
  for (const move of moves) {
    const wanted = move.event;
    const enabled = enabledEvents(sim.env, sim.state);
    const index = enabled.findIndex(event => same(event, wanted));
    if (index < 0) return null;
    const before = recorder.trace.length;
    const place = answers.length;
    if (enabled.length > 1) answers.push({ answer: index, meaning: '' });
    inner.push(...move.picks);
    stepWhole(sim.env, sim.step, { state: sim.state, event: wanted, out: recorder.out });
    if (enabled.length > 1)
      answers[place] = { answer: index, meaning: tell(machine, recorder.trace.slice(before)) };
  }
  return answers;
}
