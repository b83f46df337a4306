import { IRTE, IRTE_POSTED, SVT, XAPIC_DEST } from '../arch/vtd.ts';
import { encode } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import {
  type BridgeSpec,
  type DeviceSpec,
  HOST,
  type Machine,
  NONE,
  type SourceCheck,
  type VtdPlan,
} from '../model/machine.ts';
import { remappableMessage, type Target } from '../model/message.ts';
import type { TableOp } from '../model/op.ts';
import { messageWords } from '../model/wire.ts';
import { requestIndex } from '../units/vtd.ts';
import type { EntryAt, Flavour } from './remap.ts';
import { waitFor } from './remap-wait.ts';

/** HPETs of broken platforms send under another function of their device. [LINUX set_hpet_sid] */
const SQ_ALL_FUNCTIONS = 3;

const busOf = (rid: number): number => rid >>> 8;

const exactly = (sid: number): SourceCheck => ({ svt: SVT.requester, sq: 0, sid });
const buses = (first: number, last: number): SourceCheck => ({
  svt: SVT.busRange,
  sq: 0,
  sid: (first << 8) | last,
});

/** Bus directly beneath a bridge, where the file says which; else that of the device. */
const busBeneath = (bridge: BridgeSpec, device: DeviceSpec): number =>
  bridge.buses[0] > 0 ? bridge.buses[0] : busOf(device.rid);

/**
 * The source check Linux writes for a device. A PCI bridge puts one id on everything: its own,
 * which can be compared, or one of the bus beneath it (PCIe-to-PCI), where only buses can be. Of
 * several ids on one bus only the bus can be checked as well. An alias elsewhere is compared.
 * [LINUX drivers/iommu/intel/irq_remapping.c set_msi_sid, set_hpet_sid, set_ioapic_sid, 6.1]
 */
export function linuxSourceCheck(machine: Machine, device: DeviceSpec): SourceCheck {
  if (device.store === 'hpet') return { ...exactly(device.rid), sq: SQ_ALL_FUNCTIONS };
  if (device.store === 'ioapic') return exactly(device.rid);
  const own = busOf(device.rid);
  const bridge = device.bridges
    .map(index => machine.bridges[index])
    .findLast(({ kind }) => kind === 'pci');
  if (bridge) {
    const bus = busOf(bridge.alias);
    return bus === busBeneath(bridge, device) ? buses(bus, own) : exactly(bridge.alias);
  }
  const { aliases } = device;
  if (aliases.length === 0) return exactly(device.rid);
  return aliases.every(alias => busOf(alias) === own)
    ? buses(own, own)
    : exactly(aliases[aliases.length - 1]);
}

/**
 * The source check of a device's entries: the file's, or Linux's choice. With checking switched off
 * the id is written all the same, and only not looked at. [LINUX set_irte_sid, intremap=nosid]
 */
export function sourceCheckOf(machine: Machine, plan: VtdPlan, device: DeviceSpec): SourceCheck {
  if (device.sourceCheck !== 'linux') return device.sourceCheck;
  const check = linuxSourceCheck(machine, device);
  return plan.sourceValidation === 'none' ? { ...check, svt: SVT.none } : check;
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

/** The unit a realm's driver works on: the machine's, or the one emulated for a guest. */
function planOf(machine: Machine, realm: number): VtdPlan {
  const plan = realm === HOST ? machine.remap : machine.realms[realm].viommu;
  if (plan?.kind !== 'vtd') throw new Error(`${machine.realms[realm].name} has no VT-d unit`);
  return plan;
}

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
  entries: (machine, realm) => planOf(machine, realm).entries,
  tableOf: () => null,
  fixedIndex: () => null,
  reserved: () => 0,
  message: (base, sub) => remappableMessage(base, 1, sub),
  indexOf: message => requestIndex(messageWords(message), 'spec'),
  write(machine, at, to) {
    const plan = planOf(machine, at.by);
    const check = sourceCheckOf(machine, plan, at.device);
    const words =
      'descriptor' in to
        ? vtdPostedEntry(descriptorAddress(to.descriptor), to.vector, check)
        : vtdEntry(plan, to, check);
    return writes(plan, at, words);
  },
  clear: (machine, at) => writes(planOf(machine, at.by), at, [0, 0, 0, 0]),
  flush: (machine, at) => [
    { op: 'invalidate', by: at.by, index: at.index, count: 1, rid: NONE },
    ...waitFor(machine, at.by),
  ],
};
