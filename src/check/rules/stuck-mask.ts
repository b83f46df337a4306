import { type DeviceSpec, HOST, type Machine } from '../../model/machine.ts';
import { FUNCTION_REGS, REG } from '../../model/op.ts';
import type { TraceRecord } from '../../model/record.ts';
import { findingOf, type RunRule } from '../rule.ts';

/** What an owner has asked of the masks of its devices, as far as it has. */
interface Wishes {
  /** Realm each device belongs to now, by the names of both. */
  readonly owners: Map<string, string>;
  /** Last control word of a slot, by `device/slot`. */
  readonly control: Map<string, number>;
  /** Last function mask, by device. */
  readonly functionMask: Map<string, number>;
}

/** An interrupt waits behind a mask that its owner has taken away, or never set. */
export const stuckMask: RunRule = {
  rule: 'liveness/stuck-mask',
  findings: (machine, trace) => {
    const wishes: Wishes = {
      owners: new Map(machine.devices.map(({ name, owner }) => [name, machine.realms[owner].name])),
      control: new Map(),
      functionMask: new Map(),
    };
    const waiting = new Map<string, number>();
    for (const record of trace) {
      if (record.act === 'write') note(machine, wishes, record);
      if (record.act === 'raise' && record.outcome === 'pending')
        waiting.set(record.irq, record.seq);
      if (record.act === 'raise' && record.outcome === 'sent') waiting.delete(record.irq);
      if (record.act === 'reset') {
        for (const irq of waiting.keys()) if (irq.startsWith(`${record.of}.`)) waiting.delete(irq);
        forget(wishes, record.of);
      }
      if (record.act === 'assign' && !record.error) wishes.owners.set(record.device, record.realm);
    }
    return [...waiting].flatMap(([irq, seq]) => {
      if (!wantsOpen(machine, wishes, irq)) return [];
      const [device] = irq.split('.');
      const victim = wishes.owners.get(device) ?? '';
      return findingOf('liveness/stuck-mask', seq, {
        source: device,
        victim,
        sentence: `${irq} waits behind a mask that ${victim} has not set`,
      });
    });
  },
};

function forget({ control, functionMask }: Wishes, device: string): void {
  functionMask.delete(device);
  for (const key of control.keys()) if (key.startsWith(`${device}/`)) control.delete(key);
}

/** A guest’s word on its device is what it writes, or what traps in its place. */
function note(
  machine: Machine,
  wishes: Wishes,
  record: Extract<TraceRecord, { act: 'write' }>,
): void {
  const device = machine.devices.find(spec => spec.name === record.of);
  if (!device) return;
  const owner = wishes.owners.get(device.name);
  const isSeen = record.unit === 'virtual-store';
  const traps = owner !== machine.realms[HOST].name && device.reach === 'trapped';
  if (traps ? !isSeen : record.actor !== owner || isSeen) return;
  if (record.at < 0) {
    if (FUNCTION_REGS[record.first] === 'functionMask')
      wishes.functionMask.set(device.name, record.after[0]);
    return;
  }
  const control = record.after[REG.control - record.first];
  if (control !== undefined) wishes.control.set(`${device.name}/${record.at}`, control);
}

/** The owner has said that the interrupt shall not be masked. */
function wantsOpen(machine: Machine, wishes: Wishes, name: string): boolean {
  const irq = machine.irqs.find(spec => spec.name === name);
  if (!irq) return false;
  const device: DeviceSpec = machine.devices[irq.device];
  if (wishes.functionMask.get(device.name) === 1) return false;
  const shared = device.store === 'msi';
  const control = wishes.control.get(`${device.name}/${shared ? 0 : irq.slot}`);
  if (control === undefined) return shared;
  return ((control >>> (shared ? irq.slot : 0)) & 1) === 0;
}
