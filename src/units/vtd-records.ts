import { FRCD, FSTS, IEC_DESCRIPTOR, IEC_TYPE } from '../arch/vtd.ts';
import { decode, encode, get, isClear, reservedMasks, set } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { BlockedOutcome, FaultFate } from '../model/remap.ts';
import type { VtdState } from './vtd-state.ts';

/** The registers through which a unit tells its driver of faults. */
type Records = Pick<VtdState, 'frcd' | 'nextRecord' | 'fsts'>;

const F = FSTS.fields;

function setStatus(
  state: Pick<VtdState, 'fsts'>,
  field: (typeof F)[keyof typeof F],
  value: number,
): void {
  const status = [state.fsts];
  set(status, field, value);
  state.fsts = status[0];
}

/**
 * Writes a fault record, as a driver would later read it. The registers are a ring: a fault is lost
 * where the next one still holds a fault, and so are all after it, until software has cleared the
 * overflow. [VTD 7.3.1]
 */
export function recordVtdFault(state: Records, fault: BlockedOutcome, rid: number): FaultFate {
  if (!fault.recorded) return 'suppressed';
  const at = state.nextRecord;
  const taken = get(state.frcd[at], FRCD.fields.fault) === 1;
  if (taken || get([state.fsts], F.overflow) === 1) {
    setStatus(state, F.overflow, 1);
    return 'overflow';
  }
  const { code, entry } = fault;
  state.frcd[at] = encode(FRCD, { fault: 1, reason: code, sid: rid, index: Math.max(entry, 0) });
  state.nextRecord = (at + 1) % state.frcd.length;
  if (get([state.fsts], F.pending) === 0) {
    setStatus(state, F.pending, 1);
    setStatus(state, F.record, at);
  }
  return 'recorded';
}

/**
 * Software writes the highest word of a record: a 1 in its F bit frees it. Without any left nothing
 * is pending. [VTD 11.4.14], [VTD 11.4.9]
 */
export function writeRecord(state: Records, at: number, value: Word): void {
  if (get([0, 0, 0, value], FRCD.fields.fault) === 0) return;
  set(state.frcd[at], FRCD.fields.fault, 0);
  if (state.frcd.every(record => get(record, FRCD.fields.fault) === 0))
    setStatus(state, F.pending, 0);
}

/** Software writes the fault status register: its sticky bits are cleared by ones. [VTD 11.4.9] */
export function writeFsts(state: Records, value: Word): void {
  for (const field of [F.overflow, F.iqe]) if (get([value], field)) setStatus(state, field, 0);
}

/** The descriptor that drops `count` cached entries from `index`, a power of two; all where it is 0. */
export const iecDescriptor = (index: number, count: number): Word[] =>
  encode(
    IEC_DESCRIPTOR,
    count === 0
      ? { type: IEC_TYPE }
      : { type: IEC_TYPE, granularity: 1, index, mask: Math.ceil(Math.log2(count)) },
  );

const IEC_RESERVED = reservedMasks(IEC_DESCRIPTOR);

/**
 * The unit carries out a descriptor of its queue: cached entries are dropped, all or a block. The
 * index mask makes blocks powers of two, aligned to their size: hardware does not look at the index
 * bits it covers. False where the descriptor is unsound: the queue then stops until software has
 * cleared the error. [VTD 6.5.2.7], [VTD 6.5.2.10]
 */
export function carryOut(
  state: Pick<VtdState, 'cache' | 'fsts'>,
  descriptor: readonly Word[],
): boolean {
  if (get([state.fsts], F.iqe) === 1) return false;
  const { type, granularity, mask, index } = decode(IEC_DESCRIPTOR, descriptor);
  if (type !== IEC_TYPE || !isClear(descriptor, IEC_RESERVED)) {
    setStatus(state, F.iqe, 1);
    return false;
  }
  if (granularity === 0) {
    state.cache = {};
    return true;
  }
  const size = 2 ** mask;
  const first = index - (index % size);
  for (const key of Object.keys(state.cache)) {
    const at = Number(key);
    if (at >= first && at < first + size) delete state.cache[at];
  }
  return true;
}
