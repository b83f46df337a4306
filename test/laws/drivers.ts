import { applyPatches, enablePatches, Immer } from 'immer';
import { expect } from 'vitest';
import { checkMessages, checkRun } from '../../src/check/checker.ts';
import { clone } from '../../src/engine/clone.ts';
import { createRecorder, type RecorderImage } from '../../src/engine/recorder.ts';
import {
  advance,
  begin,
  type Chance,
  createSim,
  restoreSim,
  type Sim,
  type SimImage,
  saveSim,
} from '../../src/engine/run.ts';
import type { State } from '../../src/engine/state.ts';
import type { Machine } from '../../src/model/machine.ts';
import { type Out, SILENT } from '../../src/model/out.ts';
import type { TraceRecord } from '../../src/model/record.ts';
import type { Subject } from './subject.ts';

enablePatches();
const immer = new Immer({ autoFreeze: false });

/** What a run comes to, and what was answered at the choice door. */
export interface Outcome {
  /** Every so many events, and at the end. */
  readonly states: readonly string[];
  readonly trace: readonly TraceRecord[];
  readonly answers: readonly number[];
}

/** A choice door that always gives the same answers, whatever they are. */
export function doorOf(seed: number): Chance & { readonly taken: readonly number[] } {
  const taken: number[] = [];
  let random = seed;
  return {
    seed,
    taken,
    pick: n => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      taken.push((random >>> 16) % n);
      return taken[taken.length - 1];
    },
  };
}

const text = (state: State): string => JSON.stringify(state);

/** One event: 0 creates the stacks. */
const event = (sim: Sim, out: Out, index: number): boolean => {
  if (index > 0) return advance(sim, out, index - 1);
  begin(sim, out);
  return true;
};

/** Most events of a run: what does not end by then is cut off. */
export const EVENTS_MAX = 400;

/** Events after which states are compared; in between they are not, which saves most of the time. */
const STRIDE = 8;
export const isCompared = (index: number): boolean => index % STRIDE === 0;

/** Carries out one event on a machine and returns the machine after it; null when none is left. */
type Around = (sim: Sim, out: Out, index: number) => Sim | null;

/** Runs a program event by event, each in the manner of `around`, and collects states. */
function collect(sim: Sim, out: Out, around: Around): string[] {
  const states: string[] = [];
  let last = sim;
  for (let index = 0; index < EVENTS_MAX; index++) {
    const next = around(last, out, index);
    if (!next) break;
    last = next;
    if (isCompared(index)) states.push(text(last.state));
  }
  return [...states, text(last.state)];
}

/** Runs a program, each event in the manner of `around`. */
export function drive(subject: Subject, around: Around): Outcome {
  const door = doorOf(subject.seed);
  const recorder = createRecorder(subject.machine);
  const sim = createSim(subject.machine, subject.program, door);
  const states = collect(sim, recorder.out, around);
  return { states, trace: recorder.trace, answers: door.taken };
}

/** As a plain run does it. */
export const inPlace: Around = (sim, out, index) => (event(sim, out, index) ? sim : null);

/** On a copy of the state; the original must stay what it was. */
export const onCopy: Around = (sim, out, index) => {
  const before = isCompared(index) ? text(sim.state) : '';
  const copy = { ...sim, state: clone(sim.state) };
  const went = event(copy, out, index);
  if (before) expect(text(sim.state)).toBe(before);
  return went ? copy : null;
};

/** On a draft; what immer says changed must lead there and back. */
export const onDraft: Around = (sim, out, index) => {
  let went = false;
  const plain: Out = {
    ...out,
    emit: (actor, what, checks) => out.emit(actor, clone(what), clone(checks)),
  };
  const [state, patches, inverse] = immer.produceWithPatches(sim.state, draft => {
    went = event({ ...sim, state: draft }, plain, index);
  });
  if (isCompared(index)) {
    expectText(applyPatches(sim.state, patches), state);
    expectText(applyPatches(state, inverse), sim.state);
  }
  return went ? { ...sim, state } : null;
};

/** Runs a program and, every so many events, goes on from a text that holds all there is. */
export function throughText(subject: Subject, every: number): Outcome {
  const door = doorOf(subject.seed);
  const { machine, program } = subject;
  const traces: TraceRecord[][] = [];
  let recorder = createRecorder(machine);
  const states = collect(createSim(machine, program, door), SILENT, (sim, _out, index) => {
    if (!event(sim, recorder.out, index)) return null;
    if (index % every !== 0) return sim;
    traces.push(recorder.trace);
    const saved = JSON.stringify({ sim: saveSim(sim), recorder: recorder.save() });
    const read: { sim: SimImage; recorder: RecorderImage } = JSON.parse(saved);
    recorder = createRecorder(machine, read.recorder);
    return restoreSim(read.sim, { machine, program }, door);
  });
  return { states, trace: [...traces.flat(), ...recorder.trace], answers: door.taken };
}

/** A run that keeps what happened without the reasons, or nothing. */
export function atLevel(subject: Subject, level: 'facts' | 'silent'): Omit<Outcome, 'trace'> {
  const door = doorOf(subject.seed);
  const sim = createSim(subject.machine, subject.program, door);
  const states = collect(sim, { ...SILENT, level }, inPlace);
  return { states, answers: door.taken };
}

/** What the checker says about a trace. */
export const verdictOf = (machine: Machine, trace: readonly TraceRecord[]): string =>
  JSON.stringify([checkMessages(machine, trace), checkRun(machine, trace)]);

/** Fails unless two states are equal, and shows where they differ. */
function expectText(other: State, one: State): void {
  if (text(other) !== text(one)) expect(other).toStrictEqual(one);
}

/** Fails where two runs differ, at the first difference. */
export function expectSame(other: Outcome, one: Outcome): void {
  const differs = one.states.findIndex((state, index) => other.states[index] !== state);
  if (differs >= 0) {
    const [found, wanted] = [other.states[differs] ?? 'null', one.states[differs]];
    expect(JSON.parse(found), `state ${differs}`).toStrictEqual(JSON.parse(wanted));
  }
  expect(other.states.length).toBe(one.states.length);
  if (JSON.stringify(other.trace) !== JSON.stringify(one.trace))
    expect(other.trace).toStrictEqual(one.trace);
  expect(other.answers).toEqual(one.answers);
}
