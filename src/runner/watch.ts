import { createRecorder } from '../engine/recorder.ts';
import { advance, begin, type Chance, createSim, EVENTS_MAX } from '../engine/run.ts';
import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';

/** Gets the state as one event left it, and the records of that event. It must not change them. */
export type Visit = (state: State, records: readonly TraceRecord[]) => void;

/** Runs a program and shows the state after every event, first after the creation of the stacks. */
export function watchRun(
  machine: Machine,
  program: Program,
  how: { readonly chance: Chance; readonly visit: Visit },
): void {
  const sim = createSim(machine, program, how.chance);
  const { out, trace } = createRecorder(machine);
  let seen = 0;
  const show = (): void => {
    how.visit(sim.state, trace.slice(seen));
    seen = trace.length;
  };
  begin(sim, out);
  show();
  for (let events = 0; events < EVENTS_MAX && advance(sim, out, events); events++) show();
}
