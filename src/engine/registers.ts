import { AMD_STATUS } from '../arch/amdvi-log.ts';
import { FRCD, FSTS } from '../arch/vtd.ts';
import { encode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { NONE } from '../model/machine.ts';
import type { Op, RegisterOp } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import { dropEvents, writeAmdStatus } from '../units/amdvi.ts';
import { writeFsts, writeRecord } from '../units/vtd.ts';
import type { Env } from './env.ts';
import type { State } from './state.ts';

/** Software writes a register of the remap unit. */
export function writeRegister(env: Env, state: State, out: Out, op: RegisterOp): void {
  const before = readRegister(state, op);
  setRegister(state, op);
  out.emit(env.machine.realms[op.by].name, {
    act: 'write',
    unit: 'register',
    of: op.index === undefined ? op.reg : `${op.reg}[${op.index}]`,
    at: NONE,
    first: 0,
    before,
    after: readRegister(state, op),
  });
}

function readRegister({ remap }: State, { reg, index = 0 }: RegisterOp): readonly Word[] {
  if (remap.kind === 'vtd') {
    if (reg === 'gsts' || reg === 'fsts') return [remap[reg]];
    if (reg === 'irta') return [...remap.irta];
    if (reg === 'frcd' && remap.frcd[index]) return [...remap.frcd[index]];
  }
  if (remap.kind === 'amdvi') {
    if (reg === 'control' || reg === 'deviceTableBase') return [...remap[reg]];
    if (reg === 'status') return [remap.status];
    if (reg === 'eventHead') return [remap.events.length];
  }
  throw new Error(`no register ${reg}`);
}

/** Sets a register; where hardware keeps bits for itself, does what writing ones and zeros does. */
function setRegister({ remap }: State, { reg, value, high, index = 0 }: RegisterOp): void {
  if (remap.kind === 'vtd') {
    if (reg === 'gsts') remap.gsts = value;
    if (reg === 'irta') remap.irta = [value, high ?? remap.irta[1]];
    if (reg === 'fsts') writeFsts(remap, value);
    if (reg === 'frcd') writeRecord(remap, index, value);
  }
  if (remap.kind === 'amdvi') {
    if (reg === 'control' || reg === 'deviceTableBase') remap[reg] = [value, high ?? remap[reg][1]];
    if (reg === 'status') writeAmdStatus(remap, value);
    if (reg === 'eventHead') dropEvents(remap, value);
  }
}

/**
 * What a driver does when its unit tells it of faults: every record is read and freed, and what was
 * lost is acknowledged. [LINUX drivers/iommu/intel/dmar.c dmar_fault,
 * drivers/iommu/amd/iommu.c iommu_poll_events]
 */
export function readFaults({ remap }: State, by: number): Op[] {
  const write = (reg: string, value: Word, index?: number): Op => ({
    op: 'register',
    by,
    reg,
    value,
    ...(index !== undefined && { index }),
  });
  if (remap.kind === 'vtd') {
    const held = remap.frcd.flatMap((record, i) => (get(record, FRCD.fields.fault) ? [i] : []));
    const [ones] = encode(FSTS, { overflow: 1, pending: 1 });
    const done = encode(FRCD, { fault: 1 })[3];
    return [...held.map(i => write('frcd', done, i)), write('fsts', ones)];
  }
  if (remap.kind !== 'amdvi') return [];
  const [ones] = encode(AMD_STATUS, { eventOverflow: 1, eventLogInt: 1 });
  return [write('eventHead', remap.events.length), write('status', ones)];
}
