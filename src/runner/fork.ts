import { checkMessages, checkRun } from '../check/checker.ts';
import { raisesOf } from '../check/liveness.ts';
import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import { sameChoices } from './choose-run.ts';
import { type Flip, turn, type When } from './flip.ts';
import type { RunView } from './run-view.ts';
import { type TimedPatch, watchRun } from './watch.ts';

/** A run, and what makes it come out the same once more. */
export interface Forked {
  readonly view: RunView;
  readonly program: Program;
  readonly patches: readonly TimedPatch[];
}

/** A program on a machine, with the answers that lead to one run of it. */
export interface RunPlan {
  readonly machine: Machine;
  readonly program: Program;
  readonly seed: number;
  readonly choices: readonly number[];
}

/**
 * What would have been, had bits been turned over on the way, each in the run the ones before it
 * led to. Questions at the choice door get the same answers. Null where a bit can’t be turned over.
 */
export function forkAt(plan: RunPlan, flips: readonly Flip[]): Forked | null {
  let { program } = plan;
  let patches: readonly TimedPatch[] = [];
  let last = runPatched(plan, program, patches);
  for (const flip of flips) {
    const { trace } = last.view;
    const event = last.eventOf[flip.seq];
    if (event === undefined) return null;
    const stateAt = (when: When): State =>
      stateAfter(plan, program, { patches, event: when === 'before' ? event - 1 : event });
    const turned = turn(plan.machine, program, { trace, flip, stateAt });
    if (!turned) return null;
    if (turned.kind === 'program') program = turned.program;
    else {
      const at = turned.when === 'before' ? event : event + 1;
      const later = patches.map(one => (one.event >= at ? { ...one, event: one.event + 1 } : one));
      patches = [...later, { event: at, patch: turned.patch }];
    }
    last = runPatched(plan, program, patches);
  }
  return { view: last.view, program, patches };
}

/** A run with its patches, and the event that made each record. */
function runPatched(plan: RunPlan, program: Program, patches: readonly TimedPatch[]) {
  const { machine } = plan;
  const eventOf: number[] = [];
  let event = 0;
  const chance = sameChoices(plan.choices, plan.seed);
  const { trace, sim, end } = watchRun(machine, program, {
    chance,
    patches,
    visit: (_state, records) => {
      for (const { seq } of records) eventOf[seq] = event;
      event++;
    },
  });
  const findings = [...checkMessages(machine, trace), ...checkRun(machine, trace)];
  const view: RunView = {
    trace,
    state: sim.state,
    end,
    findings: findings.sort((a, b) => a.seq - b.seq),
    raises: raisesOf(machine, trace),
    choices: chance.taken(),
  };
  return { view, eventOf };
}

/** A copy of the state after an event; before the first event, as it begins. */
function stateAfter(
  { machine, seed, choices }: RunPlan,
  program: Program,
  at: { readonly patches: readonly TimedPatch[]; readonly event: number },
): State {
  let found: State | null = null;
  let event = 0;
  const chance = sameChoices(choices, seed);
  const visit = (state: State): void => {
    if (event++ === at.event) found = structuredClone(state);
  };
  const { sim } = watchRun(machine, program, { chance, patches: at.patches, visit });
  return found ?? sim.state;
}
