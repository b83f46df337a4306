import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import { RULES, type RuleName } from '../model/rules.ts';
import type { Message } from '../model/wire.ts';
import { type Draft, draftsOf } from './drafts.ts';
import { placeOf, type Spot } from './spots.ts';

/**
 * What became of a device's wish to interrupt. `lost`: permitted, and never serviced or wrongly
 * refused. `held`: masked to the end. `nothing`: no CPU took it, and nobody had to refuse it.
 */
export type Fate = 'delivered' | 'blocked' | 'misdelivered' | 'lost' | 'held' | 'nothing';

/** A record at a part of the picture. */
export interface Mark {
  readonly seq: number;
  readonly spot: Spot;
}

/** A message from the wish to raise it to what it became. */
export interface Journey {
  /** Its first record: the raise, or the emission where software made the device send. */
  readonly id: number;
  readonly device: string;
  /** Empty where the message came from no slot. */
  readonly irq: string;
  /** The emission; -1 where nothing was sent. */
  readonly emitSeq: number;
  readonly message: Message | null;
  /** Where it was, oldest first. */
  readonly marks: readonly Mark[];
  readonly fate: Fate;
  /** The record that decided its fate. */
  readonly fateSeq: number;
  readonly endSeq: number;
  /** Violations of the journey's records. */
  readonly rules: readonly RuleName[];
}

/** Something a layer, the hypervisor or a unit refused to software. */
export interface Refusal {
  readonly seq: number;
  readonly error: string;
}

/** Everything the picture shows over time, from the trace and what the checker found in it. */
export interface Film {
  /** Step of the script each record belongs to; -1 for none. */
  readonly stepOf: readonly number[];
  /** Journey each record belongs to, by place in `journeys`; -1 for none. */
  readonly journeyOf: readonly number[];
  readonly journeys: readonly Journey[];
  readonly drafts: readonly Draft[];
  readonly refusals: readonly Refusal[];
  /** Records with an error of the checker, ascending. */
  readonly violations: readonly number[];
}

/** What the checker found, as far as the picture needs it. */
export interface FilmFinding {
  readonly rule: RuleName;
  readonly seq: number;
}

interface Open {
  id: number;
  device: string;
  irq: string;
  emitSeq: number;
  message: Message | null;
  marks: Mark[];
}

/** Folds a trace into what the picture shows. */
export function filmOf(
  machine: Machine,
  trace: readonly TraceRecord[],
  findings: readonly FilmFinding[],
): Film {
  const { journeys, journeyOf } = follow(machine, trace);
  const errors = findings.filter(({ rule }) => RULES[rule].severity === 'error');
  return {
    stepOf: stepsOfRecords(trace),
    journeyOf,
    journeys: journeys.map((open, index) => close(trace, open, rulesOf(errors, journeyOf, index))),
    drafts: draftsOf(machine, trace),
    refusals: trace.flatMap(record =>
      'error' in record && record.error && record.act !== 'result'
        ? [{ seq: record.seq, error: record.error }]
        : [],
    ),
    violations: [...new Set(errors.map(({ seq }) => seq))].sort((a, b) => a - b),
  };
}

/** The step each record goes back to by its first cause; -1 for none. */
function stepsOfRecords(trace: readonly TraceRecord[]): number[] {
  const steps: number[] = [];
  for (const record of trace) {
    const [cause = -1] = record.causes;
    steps.push(record.act === 'step' ? record.step : cause < 0 ? -1 : steps[cause]);
  }
  return steps;
}

/** Joins records to journeys: by the place among the messages on their way, else by cause. */
function follow(machine: Machine, trace: readonly TraceRecord[]) {
  const journeys: Open[] = [];
  const journeyOf: number[] = [];
  const flights = new Map<number, number>();
  const waiting = new Map<string, number>();
  for (const record of trace) {
    let at = -1;
    if (record.act === 'raise') {
      const device = record.actor;
      at = journeys.length;
      const open = { id: record.seq, device, irq: record.irq, emitSeq: -1, message: null };
      journeys.push({ ...open, marks: [] });
      if (record.outcome === 'sent' || record.outcome === 'pending') waiting.set(record.irq, at);
    } else if (record.act === 'emit') {
      const { device, irq, message } = record;
      at = irq === '' ? -1 : (waiting.get(irq) ?? -1);
      waiting.delete(irq);
      if (at < 0) {
        at = journeys.length;
        journeys.push({ id: record.seq, device, irq, emitSeq: -1, message, marks: [] });
      }
      journeys[at].emitSeq = record.seq;
      journeys[at].message = message;
      flights.set(record.flight, at);
    } else if ('flight' in record && record.flight >= 0) {
      at = flights.get(record.flight) ?? -1;
    } else if (record.act === 'deliver' || record.act === 'service' || record.act === 'post') {
      at = record.causes.reduce((found, cause) => Math.max(found, journeyOf[cause]), -1);
    }
    journeyOf.push(at);
    if (at >= 0) journeys[at].marks.push({ seq: record.seq, spot: placeOf(machine, record).at });
  }
  return { journeys, journeyOf };
}

const rulesOf = (
  errors: readonly FilmFinding[],
  journeyOf: readonly number[],
  journey: number,
): RuleName[] => errors.filter(({ seq }) => journeyOf[seq] === journey).map(({ rule }) => rule);

function close(trace: readonly TraceRecord[], open: Open, rules: readonly RuleName[]): Journey {
  const records = open.marks.map(({ seq }) => trace[seq]);
  const endSeq = open.marks[open.marks.length - 1].seq;
  return { ...open, rules, endSeq, ...fateOf(records, rules, endSeq) };
}

/** A record that puts an interrupt before a CPU. */
const arrives = (record: TraceRecord): boolean =>
  record.act === 'post' ||
  (record.act === 'deliver' && (record.outcome === 'accepted' || record.outcome === 'coalesced'));

function fateOf(
  records: readonly TraceRecord[],
  rules: readonly RuleName[],
  endSeq: number,
): { fate: Fate; fateSeq: number } {
  const last = (test: (record: TraceRecord) => boolean): number =>
    records.findLast(test)?.seq ?? endSeq;
  if (rules.some(rule => rule.startsWith('liveness/'))) return { fate: 'lost', fateSeq: endSeq };
  if (rules.length > 0) return { fate: 'misdelivered', fateSeq: last(arrives) };
  if (records.some(record => record.act === 'fault'))
    return { fate: 'blocked', fateSeq: last(record => record.act === 'fault') };
  if (records.some(arrives)) return { fate: 'delivered', fateSeq: last(arrives) };
  const held = records.every(record => record.act === 'raise' && record.outcome === 'pending');
  return { fate: held ? 'held' : 'nothing', fateSeq: endSeq };
}
