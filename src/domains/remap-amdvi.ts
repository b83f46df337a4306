import {
  AMD_IRTE32,
  AMD_IRTE128,
  AMD_XAPIC_DEST_MASK,
  INDICES_MAX,
  IOAPIC_INDICES,
} from '../arch/amdvi.ts';
import { AMD_INDEXED } from '../arch/message.ts';
import { encode, get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { AmdPlan, DeviceSpec, Machine } from '../model/machine.ts';
import { amdMessage, type Target } from '../model/message.ts';
import type { Op } from '../model/op.ts';
import { messageWords } from '../model/wire.ts';
import type { EntryAt, Flavour } from './remap.ts';
import { waitFor } from './remap-wait.ts';

/** Address of the first interrupt table, and room for each: any place does. */
const TABLES_AT = 0x10000000;
const TABLE_BYTES = 0x8000;
/** Unit of the table root in a device table entry. [AMD 2.2.2.1] */
const ROOT_UNIT = 64;

const planOf = (machine: Machine): AmdPlan => {
  if (machine.remap.kind !== 'amdvi') throw new Error('not an AMD-Vi machine');
  return machine.remap;
};

/** Requester ids under which messages of a device reach the unit. */
export function requesterIds(machine: Machine, device: DeviceSpec): number[] {
  const bridge = device.bridges.map(i => machine.bridges[i]).findLast(b => b.kind === 'pci');
  return bridge ? [bridge.alias] : [device.rid, ...device.aliases];
}

/**
 * The requester id by which a table is kept: that of another device where this one sends under it,
 * so that both share the table. [LINUX drivers/iommu/amd/iommu.c alloc_irq_table]
 */
function tableKey(machine: Machine, device: DeviceSpec): number {
  const ids = requesterIds(machine, device);
  const borrowed = ids
    .slice(1)
    .find(id => machine.devices.some(other => other !== device && other.rid === id));
  return borrowed ?? ids[0];
}

/** Root of the table a device's entries are in, as its device table entry names it. */
export function amdTableRoot(machine: Machine, device: DeviceSpec): number {
  const shared = planOf(machine).table === 'shared';
  const rid = shared ? 0 : tableKey(machine, device);
  return (TABLES_AT + rid * TABLE_BYTES) / ROOT_UNIT;
}

/** Whether a device's table is also an IO-APIC's. */
const servesIoapic = (machine: Machine, device: DeviceSpec): boolean =>
  machine.devices.some(
    other =>
      other.store === 'ioapic' && amdTableRoot(machine, other) === amdTableRoot(machine, device),
  );

function entryWords(plan: AmdPlan, target: Target): Word[] {
  const { destMode, vector } = target;
  const common = { remapEn: 1, intType: target.deliveryMode ?? 0, destMode, vector };
  const dest = plan.xten ? target.dest : target.dest & AMD_XAPIC_DEST_MASK;
  return plan.entryBits === 32
    ? encode(AMD_IRTE32, { ...common, dest })
    : encode(AMD_IRTE128, { ...common, dest });
}

const write = (at: EntryAt, words: readonly Word[]): Op => ({
  op: 'entry',
  by: at.by,
  table: at.table,
  index: at.index,
  first: 0,
  words,
});

const flush = (machine: Machine, at: EntryAt): Op[] => [
  ...requesterIds(machine, at.device).map(
    (rid): Op => ({ op: 'invalidate', by: at.by, index: 0, count: 0, rid }),
  ),
  ...waitFor(machine, at.by),
];

const cleared = (plan: AmdPlan): Word[] => (plan.entryBits === 32 ? [0] : [0, 0, 0, 0]);

/** Linux's driver of an AMD-Vi unit. [LINUX drivers/iommu/amd/iommu.c] */
export const AMD_FLAVOUR: Flavour = {
  entries: machine => Math.min(planOf(machine).entries, INDICES_MAX),
  tableOf: amdTableRoot,
  fixedIndex: (device, slot) => (device.store === 'ioapic' ? slot : null),
  reserved: (machine, device) => (servesIoapic(machine, device) ? IOAPIC_INDICES : 0),
  message: (base, sub) => amdMessage(base + sub),
  indexOf: message => get(messageWords(message), AMD_INDEXED.fields.index),
  write(machine, at, to) {
    if ('descriptor' in to) throw new Error('posted interrupts of AMD-Vi are not modelled');
    const plan = planOf(machine);
    const put = write(at, entryWords(plan, to));
    if (plan.entryWrite === 'whole') return [put];
    return [write(at, cleared(plan)), ...flush(machine, at), put];
  },
  clear: (machine, at) => [write(at, cleared(planOf(machine)))],
  flush,
};
