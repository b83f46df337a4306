import { checkText, describe } from '../model/describe.ts';
import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';

const TIME_WIDTH = 12;
const NO_TIME = ' '.repeat(TIME_WIDTH);

/** A run as text: a sentence for each record, before it each rule that was evaluated. */
export function transcriptLines(machine: Machine, trace: readonly TraceRecord[]): string[] {
  let lastNs = -1;
  return trace.flatMap(record => {
    if (record.act === 'result' && !record.error) return [];
    const isNew = record.timeNs !== lastNs;
    lastNs = record.timeNs;
    const time = isNew ? `${record.timeNs}ns`.padStart(TIME_WIDTH) : NO_TIME;
    const indent = record.act === 'step' ? '' : '  ';
    const checks = record.checks.map(check => `${NO_TIME}  ${indent}  ${checkText(check)}`);
    const text = describe(machine, record.actor, record);
    return [...checks, `${time}  ${indent}${text}`];
  });
}
