import { stepsOf } from '../check/evidence.ts';
import { describe } from '../model/describe.ts';
import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';

type Act = TraceRecord['act'];

/** What is worth telling of a step: of the first group that has any, all records. */
const GROUPS: readonly (readonly Act[])[] = [
  ['emit', 'translate', 'deliver', 'post', 'stray'],
  ['forge'],
  ['put'],
  ['alloc'],
  ['free'],
  ['write', 'invalidate', 'cpu', 'raise', 'assign', 'hypercall', 'reset', 'boot'],
];

const SENTENCES_MAX = 4;

/** What records come to, in a few sentences. */
export function tell(machine: Machine, records: readonly TraceRecord[]): string {
  for (const acts of GROUPS) {
    const told = records.filter(record => acts.includes(record.act) && !isRequest(record));
    if (told.length > 0)
      return told
        .slice(0, SENTENCES_MAX)
        .map(record => describe(machine, record.actor, record))
        .join('; ');
  }
  return '';
}

/** A message a guest wants to put, and the hypervisor does not let through as it is. */
const isRequest = (record: TraceRecord): boolean => record.act === 'put' && record.trapped;

/** What came of each top-level step of a script, by the index of its step. */
export function tellSteps(
  machine: Machine,
  trace: readonly TraceRecord[],
  steps: readonly number[],
): string[] {
  const latest = trace.map(({ seq }) => Math.max(-1, ...stepsOf(trace, seq)));
  return steps.map((step, i) => {
    const end = steps[i + 1] ?? Number.POSITIVE_INFINITY;
    return tell(
      machine,
      trace.filter((_, at) => latest[at] >= step && latest[at] < end),
    );
  });
}
