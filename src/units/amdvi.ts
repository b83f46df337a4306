import {
  AMD_CHECKS,
  AMD_CONTROL,
  AMD_FAULTS,
  AMD_IRTE32,
  AMD_IRTE128,
  AMD_XAPIC_DEST_MASK,
  type AmdCheck,
  DTE,
  INT_CTL,
} from '../arch/amdvi.ts';
import { AMD_EVENTS } from '../arch/amdvi-log.ts';
import { AMD_INDEXED, COMPAT, DELIVERY_MODES } from '../arch/message.ts';
import { get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { NONE } from '../model/machine.ts';
import type { BlockedOutcome, EntryOutcome, RemapOutcome, UnitEnv } from '../model/remap.ts';
import { messageWords, type Wire } from '../model/wire.ts';
import { AMD_RULES, type AmdRequest } from './amdvi-rules.ts';
import {
  type AmdSpec,
  type AmdState,
  amdDevice,
  amdEntryInMemory,
  deviceEntry,
  isEmulator,
  longEntries,
} from './amdvi-state.ts';
import { firstBroken, type Rule } from './rules.ts';

export { carryOutCommand, invalidateCommand } from './amdvi-commands.ts';
export { dropEvents, recordAmdEvent, writeAmdStatus } from './amdvi-events.ts';
export type { AmdProfile, AmdSpec, AmdState, AmdTable } from './amdvi-state.ts';
export {
  amdDevice,
  amdEntryInMemory,
  deviceEntry,
  deviceEntryAddress,
  entryAddress,
  isEmulator,
  longEntries,
  loseAmdRegisters,
  PAGE_BYTES,
  tableRoot,
} from './amdvi-state.ts';

const D = DTE.fields;
const E = AMD_IRTE32.fields;

/** Rules whose refusals QEMU logs; it logs none of the rest. [QEMU amd_iommu.c amdvi_get_dte] */
const QEMU_LOGS: readonly string[] = ['amdvi/dte-access', 'amdvi/dte-reserved'];

function requestOf(spec: AmdSpec, state: AmdState, wire: Wire): AmdRequest {
  const words = messageWords(wire);
  return {
    spec,
    state,
    wire,
    words,
    device: amdDevice(wire, spec),
    mode: DELIVERY_MODES[get(words, COMPAT.fields.deliveryMode)],
    index: get(words, AMD_INDEXED.fields.index),
    dte: [],
    entry: [],
  };
}

/** Whether the device table entry keeps page faults of interrupts out of the log. [AMD 2.2.2.1] */
const ignoresFaults = (r: AmdRequest): boolean => get(r.dte, D.iv) === 1 && get(r.dte, D.ig) === 1;

function recorded(r: AmdRequest, rule: string, event: string): boolean {
  if (isEmulator(r.spec.profile)) return QEMU_LOGS.includes(rule);
  if (event !== 'ioPageFault' || r.dte.length === 0) return true;
  if (ignoresFaults(r)) return false;
  return r.entry.length === 0 || get(r.entry, E.supIoPf) === 0;
}

function blocked(r: AmdRequest, rule: string, entry: number): BlockedOutcome {
  const { fault } = AMD_CHECKS[rule as AmdCheck];
  const { event } = AMD_FAULTS[fault];
  return {
    kind: 'blocked',
    rule,
    code: AMD_EVENTS[event].code,
    fault,
    entry,
    recorded: recorded(r, rule, event),
  };
}

/** Reads an entry, through the cache where the unit has one; entries with RemapEn=0 stay out of it. */
function fetchEntry(r: AmdRequest, env: UnitEnv): readonly Word[] {
  const { spec, state, device, index } = r;
  const memory = amdEntryInMemory(state, get(r.dte, D.intTabRoot), index);
  if (spec.cache === 'never') return memory;
  const cached = state.cache[device]?.[index];
  if (cached) {
    if (spec.cache === 'always' || sameWords(cached, memory)) return cached;
    if (env.pick(2, 'interrupt table cache: 0 fetches again, 1 hits') === 1) return cached;
  }
  if (get(memory, E.remapEn) === 1) {
    state.cache[device] ??= {};
    state.cache[device][index] = [...memory];
  } else if (cached) delete state.cache[device][index];
  return memory;
}

const sameWords = (a: readonly Word[], b: readonly Word[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/**
 * An interrupt whose end is asked for is level-triggered: on the bus both are one bit. QEMU takes
 * the bit for a redirection hint; VirtualBox keeps the request's own trigger mode and does not look
 * at it (unsure). [HT interrupt requests], [QEMU amd_iommu.c], [VBOX]
 */
const ofRqEoi = (rqEoi: number) => ({ redirHint: 0, triggerMode: rqEoi });

function accept(r: AmdRequest): EntryOutcome {
  const { entry, state } = r;
  const form = longEntries(state) ? AMD_IRTE128.fields : AMD_IRTE32.fields;
  const dest = get(entry, form.dest);
  const rqEoi = get(entry, E.rqEoi);
  return {
    kind: 'remapped',
    entry: r.index,
    request: {
      vector: get(entry, form.vector),
      deliveryMode: get(entry, E.intType),
      destMode: get(entry, E.destMode),
      dest: get(state.control, AMD_CONTROL.fields.xtEn) ? dest : dest & AMD_XAPIC_DEST_MASK,
      ...(isEmulator(r.spec.profile) ? { redirHint: rqEoi, triggerMode: 0 } : ofRqEoi(rqEoi)),
    },
  };
}

const PASS: RemapOutcome = { kind: 'passthrough' };

/** What QEMU makes of IntCtl=01: an interrupt of all zeros in place of the message. [QEMU] */
const QEMU_ZERO: RemapOutcome = {
  kind: 'remapped',
  entry: NONE,
  request: { vector: 0, deliveryMode: 0, destMode: 0, dest: 0, redirHint: 0, triggerMode: 0 },
};

type Refuse = (stage: readonly Rule<AmdRequest>[], entry: number) => BlockedOutcome | null;

/** Fixed and Arbitrated requests: what IntCtl says, then the interrupt table. [AMD 2.2.5] */
function translateMapped(r: AmdRequest, env: UnitEnv, refuse: Refuse): RemapOutcome {
  const rules = AMD_RULES[r.spec.profile];
  const badControl = refuse(rules.control, r.index);
  if (badControl) return badControl;
  if (get(r.dte, D.intCtl) === INT_CTL.pass) return isEmulator(r.spec.profile) ? QEMU_ZERO : PASS;
  const badTable = refuse(rules.table, r.index);
  if (badTable) return badTable;
  r.entry = fetchEntry(r, env);
  const outcome = refuse(rules.entry, r.index) ?? accept(r);
  const memory = amdEntryInMemory(r.state, get(r.dte, D.intTabRoot), r.index);
  const stale = r.spec.cache !== 'never' && !sameWords(r.entry, memory);
  return stale ? { ...outcome, stale } : outcome;
}

/**
 * What the unit does with a write into the interrupt window: the rules of `AMD_CHECKS` in their
 * order. Device table entries are never cached here; changes nothing but the cache of interrupt
 * table entries. The guest virtual APIC form is refused by name. [AMD 2.2.5]
 */
export function translateAmd(
  spec: AmdSpec,
  state: AmdState,
  wire: Wire,
  env: UnitEnv,
): RemapOutcome {
  if (!get(state.control, AMD_CONTROL.fields.iommuEn)) return PASS;
  const r = requestOf(spec, state, wire);
  const rules = AMD_RULES[spec.profile];
  const refuse: Refuse = (stage, entry) => {
    const broken = firstBroken(stage, r, spec.off, env.log);
    return broken && blocked(r, broken.rule, entry);
  };
  const noEntry = refuse(rules.device, NONE);
  if (noEntry) return noEntry;
  r.dte = deviceEntry(state, r.device);
  const badEntry = refuse(rules.deviceEntry, NONE);
  if (badEntry) return badEntry;
  if (!get(r.dte, D.iv)) return PASS;
  const badRequest = refuse(rules.request, NONE);
  if (badRequest) return badRequest;
  const mapped = r.mode === 'fixed' || r.mode === 'lowest';
  return mapped ? translateMapped(r, env, refuse) : (refuse(rules.unmapped, NONE) ?? PASS);
}
