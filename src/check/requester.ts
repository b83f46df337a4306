import type { DeviceSpec, Machine } from '../model/machine.ts';

/** Requester ids under which messages of a device reach the unit. */
export function idsOnTheWire(machine: Machine, device: DeviceSpec): number[] {
  const bridge = device.bridges.map(i => machine.bridges[i]).findLast(b => b.kind === 'pci');
  return bridge ? [bridge.alias] : [device.rid, ...device.aliases];
}

/** Whether no check of a requester id can tell two devices apart. */
export const shareRequester = (machine: Machine, a: DeviceSpec, b: DeviceSpec): boolean =>
  idsOnTheWire(machine, a).some(rid => idsOnTheWire(machine, b).includes(rid));
