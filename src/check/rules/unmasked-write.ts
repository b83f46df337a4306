import { MSIX_CONTROL } from '../../arch/store.ts';
import { get } from '../../bits/layout.ts';
import { FUNCTION_REGS, REG } from '../../model/op.ts';
import type { TraceRecord } from '../../model/record.ts';
import type { Finding } from '../../model/violation.ts';
import { findingOf, type RunRule } from '../rule.ts';

/** What a function that has MSI-X was told, as far as it matters here. */
interface Function {
  enable: number;
  functionMask: number;
  /** Slots that are not masked, and those of them that were written since they were let go. */
  readonly open: Set<number>;
  readonly written: Set<number>;
}

type Write = Extract<TraceRecord, { act: 'write' }>;

const reset = (): Function => ({ enable: 0, functionMask: 0, open: new Set(), written: new Set() });

/** Address or data of an MSI-X entry changed while it was neither masked nor switched off. */
export const unmaskedWrite: RunRule = {
  rule: 'integrity/unmasked-write',
  findings: (machine, trace) => {
    const functions = new Map<string, Function>();
    for (const { name, store } of machine.devices)
      if (store === 'msix') functions.set(name, reset());
    return trace.flatMap(record => {
      if (record.act === 'reset' && functions.has(record.of)) functions.set(record.of, reset());
      const told = record.act === 'write' ? functions.get(record.of) : undefined;
      return record.act === 'write' && told ? judge(told, record) : [];
    });
  },
};

function judge(told: Function, record: Write): Finding[] {
  if (record.unit === 'function') {
    const reg = FUNCTION_REGS[record.first];
    if (reg === 'enable' || reg === 'functionMask') told[reg] = record.after[0];
    return [];
  }
  if (record.unit !== 'store') return [];
  const { at, first, after, before } = record;
  const live = told.enable === 1 && told.functionMask === 0 && told.open.has(at);
  const changes = after.some((word, i) => first + i < REG.control && word !== before[i]);
  const control = after[REG.control - first];
  if (control !== undefined) open(told, at, get([control], MSIX_CONTROL.fields.mask) === 0);
  if (!live || !changes || told.written.has(at)) return [];
  told.written.add(at);
  return [
    findingOf('integrity/unmasked-write', record.seq, {
      source: record.of,
      culprit: record.actor,
      sentence: `${record.actor} wrote slot ${at} of ${record.of} while it was not masked: what the device sends meanwhile is undefined`,
    }),
  ];
}

function open(told: Function, slot: number, isOpen: boolean): void {
  told.written.delete(slot);
  if (isOpen) told.open.add(slot);
  else told.open.delete(slot);
}
