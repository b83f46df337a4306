import { causalSlice, consequences, stepOf } from '../check/evidence.ts';
import type { CheckInput } from '../model/check.ts';
import { describe, inputText } from '../model/describe.ts';
import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';

/** A value a check looked at, and the record that put it there; -1 where it was so from the start. */
export interface WhyInput {
  readonly text: string;
  readonly writer: number;
}

/** A rule that was evaluated on the way. */
export interface WhyCheck {
  readonly rule: string;
  readonly source: string;
  readonly outcome: 'passed' | 'failed' | 'off';
  readonly inputs: readonly WhyInput[];
}

/** One link of an explanation. */
export interface WhyLink {
  readonly seq: number;
  /** Step of the script it goes back to; -1 for none. */
  readonly step: number;
  readonly text: string;
  readonly checks: readonly WhyCheck[];
}

/**
 * Why a record came about: itself, then everything it could not be without, the latest first, down
 * to the step that began it.
 */
export const whyOf = (machine: Machine, trace: readonly TraceRecord[], seq: number): WhyLink[] =>
  linksOf(machine, trace, causalSlice(trace, seq));

/** Why a wish to interrupt came to nothing: what followed from it, and what had led to that. */
export function whyNotOf(
  machine: Machine,
  trace: readonly TraceRecord[],
  raiseSeq: number,
): WhyLink[] {
  const reached = new Map<number, TraceRecord>();
  for (const after of consequences(trace, raiseSeq))
    for (const record of causalSlice(trace, after.seq)) reached.set(record.seq, record);
  return linksOf(machine, trace, [...reached.values()]);
}

const linksOf = (
  machine: Machine,
  trace: readonly TraceRecord[],
  records: readonly TraceRecord[],
): WhyLink[] =>
  records
    .filter(record => record.act !== 'result')
    .sort((a, b) => b.seq - a.seq)
    .map(record => ({
      seq: record.seq,
      step: stepOf(trace, record.seq),
      text: describe(machine, record.actor, record),
      checks: record.checks.map(({ rule, source, pass, off, inputs }) => ({
        rule,
        source,
        outcome: off ? 'off' : pass ? 'passed' : 'failed',
        inputs: inputs.map(whyInput),
      })),
    }));

const whyInput = (input: CheckInput): WhyInput => ({
  text: inputText(input),
  writer: input.lastWriter ?? -1,
});
