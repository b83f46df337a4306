import type { Machine } from '../model/machine.ts';
import { type Out, SILENT } from '../model/out.ts';
import type { Program } from '../model/program.ts';
import type { TraceRecord } from '../model/record.ts';
import { save } from './agenda.ts';
import { cloneSharing } from './clone.ts';
import { applyPatch, type Patch } from './history-change.ts';
import { createRecorder, type Recorder, type RecorderImage } from './recorder.ts';
import {
  advance,
  begin,
  createSim,
  endOf,
  type RunEnd,
  restoreSim,
  type Sim,
  type SimImage,
} from './run.ts';
import type { State } from './state.ts';

/** An answer the choice door gave. */
export interface Answer {
  /** The event that asked. */
  readonly event: number;
  readonly label: string;
  readonly options: number;
  /** Below `options`. */
  readonly picked: number;
}

/** A moment of a run from which everything after it can be found again. */
export interface Checkpoint extends SimImage {
  /** The event it was taken after; -1 before the first. */
  readonly event: number;
  /** Null where no trace is kept. */
  readonly recorder: RecorderImage | null;
  /** Answers of its segment given before. */
  readonly answers: number;
}

/**
 * One run, or what follows a fork, and what it left behind. Events are counted from the very
 * beginning: 0 creates the stacks.
 */
export interface Segment {
  readonly what: Simulated;
  /** Its first event, and the one after its last. */
  readonly first: number;
  readonly after: number;
  /** By event; the first was taken before its first event. */
  readonly checkpoints: readonly Checkpoint[];
  /** Its own records, and by event how many there were when it was over. */
  readonly trace: readonly TraceRecord[];
  readonly recordEnds: readonly number[];
  readonly answers: readonly Answer[];
  readonly end: RunEnd;
}

/** What a segment runs. */
export interface Simulated {
  readonly machine: Machine;
  readonly program: Program;
  readonly seed: number;
  /** The first event is not one of the program's but this. */
  readonly patch: Patch | null;
}

/** How a segment is recorded. */
export interface Recording {
  /** Events from one checkpoint to the next, at least 1. */
  readonly every: number;
  /** `silent` keeps no trace. */
  readonly level: 'full' | 'silent';
  /** The run stops here, counted as events are. */
  readonly eventsMax: number;
}

/** Where a segment begins: at the start of the program, or where another run was. */
export interface Beginning {
  readonly pick: (n: number, label: string) => number;
  readonly from: Checkpoint | null;
}

/** Runs to the end and keeps what is needed to come back. */
export function record(what: Simulated, start: Beginning, how: Recording): Segment {
  const { machine, program, seed } = what;
  const answers: Answer[] = [];
  const first = start.from ? start.from.event + 1 : 0;
  let event = first;
  const pick = (options: number, label: string): number => {
    const picked = start.pick(options, label);
    answers.push({ event, label, options, picked });
    return picked;
  };
  const sim = start.from
    ? restoreSim(start.from, what, { seed, pick })
    : createSim(machine, program, { seed, pick });
  const recorder =
    how.level === 'full' ? createRecorder(machine, start.from?.recorder ?? null) : null;
  const out = recorder?.out ?? SILENT;
  const trace = recorder?.trace ?? [];
  const recordEnds: number[] = [];
  const checkpoints = [take(sim, recorder, { event: event - 1, answers: 0, before: null })];
  while (event < how.eventsMax && perform(what, sim, out, { event, first })) {
    if (recorder) recordEnds.push(trace.length);
    if ((event - first + 1) % how.every === 0) {
      const before = checkpoints[checkpoints.length - 1].state;
      checkpoints.push(take(sim, recorder, { event, answers: answers.length, before }));
    }
    event++;
  }
  const end = event < how.eventsMax ? endOf(sim) : 'limit';
  return { what, first, after: event, checkpoints, trace, recordEnds, answers, end };
}

function take(
  sim: Sim,
  recorder: Recorder | null,
  at: { readonly event: number; readonly answers: number; readonly before: State | null },
): Checkpoint {
  return {
    event: at.event,
    state: cloneSharing(sim.state, at.before),
    agenda: save(sim.agenda),
    recorder: recorder?.save() ?? null,
    answers: at.answers,
  };
}

/** An event of a segment, and the segment's first. */
interface EventAt {
  readonly event: number;
  readonly first: number;
}

/** Carries out one event of a segment; false when none is left. */
export function perform(what: Simulated, sim: Sim, out: Out, at: EventAt): boolean {
  if (what.patch && at.event === at.first) applyPatch(sim, out, what.patch, at.event - 1);
  else if (at.event === 0) begin(sim, out);
  else return advance(sim, out, at.event - 1);
  return true;
}

/** The latest checkpoint at or before an event. */
function checkpointBefore({ checkpoints, first }: Segment, event: number): Checkpoint {
  const every = checkpoints.length > 1 ? checkpoints[1].event + 1 - first : 1;
  const index = Math.floor((event + 1 - first) / every);
  return checkpoints[Math.min(index, checkpoints.length - 1)];
}

/** The machine as it was after an event of a segment, or just before its first. */
export function replay(segment: Segment, event: number): Sim {
  return replayFrom(segment, checkpointBefore(segment, event), { event, out: SILENT });
}

/** What the recorder remembered after an event of a segment, or just before its first. */
export function recorderAt(segment: Segment, event: number): RecorderImage | null {
  const from = checkpointBefore(segment, event);
  if (!from.recorder) return null;
  const recorder = createRecorder(segment.what.machine, from.recorder);
  replayFrom(segment, from, { event, out: recorder.out });
  return recorder.save();
}

function replayFrom(
  segment: Segment,
  from: Checkpoint,
  to: { readonly event: number; readonly out: Out },
): Sim {
  const { what, first, answers } = segment;
  let answer = from.answers;
  const pick = (): number => answers[answer++].picked;
  const sim = restoreSim(from, what, { seed: what.seed, pick });
  for (let event = from.event + 1; event <= to.event; event++)
    perform(what, sim, to.out, { event, first });
  return sim;
}
