import { describe, messageText } from '../model/describe.ts';
import type { TraceRecord } from '../model/record.ts';
import type { Journey } from './film.ts';
import { laneStepOf, lanesOf } from './lanes.ts';
import type { Told } from './mermaid.ts';

/** One event of the trace event format; times in microseconds. */
export interface ChromeEvent {
  readonly ph: 'M' | 'X' | 'b' | 'n' | 'e' | 's' | 't' | 'f' | 'i';
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly bp?: 'e';
  readonly s?: 'g';
  readonly args?: Readonly<Record<string, string | number>>;
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ns';
  readonly traceEvents: readonly ChromeEvent[];
}

const PID = 1;
const NS_PER_US = 1000;

/** Everything where and when it happened. */
interface Slot {
  readonly tid: number;
  readonly tsNs: number;
  readonly durNs: number;
}

/**
 * A run for Perfetto and chrome://tracing: a thread a lane, a slice a record, an asynchronous event
 * a message, arrows from hop to hop. Records of one moment are drawn one after the other within its
 * nanosecond, so that none covers another.
 */
export function chromeTrace(told: Told): ChromeTrace {
  const { machine, trace, film, title } = told;
  const lanes = lanesOf(machine);
  const threads = new Map(lanes.map(({ key }, i) => [key, i + 1]));
  const slots = slotsOf(trace, record => threads.get(laneStepOf(machine, record, null).to) ?? 1);
  const named = (name: string, tid: number, what: string): ChromeEvent => ({
    ph: 'M',
    name: what,
    pid: PID,
    tid,
    ts: 0,
    args: { name },
  });
  return {
    displayTimeUnit: 'ns',
    traceEvents: [
      named(title, 0, 'process_name'),
      ...lanes.map(({ name }, i) => named(name, i + 1, 'thread_name')),
      ...trace.map(record => sliceOf(told, record, slots[record.seq])),
      ...film.journeys.flatMap(journey => journeyEvents(journey, slots)),
      ...film.violations.map(
        (seq): ChromeEvent => ({
          ph: 'i',
          name: film.journeys[film.journeyOf[seq]]?.rules[0] ?? 'violation',
          cat: 'violation',
          pid: PID,
          tid: slots[seq].tid,
          ts: us(slots[seq].tsNs),
          s: 'g',
          args: { record: seq },
        }),
      ),
    ],
  };
}

const us = (timeNs: number): number => timeNs / NS_PER_US;

/** Shares the nanosecond of a moment among its records. */
function slotsOf(trace: readonly TraceRecord[], tidOf: (record: TraceRecord) => number): Slot[] {
  const slots: Slot[] = [];
  for (let first = 0; first < trace.length; ) {
    let after = first + 1;
    while (after < trace.length && trace[after].timeNs === trace[first].timeNs) after++;
    const durNs = 1 / (after - first);
    for (let i = first; i < after; i++)
      slots.push({ tid: tidOf(trace[i]), tsNs: trace[i].timeNs + (i - first) * durNs, durNs });
    first = after;
  }
  return slots;
}

function sliceOf({ machine, film }: Told, record: TraceRecord, slot: Slot): ChromeEvent {
  const { tid, tsNs, durNs } = slot;
  const step = film.stepOf[record.seq];
  return {
    ph: 'X',
    name: record.act,
    cat: 'record',
    pid: PID,
    tid,
    ts: us(tsNs),
    dur: us(durNs),
    args: {
      record: record.seq,
      text: describe(machine, record.actor, record),
      where: record.where,
      ...(step >= 0 && { step: step + 1 }),
    },
  };
}

function journeyEvents(journey: Journey, slots: readonly Slot[]): ChromeEvent[] {
  const { id, irq, device, message, marks, fate, endSeq } = journey;
  const name = message ? messageText(message) : irq || device;
  const begin = slots[id];
  const end = slots[endSeq];
  const common = { name, pid: PID, id } as const;
  const own = { ...common, cat: 'message', tid: begin.tid } as const;
  const endUs = us(end.tsNs + end.durNs);
  return [
    { ...own, ph: 'b', ts: us(begin.tsNs), args: { irq, device } },
    ...marks.map(({ seq }): ChromeEvent => ({ ...own, ph: 'n', ts: us(slots[seq].tsNs) })),
    { ...own, ph: 'e', ts: endUs, args: { fate } },
    ...(marks.length > 1 ? marks : []).map(({ seq }, i): ChromeEvent => {
      const ph = i === 0 ? 's' : i === marks.length - 1 ? 'f' : 't';
      const { tid, tsNs } = slots[seq];
      return { ...common, cat: 'hop', ph, tid, ts: us(tsNs), ...(ph !== 's' && { bp: 'e' }) };
    }),
  ];
}
