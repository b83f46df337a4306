import { REMAPPABLE } from '../arch/message.ts';
import { get } from '../bits/layout.ts';
import type { TraceRecord } from '../model/record.ts';
import { type Message, messageWords } from '../model/wire.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { StepExpectYaml } from '../scenario/schema-steps.ts';
import { ANY_OUTCOME } from '../scenario/step-errors.ts';
import { toWord } from '../scenario/values.ts';
import type { RunView } from './run-view.ts';

/** One expectation of a step that did not come true. */
export interface StepMiss {
  readonly step: number;
  readonly text: string;
}

/**
 * What the steps of a run demanded of themselves and did not get. A step that does not say
 * otherwise demands to succeed.
 */
export function missedSteps(scenario: Scenario, view: RunView): StepMiss[] {
  return scenario.sources.flatMap(({ yaml }, step) => {
    const ran = view.trace.some(record => record.act === 'step' && record.step === step);
    if (!ran) return [];
    const want = yaml.expect?.error ? yaml.expect : { ...yaml.expect, error: 'none' };
    const realm = scenario.machine.realms[scenario.program.steps[step].by].name;
    const records = ownLast(recordsOf(view.trace, step), realm);
    return mismatches(want ?? {}, records, realm).map(text => ({ step, text }));
  });
}

/** Records between a step and its result: what it did at once. */
function recordsOf(trace: readonly TraceRecord[], step: number): readonly TraceRecord[] {
  const begin = trace.findIndex(record => record.act === 'step' && record.step === step);
  const end = trace.findIndex(record => record.act === 'result' && record.step === step);
  return trace.slice(begin, end < 0 ? begin + 1 : end + 1);
}

/** What a guest was given counts before what the host took for it on the way. */
const ownLast = (records: readonly TraceRecord[], realm: string): TraceRecord[] => [
  ...records.filter(({ actor }) => actor !== realm),
  ...records.filter(({ actor }) => actor === realm),
];

function mismatches(
  want: StepExpectYaml,
  records: readonly TraceRecord[],
  realm: string,
): string[] {
  const found = factsOf(records);
  return Object.entries(want).flatMap(([key, value]) => {
    const got = found[key as keyof StepExpectYaml];
    const wanted = key === 'address' || key === 'data' ? toWord(value as string | number) : value;
    const fits =
      got === wanted ||
      (key === 'cpu' && got === `${realm}/${wanted}`) ||
      (key === 'error' && wanted === ANY_OUTCOME);
    return fits ? [] : [`${key} is ${show(got)}, expected ${show(wanted)}`];
  });
}

const show = (value: unknown): string =>
  typeof value === 'number' ? `0x${value.toString(16)}` : String(value ?? 'nothing');

type Facts = { [K in keyof StepExpectYaml]?: string | number };

function factsOf(records: readonly TraceRecord[]): Facts {
  const facts: Facts = { error: 'none' };
  for (const record of records) {
    if (record.act === 'result' && record.error) facts.error = record.error;
    if (record.act === 'create' && record.error) facts.error = record.error;
    if (record.act === 'alloc' && !record.error) {
      if (record.kind === 'vector')
        Object.assign(facts, { cpu: record.cpu, vector: record.vector });
      if (record.kind === 'remap') facts.entry = record.entry;
    }
    if (record.act === 'compose' && record.message)
      Object.assign(facts, messageFacts(record.message));
  }
  return facts;
}

function messageFacts(message: Message): Facts {
  const words = messageWords(message);
  const { format, handle, shv } = REMAPPABLE.fields;
  const address = { address: message.addressLow, data: message.data };
  if (!get(words, format)) return { ...address, format: 'compat' };
  return { ...address, format: 'remappable', handle: get(words, handle), shv: get(words, shv) };
}
