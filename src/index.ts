/** The public interface: what the command line, the viewer and other programs build upon. */

export {
  bitRange,
  describe as describeFields,
  type Field,
  type FieldValue,
  type Layout,
} from './bits/layout.ts';
export { causalSlice, chainOf, stepOf } from './check/evidence.ts';
export { createChoices } from './engine/choice.ts';
export { createSim, type Run, run, type Sim } from './engine/run.ts';
export type { State } from './engine/state.ts';
export type { CheckInput, CheckResult } from './model/check.ts';
export { describe, inputText, messageMeaning, messageText, vectorText } from './model/describe.ts';
export { GUARDS, type Guard } from './model/guards.ts';
export type { Machine } from './model/machine.ts';
export type { Program, Step } from './model/program.ts';
export type { Happening, TraceRecord } from './model/record.ts';
export { matchesRule, RULE_ORDER, RULES, type RuleName, type Severity } from './model/rules.ts';
export type { Effect, Evidence, Violation } from './model/violation.ts';
export type { InterruptRequest, Message, Wire } from './model/wire.ts';
export { traceHash, traceText } from './report/trace-hash.ts';
export { runScenario, type ScenarioResult } from './runner/run-scenario.ts';
export { type RunView, runOnce } from './runner/run-view.ts';
export { readPlace } from './runner/state-path.ts';
export type { Scenario } from './scenario/compile.ts';
export { type Loaded, loadScenario } from './scenario/load.ts';
export type { Position, Problem } from './scenario/problem.ts';
export { problemText } from './scenario/problem-text.ts';
export { type Cell, cellText, type ReadFile } from './scenario/resolve.ts';
export { jsonSchema } from './scenario/schema.ts';
