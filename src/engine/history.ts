import { enablePatches, Immer, type Patch as JsonPatch } from 'immer';
import type { Machine } from '../model/machine.ts';
import { SILENT } from '../model/out.ts';
import type { Program } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';
import { sameAnswers } from './choice.ts';
import { type Change, requirePlace, requireSameShape } from './history-change.ts';
import {
  type Answer,
  perform,
  type Recording,
  record,
  recorderAt,
  replay,
  type Segment,
  type Simulated,
} from './history-segment.ts';
import { type Chance, EVENTS_MAX, type RunEnd, saveSim } from './run.ts';
import type { State } from './state.ts';

enablePatches();
const immer = new Immer({ autoFreeze: false });

/**
 * A finished run one can look back upon, and what would have been if something had been different.
 * Events are counted from 0, which is the creation of the stacks; -1 is the moment before. Looking
 * back never changes anything: whatever is handed out is the caller's own. Events and records that
 * are not there are a RangeError.
 */
export interface History {
  readonly machine: Machine;
  readonly program: Program;
  readonly seed: number;
  /** How many events there were. */
  readonly events: number;
  readonly end: RunEnd;
  /** Where it left another history, and what was changed there; null for a run from the start. */
  readonly parent: Parent | null;
  /** All records; none when the level is `silent`. */
  readonly trace: readonly TraceRecord[];
  /** All answers given at the choice door. */
  readonly answers: readonly Answer[];
  /** The exact state after an event. */
  readonly stateAt: (event: number) => State;
  /** The event that made a record. */
  readonly eventOf: (seq: number) => number;
  readonly recordsOf: (event: number) => readonly TraceRecord[];
  /** What an event changed. */
  readonly inspect: (event: number) => Inspection;
  /**
   * What would have followed after an event, had something been different from then on. Questions
   * at the choice door get the same answers as before, unless it is these that change, and then the
   * first one. The history it leaves stays as it is. Throws RangeError when the change does not
   * fit.
   */
  readonly fork: (event: number, change: Change) => History;
}

export interface Parent {
  readonly history: History;
  /** The last event both have. */
  readonly event: number;
  readonly change: Change;
}

/** One event under the magnifying glass; the states share what did not change. */
export interface Inspection {
  readonly event: number;
  readonly before: State;
  readonly after: State;
  /** What leads from `before` to `after`, and back. */
  readonly patches: readonly JsonPatch[];
  readonly inverse: readonly JsonPatch[];
  readonly records: readonly TraceRecord[];
}

export interface HistoryOptions extends Partial<Recording> {}

/**
 * Events from one checkpoint to the next. Going back costs the replay of half as many on average,
 * going forward a copy of the state each time: see the goal P5 of `npm run bench`.
 */
export const CHECKPOINT_EVERY = 16_384;

/** A segment and those before it. */
interface Line {
  readonly segment: Segment;
  readonly how: Recording;
  readonly parent: { readonly line: Line; readonly link: Parent } | null;
}

/** Runs a program on a machine and keeps what is needed to come back to any event. */
export function createHistory(
  machine: Machine,
  program: Program,
  chance: Chance,
  options: HistoryOptions = {},
): History {
  const { every = CHECKPOINT_EVERY, level = 'full', eventsMax = EVENTS_MAX } = options;
  const how: Recording = { every, level, eventsMax };
  const what: Simulated = { machine, program, seed: chance.seed, patch: null };
  const segment = record(what, { pick: chance.pick, from: null }, how);
  return historyOf({ segment, how, parent: null });
}

function historyOf(line: Line): History {
  const { segment, parent } = line;
  const { machine, program, seed } = segment.what;
  let trace: readonly TraceRecord[] | null = null;
  const history: History = {
    machine,
    program,
    seed,
    events: segment.after,
    end: segment.end,
    parent: parent?.link ?? null,
    get trace() {
      trace ??= traceOf(line);
      return trace;
    },
    answers: answersOf(line),
    stateAt: event => replay(lineAt(line, event).segment, event).state,
    eventOf: seq => eventOf(line, seq),
    recordsOf: event => recordsOf(line, event),
    inspect: event => inspect(line, event),
    fork: (event, change) => historyOf(forkOf(line, { history, event, change })),
  };
  return history;
}

/** The line an event belongs to: this one, or one it goes on from. */
function lineAt(line: Line, event: number): Line {
  if (!Number.isInteger(event) || event < -1 || event >= line.segment.after)
    throw new RangeError(`no event ${event}: there are 0 to ${line.segment.after - 1}`);
  let at = line;
  while (at.parent && event < at.segment.first) at = at.parent.line;
  return at;
}

/** Number of the first record of a segment. */
const firstRecord = ({ checkpoints }: Segment): number => checkpoints[0].recorder?.seq ?? 0;

function traceOf({ segment, parent }: Line): readonly TraceRecord[] {
  if (!parent) return segment.trace;
  return [...traceOf(parent.line).slice(0, firstRecord(segment)), ...segment.trace];
}

function answersOf({ segment, parent }: Line): readonly Answer[] {
  if (!parent) return segment.answers;
  const before = answersOf(parent.line).filter(answer => answer.event < segment.first);
  return [...before, ...segment.answers];
}

function recordsOf(line: Line, event: number): readonly TraceRecord[] {
  const { segment } = lineAt(line, event);
  const index = event - segment.first;
  if (index < 0) return [];
  return segment.trace.slice(segment.recordEnds[index - 1] ?? 0, segment.recordEnds[index]);
}

function eventOf(line: Line, seq: number): number {
  let at = line;
  while (at.parent && seq < firstRecord(at.segment)) at = at.parent.line;
  const { segment } = at;
  const own = seq - firstRecord(segment);
  if (!Number.isInteger(own) || own < 0 || own >= segment.trace.length)
    throw new RangeError(`no record ${seq}`);
  let low = 0;
  let high = segment.recordEnds.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segment.recordEnds[middle] > own) high = middle;
    else low = middle + 1;
  }
  return segment.first + low;
}

function inspect(line: Line, event: number): Inspection {
  const { segment } = lineAt(line, event);
  const { what, first } = segment;
  if (event < 0) throw new RangeError('nothing happens before event 0');
  const sim = replay(segment, event - 1);
  const before = sim.state;
  const [after, patches, inverse] = immer.produceWithPatches(before, state => {
    perform(what, { ...sim, state }, SILENT, { event, first });
  });
  return { event, before, after, patches, inverse, records: recordsOf(line, event) };
}

function forkOf(line: Line, link: Parent): Line {
  const { event, change } = link;
  const owner = lineAt(line, event);
  const { machine, program, seed } = owner.segment.what;
  const sim = replay(owner.segment, event);
  const begun = event >= 0;
  if (change.kind === 'machine') requireSameShape(machine, change.machine, begun);
  if (change.kind === 'patch') requirePlace(sim.state, change.patch);
  if (change.kind === 'patch' && !begun) throw new RangeError('nothing is there to be patched yet');
  const later = answersOf(line).filter(answer => answer.event > event);
  const answers = change.kind === 'answers' ? change.answers : later.map(({ picked }) => picked);
  const recorder = recorderAt(owner.segment, event);
  const segment = record(
    {
      machine: change.kind === 'machine' ? change.machine : machine,
      program,
      seed,
      patch: change.kind === 'patch' ? change.patch : null,
    },
    {
      pick: sameAnswers(answers),
      from: begun ? { ...saveSim(sim), event, recorder, answers: 0 } : null,
    },
    line.how,
  );
  return { segment, how: line.how, parent: { line: owner, link } };
}
