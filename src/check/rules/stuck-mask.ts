import { type DeviceSpec, HOST, type Machine } from '../../model/machine.ts';
import { FUNCTION_REGS, REG } from '../../model/op.ts';
import type { TraceRecord } from '../../model/record.ts';
import { ownerName } from '../liveness.ts';
import { findingOf, type RunRule } from '../rule.ts';

/** What an owner has asked of the masks of its devices, as far as it has. */
interface Wishes {
  /** Last control word of a slot, by `device/slot`. */
  readonly control: Map<string, number>;
  /** Last function mask, by device. */
  readonly functionMask: Map<string, number>;
}

/** An interrupt waits behind a mask that its owner has taken away, or never set. */
export const stuckMask: RunRule = {
  rule: 'liveness/stuck-mask',
  findings: (machine, trace) => {
    const wishes: Wishes = { control: new Map(), functionMask: new Map() };
    const waiting = new Map<string, number>();
    for (const record of trace) {
      if (record.act === 'write') note(machine, wishes, record);
      if (record.act === 'raise' && record.outcome === 'pending')
        waiting.set(record.irq, record.seq);
      if (record.act === 'raise' && record.outcome === 'sent') waiting.delete(record.irq);
      if (record.act === 'reset')
        for (const irq of waiting.keys()) if (irq.startsWith(`${record.of}.`)) waiting.delete(irq);
    }
    return [...waiting].flatMap(([irq, seq]) => {
      if (!wantsOpen(machine, wishes, irq)) return [];
      const victim = ownerName(machine, irq);
      return findingOf('liveness/stuck-mask', seq, {
        source: irq.split('.')[0],
        victim,
        sentence: `${irq} waits behind a mask that ${victim} has not set`,
      });
    });
  },
};

/** A guest’s word on its device is what it writes, or what traps in its place. */
function note(
  machine: Machine,
  wishes: Wishes,
  record: Extract<TraceRecord, { act: 'write' }>,
): void {
  const device = machine.devices.find(spec => spec.name === record.of);
  if (!device) return;
  const owner = machine.realms[device.owner].name;
  const own =
    record.actor === owner ? record.unit !== 'virtual-store' : record.unit === 'virtual-store';
  if (
    !own ||
    (device.owner !== HOST && device.reach === 'trapped' && record.unit !== 'virtual-store')
  )
    return;
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
