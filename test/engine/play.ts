import { createChoices } from '../../src/engine/choice.ts';
import type { TraceRecord } from '../../src/model/record.ts';
import { type RunView, runOnce } from '../../src/runner/run-view.ts';
import { type PlaceValue, readPlace } from '../../src/runner/state-path.ts';
import type { Scenario } from '../../src/scenario/compile.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/** A scenario as a plain object, without the keys every file has. */
export interface Script {
  readonly platform?: object;
  readonly guests?: object;
  readonly devices: object;
  readonly steps: readonly object[];
  readonly [key: string]: unknown;
}

/** One run of a scenario. */
export interface Played extends RunView {
  readonly scenario: Scenario;
  /** What a place holds at the end. */
  readonly at: (place: string) => PlaceValue | null;
}

/** Loads a script: plain objects are YAML too. Throws where it is not sound. */
export function scenarioOf(script: Script): Scenario {
  const text = JSON.stringify({ irqscope: 1, name: 'script', title: 'a script', ...script });
  const { scenarios, problems } = loadScenario('script.yaml', text, () => null);
  if (problems.length > 0)
    throw new Error(problems.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return scenarios[0];
}

const played = (scenario: Scenario, view: RunView): Played => ({
  ...view,
  scenario,
  at: place => readPlace(scenario.machine, view.state, place),
});

/** Runs a script once; choices are answered from the list, then with 0. */
export function play(script: Script, answers: readonly number[] = []): Played {
  const scenario = scenarioOf(script);
  const { machine, program, seed } = scenario;
  return played(scenario, runOnce(machine, program, { ...createChoices(answers), seed }));
}

/** Runs a script in every order and with every choice it has. */
export function playAll(script: Script): Played[] {
  const scenario = scenarioOf(script);
  const { machine, program, seed } = scenario;
  const choices = createChoices();
  const runs: Played[] = [];
  do runs.push(played(scenario, runOnce(machine, program, { ...choices, seed })));
  while (choices.advance());
  return runs;
}

type Act = TraceRecord['act'];
type RecordOf<A extends Act> = Extract<TraceRecord, { act: A }>;

/** Records of one kind, in order. */
export const recordsOf = <A extends Act>(run: RunView, act: A): RecordOf<A>[] =>
  run.trace.filter((record): record is RecordOf<A> => record.act === act);

/** What was serviced, as `cpu irq-or-vector outcome`, in order. */
export const servicedOf = (run: RunView): string[] =>
  recordsOf(run, 'service').map(
    ({ cpu, irq, vector, mode, outcome }) =>
      `${cpu} ${irq || (vector < 0 ? mode : `0x${vector.toString(16)}`)} ${outcome}`,
  );

/** Refusals as `reason fate`, in order. */
export const faultsOf = (run: RunView): string[] =>
  recordsOf(run, 'fault').map(({ reason, fate }) => `${reason} ${fate}`);

/** Errors of the steps that had one. */
export const errorsOf = (run: RunView): string[] =>
  recordsOf(run, 'result').flatMap(({ error }) => (error ? [error] : []));

/** Names of what is wrong with a run. */
export const rulesOf = (run: RunView): string[] => run.findings.map(({ rule }) => rule);
