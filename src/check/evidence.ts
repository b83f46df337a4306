import { checkText, describe } from '../model/describe.ts';
import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import type { Evidence } from '../model/violation.ts';

/** Acts worth telling when a violation is explained. */
const KIND_OF: Partial<Record<TraceRecord['act'], Evidence['kind']>> = {
  create: 'software',
  assign: 'software',
  alloc: 'software',
  bind: 'software',
  unpost: 'software',
  readback: 'software',
  put: 'store',
  forge: 'store',
  write: 'store',
  trap: 'store',
  hypercall: 'store',
  raise: 'emit',
  emit: 'emit',
  retag: 'bridge',
  route: 'ir',
  queue: 'ir',
  translate: 'ir',
  fault: 'ir',
  deliver: 'effect',
  post: 'effect',
  service: 'effect',
  stray: 'effect',
};

/** All records without which `seq` would not be, itself included, in order. */
export function causalSlice(trace: readonly TraceRecord[], seq: number): TraceRecord[] {
  const wanted = new Set<number>();
  const open = [seq];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at < 0 || wanted.has(at)) continue;
    wanted.add(at);
    open.push(...trace[at].causes);
  }
  return [...wanted].sort((a, b) => a - b).map(at => trace[at]);
}

/** The step of the script a record belongs to: the latest in its chain; -1 when there is none. */
export function stepOf(trace: readonly TraceRecord[], seq: number): number {
  return causalSlice(trace, seq).reduce(
    (step, record) => (record.act === 'step' ? record.step : step),
    -1,
  );
}

/** The steps a record could not be without. */
export const stepsOf = (trace: readonly TraceRecord[], seq: number): number[] =>
  causalSlice(trace, seq).flatMap(record => (record.act === 'step' ? [record.step] : []));

/** All records that would not be without `seq`, itself included, in order. */
export function consequences(trace: readonly TraceRecord[], seq: number): TraceRecord[] {
  const reached = new Set([seq]);
  const found = [trace[seq]];
  for (const record of trace.slice(seq + 1)) {
    if (!record.causes.some(cause => reached.has(cause))) continue;
    reached.add(record.seq);
    found.push(record);
  }
  return found;
}

/** The chain that led to a record: who wrote the bits, what was sent, each check, the effect. */
export function chainOf(machine: Machine, trace: readonly TraceRecord[], seq: number): Evidence[] {
  return linksOf(machine, trace, causalSlice(trace, seq));
}

/** The chain of a raise that was never answered: what led to it, and what became of it. */
export function chainOfRaise(
  machine: Machine,
  trace: readonly TraceRecord[],
  seq: number,
): Evidence[] {
  const forward = consequences(trace, seq);
  const sent = forward.find(record => record.act === 'emit') ?? trace[seq];
  const back = causalSlice(trace, sent.seq);
  const known = new Set(back.map(record => record.seq));
  return linksOf(machine, trace, [...back, ...forward.filter(record => !known.has(record.seq))]);
}

function linksOf(
  machine: Machine,
  trace: readonly TraceRecord[],
  records: readonly TraceRecord[],
): Evidence[] {
  return records.flatMap((record): Evidence[] => {
    const kind = KIND_OF[record.act];
    if (!kind) return [];
    const step = stepOf(trace, record.seq);
    const text = describe(machine, record.actor, record);
    const checks = record.checks.map(
      (check): Evidence => ({ kind, seq: record.seq, step, text: checkText(check) }),
    );
    return [...checks, { kind, seq: record.seq, step, text }];
  });
}
