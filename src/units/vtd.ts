import { REMAPPABLE } from '../arch/message.ts';
import {
  GSTS,
  IRTA,
  IRTE,
  IRTE_POSTED,
  VTD_CHECKS,
  VTD_FAULTS,
  type VtdCheck,
  type VtdFault,
  XAPIC_DEST,
} from '../arch/vtd.ts';
import { get, getIn } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { NONE } from '../model/machine.ts';
import type { BlockedOutcome, EntryOutcome, RemapOutcome, UnitEnv } from '../model/remap.ts';
import { messageWords, type Wire } from '../model/wire.ts';
import { firstBroken } from './rules.ts';
import {
  entryReservedClear,
  isPosted,
  isRemappable,
  requestIndex,
  VTD_RULES,
  type VtdRequest,
} from './vtd-rules.ts';
import {
  entryInMemory,
  tableEntries,
  tablePage,
  type VtdSpec,
  type VtdState,
  ZERO_ENTRY,
} from './vtd-state.ts';

export type { FaultFate } from '../model/remap.ts';
export {
  carryOut,
  iecDescriptor,
  recordVtdFault,
  writeFsts,
  writeRecord,
} from './vtd-records.ts';
export { requestIndex, sourceAllowed } from './vtd-rules.ts';
export {
  type EntryTable,
  entryInMemory,
  loseVtdRegisters,
  tableEntries,
  tablePage,
  type VtdProfile,
  type VtdSpec,
  type VtdState,
} from './vtd-state.ts';

const F = IRTE.fields;

/**
 * Index the fault record shows; -1 where the request has none. For a blocked compatibility request
 * hardware shows what would be the handle: logs have 0xa00 for fee14000, and 0x8800 with bit 2 set.
 * [LINUX fault logs]
 */
function faultIndex(r: VtdRequest, fault: VtdFault): number {
  if (fault === 0x87) return NONE;
  if (fault === 0x20 && r.spec.profile === 'qemu') return 0;
  return isRemappable(r.words) ? r.index : get(r.words, REMAPPABLE.fields.handle);
}

function blocked(r: VtdRequest, rule: string): BlockedOutcome {
  const { fault, fpd } = VTD_CHECKS[rule as VtdCheck];
  const silent = fpd && get(r.entry, F.fpd) === 1;
  return {
    kind: 'blocked',
    rule,
    code: fault,
    fault: VTD_FAULTS[fault].name,
    entry: faultIndex(r, fault),
    recorded: !silent,
  };
}

/**
 * Reads an entry, through the interrupt entry cache where the unit has one. Entries that are not
 * present or not sound are kept out of it, unless the unit caches those too. [VTD 6.1, CAP.CM]
 */
function fetchEntry(r: VtdRequest, env: UnitEnv): readonly Word[] {
  const { spec, state, index } = r;
  const memory = entryInMemory(state, index);
  if (spec.cache === 'never') return memory;
  const cached = state.cache[index];
  if (cached) {
    if (spec.cache === 'always' || sameWords(cached, memory)) return cached;
    if (env.pick(2, 'interrupt entry cache: 0 fetches again, 1 hits') === 1) return cached;
  }
  const sound = get(memory, F.present) === 1 && entryReservedClear({ ...r, entry: memory });
  if (spec.cachesNotPresent || sound) state.cache[index] = [...memory];
  else delete state.cache[index];
  return memory;
}

const sameWords = (a: readonly Word[], b: readonly Word[]): boolean =>
  a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];

function accept(r: VtdRequest): EntryOutcome {
  const { entry } = r;
  if (isPosted(r)) {
    const P = IRTE_POSTED.fields;
    return {
      kind: 'posted',
      entry: r.index,
      addressLow: (get(entry, P.pda) << 6) >>> 0,
      addressHigh: get(entry, P.pdaHigh),
      vector: get(entry, P.vector),
      urgent: get(entry, P.urgent),
      fpd: get(entry, P.fpd),
    };
  }
  const dest = r.eime ? entry[1] : (entry[1] >>> XAPIC_DEST.shift) & XAPIC_DEST.mask;
  return {
    kind: 'remapped',
    entry: r.index,
    request: {
      vector: get(entry, F.vector),
      deliveryMode: get(entry, F.deliveryMode),
      destMode: get(entry, F.destMode),
      dest,
      redirHint: get(entry, F.redirHint),
      triggerMode: get(entry, F.triggerMode),
    },
  };
}

/**
 * What the unit does with a write into the interrupt window: the rules of `VTD_CHECKS` in their
 * order. A unit that is off passes all that is an interrupt; with a PASID it is none, ever. Changes
 * nothing but the entry cache. [VTD 3.14], [VTD 5.1.4]
 */
export function translateVtd(
  spec: VtdSpec,
  state: VtdState,
  wire: Wire,
  env: UnitEnv,
): RemapOutcome {
  if (!getIn(state.gsts, GSTS.fields.ires) && wire.pasid < 0) return { kind: 'passthrough' };
  const words = messageWords(wire);
  const r: VtdRequest = {
    spec,
    state,
    wire,
    words,
    eime: get(state.irta, IRTA.fields.eime),
    index: requestIndex(words, spec.profile),
    entries: tableEntries(state.irta),
    entry: ZERO_ENTRY,
    tableReadable: !state.unreadable.includes(tablePage(state.irta)),
  };
  const rules = VTD_RULES[spec.profile];
  const badFormat = firstBroken(rules.format, r, spec.off, env.log);
  if (badFormat) return blocked(r, badFormat.rule);
  if (!isRemappable(words)) return { kind: 'passthrough' };
  const badRequest = firstBroken(rules.request, r, spec.off, env.log);
  if (badRequest) return blocked(r, badRequest.rule);
  r.entry = fetchEntry(r, env);
  const badEntry = firstBroken(rules.entry, r, spec.off, env.log);
  const outcome = badEntry ? blocked(r, badEntry.rule) : accept(r);
  const stale = spec.cache !== 'never' && !sameWords(r.entry, entryInMemory(state, r.index));
  return stale ? { ...outcome, stale } : outcome;
}
