import { run } from '../engine/run.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { AssignHappening, CreateHappening } from '../model/record.ts';

/** What happens at time 0, before any step. */
export interface BootRecords {
  readonly creations: readonly CreateHappening[];
  readonly assignments: readonly AssignHappening[];
}

const FIRST_ANSWER = { seed: 0, pick: () => 0 };

/** Creates every stack and hands every device over, and lets nothing else happen. */
export function bootRecords(machine: Machine, program: Program): BootRecords {
  const idle = { ...program, steps: [], sequences: [[]], actions: [], choices: [] };
  const { trace } = run(machine, idle, FIRST_ANSWER).recorder;
  return {
    creations: trace.flatMap(record => (record.act === 'create' ? [record] : [])),
    assignments: trace.flatMap(record => (record.act === 'assign' ? [record] : [])),
  };
}
