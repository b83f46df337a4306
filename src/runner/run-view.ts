import { checkMessages, checkRun } from '../check/checker.ts';
import { type RaiseLore, raisesOf } from '../check/liveness.ts';
import { type Chance, type RunEnd, run } from '../engine/run.ts';
import type { State } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';
import { RULES } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';

/** One finished run with everything that was found out about it. */
export interface RunView {
  readonly trace: readonly TraceRecord[];
  readonly state: State;
  readonly end: RunEnd;
  readonly findings: readonly Finding[];
  readonly raises: readonly RaiseLore[];
  /** Answers given at the choice door. */
  readonly choices: readonly number[];
}

/** Runs a program once and checks the trace. */
export function runOnce(
  machine: Machine,
  program: Program,
  chance: Chance & { readonly taken: () => number[] },
): RunView {
  const { sim, recorder, end } = run(machine, program, chance);
  const { trace } = recorder;
  const findings = [...checkMessages(machine, trace), ...checkRun(machine, trace)];
  return {
    trace,
    state: sim.state,
    end,
    findings: findings.sort((a, b) => a.seq - b.seq),
    raises: raisesOf(machine, trace),
    choices: chance.taken(),
  };
}

/** Whether a finding breaks isolation: an isolation or mode rule of severity error. */
export const breaksIsolation = (finding: Pick<Finding, 'rule' | 'also'>): boolean =>
  [finding.rule, ...finding.also].some(
    rule =>
      (rule.startsWith('isolation/') || rule.startsWith('mode/')) &&
      RULES[rule].severity === 'error',
  );

/** Every permitted raise was serviced. */
export const allServiced = (view: RunView): boolean =>
  view.raises.every(raise => raise.servicedSeq >= 0);
