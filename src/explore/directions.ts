import type { Event } from '../engine/env.ts';
import { stepWhole } from '../engine/interleave.ts';
import { begin, createSim } from '../engine/run.ts';
import { SILENT } from '../model/out.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { FreeProgram } from '../scenario/compile-explore.ts';
import type { StepYaml } from '../scenario/schema-steps.ts';
import type { Move } from './driver.ts';

/** What actors did, as steps, and the moves by which a run goes the same way. */
export interface Directions {
  readonly steps: readonly StepYaml[];
  readonly moves: readonly Move[];
}

/** What a way is made of. */
export interface Went {
  readonly scenario: Scenario;
  readonly free: FreeProgram;
  readonly moves: readonly Move[];
}

const SCRIPT: Event = { kind: 'thread', of: 0 };

/** Actions as steps of the script, one after another: right where none begins before another ends. */
export const inARow = ({ scenario, free, moves }: Went): Directions => ({
  steps: moves.flatMap(({ event }) => (event.kind === 'action' ? free.written[event.of] : [])),
  moves: moves.flatMap(move =>
    move.event.kind === 'action' ? stepMoves(scenario, free, move, SCRIPT) : [move],
  ),
});

/** An action begins with its first step, or is done at once: then each of its steps is a move. */
function stepMoves(
  { program }: Scenario,
  { written }: FreeProgram,
  { event, picks }: Move,
  thread: Event,
): Move[] {
  const first = { event: thread, picks };
  if (program.time.writes === 'split') return [first];
  return [first, ...written[event.of].slice(1).map(() => ({ event: thread, picks: [] }))];
}

/** Actions as threads that race, one for each realm: right whatever the order of their writes. */
export function asRace(went: Went): Directions {
  const { scenario, free, moves } = went;
  const realms = realmsOf(went);
  const order = [...new Set(realms.filter(realm => realm >= 0))];
  const names = order.map(realm => scenario.machine.realms[realm].name);
  const bodies = names.map((name, i): [string, StepYaml[]] => [
    name,
    moves.flatMap(({ event }) =>
      event.kind === 'action' && free.program.actions[event.of].realm === order[i]
        ? free.written[event.of]
        : [],
    ),
  ]);
  const first = moves.findIndex(({ event }) => event.kind === 'action');
  const turned = moves.map((move, i): Move[] => {
    if (realms[i] < 0) return [move];
    const thread: Event = { kind: 'thread', of: 1 + order.indexOf(realms[i]) };
    if (move.event.kind === 'action') return stepMoves(scenario, free, move, thread);
    return [{ ...move, event: thread }];
  });
  const start: Move = { event: SCRIPT, picks: [] };
  return {
    steps: [{ race: Object.fromEntries(bodies) }],
    moves: [...turned.slice(0, first), [start], ...turned.slice(first)].flat(),
  };
}

/** By move: the realm whose action began or went on; -1 for anything else. */
function realmsOf({ scenario, free, moves }: Went): number[] {
  const picks: number[] = [];
  const sim = createSim(scenario.machine, orderly(free), {
    seed: scenario.seed,
    pick: n => Math.min(picks.shift() ?? 0, n - 1),
  });
  begin(sim, SILENT);
  let acted = false;
  return moves.map(({ event, picks: answers }) => {
    const { threads } = sim.state;
    acted ||= event.kind === 'action';
    const realm =
      event.kind === 'action'
        ? free.program.actions[event.of].realm
        : event.kind === 'thread' && acted
          ? threads[event.of].by
          : -1;
    picks.push(...answers);
    stepWhole(sim.env, sim.step, { state: sim.state, event, out: SILENT });
    picks.length = 0;
    return realm;
  });
}

const orderly = ({ program }: FreeProgram): FreeProgram['program'] => ({
  ...program,
  time: { ...program.time, mode: 'interleave' },
});
