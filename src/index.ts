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
export {
  createHistory,
  type History,
  type HistoryOptions,
  type Inspection,
} from './engine/history.ts';
export type { Change, Patch } from './engine/history-change.ts';
export type { Answer } from './engine/history-segment.ts';
export {
  createKernel,
  type Handler,
  type Kernel,
  type KernelEvent,
  type Layer,
  layerIndex,
  type RunLimits,
  run as runKernel,
  scheduleAfter,
} from './engine/kernel.ts';
export { createRing, type Fact, type Ring } from './engine/ring.ts';
export { advance, begin, createSim, type Run, run, type Sim } from './engine/run.ts';
export type { State } from './engine/state.ts';
export { ATTEMPT_FILE } from './lesson/attempt-file.ts';
export { cellOf } from './lesson/lesson-cells.ts';
export { type LessonFile, openLesson } from './lesson/lesson-file.ts';
export {
  type Judgement,
  judge,
  type ShownLesson,
  type ShownPart,
  shownLesson,
  shownPart,
} from './lesson/lesson-part.ts';
export type {
  BitChoice,
  Choice,
  Given,
  Question,
  RoleChoice,
  RolePlace,
} from './lesson/question.ts';
export type { CheckInput, CheckResult } from './model/check.ts';
export { describe, inputText, messageMeaning, messageText, vectorText } from './model/describe.ts';
export { GUARDS, type Guard } from './model/guards.ts';
export type { Machine } from './model/machine.ts';
export type { Program, Step } from './model/program.ts';
export type { Happening, TraceRecord } from './model/record.ts';
export { RULE_FACTS, type RuleFacts } from './model/rule-facts.ts';
export { matchesRule, RULE_ORDER, RULES, type RuleName, type Severity } from './model/rules.ts';
export type { Effect, Evidence, Violation } from './model/violation.ts';
export type { InterruptRequest, Message, Wire } from './model/wire.ts';
export { type Alignment, alignRuns, type Row, type Side } from './report/align.ts';
export { type ChromeEvent, type ChromeTrace, chromeTrace } from './report/chrome-trace.ts';
export {
  type Aspect,
  type AspectRow,
  type JudgedSide,
  partingSentence,
  rowSentence,
  type SideNames,
  type StepRow,
  type Summary,
  summaryOf,
  twinOf,
} from './report/compare.ts';
export { firstDifference, sameDigest } from './report/compare-digests.ts';
export type { DecodedField, Decoding } from './report/decode.ts';
export type { Draft, Gift, Stage } from './report/drafts.ts';
export type { Likeness } from './report/event-likeness.ts';
export {
  type Fate,
  type Film,
  filmOf,
  type Journey,
  type Mark,
  type Refusal,
} from './report/film.ts';
export type { MatrixCell, MatrixReport } from './report/matrix.ts';
export {
  cellText as matrixCellText,
  type Grid,
  type GridCell,
  gridOf,
  reasonLines,
} from './report/matrix-grid.ts';
export { LOOK_GLYPHS, type Look, lookOf } from './report/matrix-look.ts';
export { summary as matrixSummary } from './report/matrix-text.ts';
export { mermaidText, type Told } from './report/mermaid.ts';
export {
  layerTitle,
  type Picture,
  pictureOf,
  type Role,
  type Roles,
  rolesOf,
} from './report/picture.ts';
export type { AssertResult, Interference, RunStats, ScenarioResult } from './report/result.ts';
export { runMarkdown } from './report/run-markdown.ts';
export { type Part, type Place, placeOf, type Spot, spotKey } from './report/spots.ts';
export { traceDigest } from './report/trace-digest.ts';
export { traceHash, traceText } from './report/trace-hash.ts';
export { type BitView, bitsAt, messageIn, type Origin, type Share } from './runner/bits-view.ts';
export { type ChosenRun, chooseRun, sameChoices } from './runner/choose-run.ts';
export { type Flip, flipMasks, flipPlace } from './runner/flip.ts';
export { forkAt } from './runner/fork.ts';
export { OPENED_ID, type Opened } from './runner/opened.ts';
export { runScenario } from './runner/run-scenario.ts';
export { allServiced, breaksIsolation, type RunView, runOnce } from './runner/run-view.ts';
export { readPlace } from './runner/state-path.ts';
export {
  type ColumnName,
  TABLE_COLUMNS,
  TABLE_NAMES,
  type TableName,
} from './runner/table-columns.ts';
export type { TableRow } from './runner/tables.ts';
export { type RowChange, rowsAt, type TablesFilm } from './runner/tables-at.ts';
export { tablesFilmOf } from './runner/tables-film.ts';
export type { TimedPatch } from './runner/watch.ts';
export { type WhyCheck, type WhyInput, type WhyLink, whyNotOf, whyOf } from './runner/why.ts';
export type { Scenario } from './scenario/compile.ts';
export { jsonSchema } from './scenario/json-schema.ts';
export { FAULT_REASONS, OFF_NAMES } from './scenario/known-names.ts';
export { type Loaded, loadScenario } from './scenario/load.ts';
export type { Position, Problem } from './scenario/problem.ts';
export { problemText } from './scenario/problem-text.ts';
export { type Cell, cellText, type ReadFile } from './scenario/resolve.ts';
export type { AskKind } from './scenario/schema-lesson.ts';
