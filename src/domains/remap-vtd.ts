import { IRTE, IRTE_POSTED, SVT, XAPIC_DEST } from '../arch/vtd.ts';
import { encode } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import {
  type DeviceSpec,
  type Machine,
  NONE,
  type SourceCheck,
  type VtdPlan,
} from '../model/machine.ts';
import { remappableMessage, type Target } from '../model/message.ts';
import type { TableOp } from '../model/op.ts';
import type { EntryAt, Flavour } from './remap.ts';
import { waitFor } from './remap-wait.ts';

/** HPETs of broken platforms send under another function of their device. [LINUX set_hpet_sid] */
const SQ_ALL_FUNCTIONS = 3;

const busOf = (rid: number): number => rid >>> 8;

/**
 * The source check Linux writes for a device: the exact id; the bridge's bus to the device's own
 * behind a PCI bridge; the whole bus where several proxy ids share it.
 * [LINUX drivers/iommu/intel/irq_remapping.c set_msi_sid]
 */
export function linuxSourceCheck(machine: Machine, device: DeviceSpec): SourceCheck {
  if (device.store === 'hpet') return { svt: SVT.requester, sq: SQ_ALL_FUNCTIONS, sid: device.rid };
  const pciBridge = device.bridges
    .map(index => machine.bridges[index])
    .find(bridge => bridge.kind === 'pci');
  if (pciBridge) {
    const sid = (busOf(pciBridge.alias) << 8) | busOf(device.rid);
    return { svt: SVT.busRange, sq: 0, sid };
  }
  if (device.aliases.length > 1) {
    const bus = busOf(device.rid);
    return { svt: SVT.busRange, sq: 0, sid: (bus << 8) | bus };
  }
  const sid = device.aliases.length === 1 ? device.aliases[0] : device.rid;
  return { svt: SVT.requester, sq: 0, sid };
}

const NO_CHECK: SourceCheck = { svt: SVT.none, sq: 0, sid: 0 };

export function sourceCheckOf(machine: Machine, plan: VtdPlan, device: DeviceSpec): SourceCheck {
  if (device.sourceCheck !== 'linux') return device.sourceCheck;
  return plan.sourceValidation === 'none' ? NO_CHECK : linuxSourceCheck(machine, device);
}

/** An entry in remapped form as Linux fills it: RH=1, edge, fixed. [LINUX prepare_irte] */
export const vtdEntry = (plan: VtdPlan, target: Target, check: SourceCheck): Word[] =>
  encode(IRTE, {
    present: 1,
    destMode: target.destMode,
    redirHint: 1,
    deliveryMode: target.deliveryMode ?? 0,
    vector: target.vector,
    dest: plan.eime ? target.dest : target.dest << XAPIC_DEST.shift,
    ...check,
  });

/** An entry in posted form. [LINUX intel_ir_set_vcpu_affinity] */
export const vtdPostedEntry = (
  address: readonly Word[],
  vector: number,
  check: SourceCheck,
): Word[] =>
  encode(IRTE_POSTED, {
    present: 1,
    im: 1,
    vector,
    pda: address[0] >>> 6,
    pdaHigh: address[1],
    ...check,
  });

/** The writes that put words in place: one, or low half then high half. [LINUX modify_irte] */
function writes(plan: VtdPlan, at: EntryAt, words: readonly Word[]): TableOp[] {
  const part = (first: number, slice: readonly Word[]): TableOp => ({
    op: 'entry',
    by: at.by,
    table: at.table,
    index: at.index,
    first,
    words: slice,
  });
  if (plan.entryWrite === 'whole' || at.whole) return [part(0, words)];
  return [part(0, words.slice(0, 2)), part(2, words.slice(2, 4))];
}

const planOf = (machine: Machine): VtdPlan => {
  if (machine.remap.kind !== 'vtd') throw new Error('not a VT-d machine');
  return machine.remap;
};

/** Address of descriptor `n` in memory: 64-byte aligned, any place does. */
export const descriptorAddress = (descriptor: number): [Word, Word] => [
  DESCRIPTOR_BASE + descriptor * DESCRIPTOR_BYTES,
  0,
];

/** The descriptor at an address in memory; -1 when there is none. */
export function descriptorAt(low: Word, high: Word): number {
  const at = (low - DESCRIPTOR_BASE) / DESCRIPTOR_BYTES;
  return high === 0 && Number.isInteger(at) && at >= 0 ? at : -1;
}
const DESCRIPTOR_BASE = 0x200000;
const DESCRIPTOR_BYTES = 64;

/** Linux's driver of a VT-d unit. [LINUX drivers/iommu/intel/irq_remapping.c] */
export const VTD_FLAVOUR: Flavour = {
  entries: machine => planOf(machine).entries,
  tableOf: () => null,
  message: index => remappableMessage(index),
  write(machine, at, to) {
    const plan = planOf(machine);
    const check = sourceCheckOf(machine, plan, at.device);
    const words =
      'descriptor' in to
        ? vtdPostedEntry(descriptorAddress(to.descriptor), to.vector, check)
        : vtdEntry(plan, to, check);
    return writes(plan, at, words);
  },
  clear: (machine, at) => writes(planOf(machine), at, [0, 0, 0, 0]),
  flush: (machine, at) => [
    { op: 'invalidate', by: at.by, index: at.index, count: 1, rid: NONE },
    ...waitFor(machine, at.by),
  ],
};
