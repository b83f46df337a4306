import { hex, hex64 } from '../bits/word.ts';
import { slotPlace } from '../engine/places.ts';
import type { State } from '../engine/state.ts';
import { messageText, vectorText } from '../model/describe.ts';
import type { DeviceSpec, Machine } from '../model/machine.ts';
import { REG } from '../model/op.ts';
import { isMasked, type StoreState } from '../units/store.ts';
import type { TableRow } from './tables.ts';

const yesNo = (flag: number | boolean): string => (flag ? 'yes' : 'no');

/** The message stores; below each device what its owner sees where accesses trap. */
export const storeRows = (machine: Machine, state: State): TableRow[] =>
  machine.devices.flatMap((device, index) => {
    const real = slotsOf(device, state.stores[index], '');
    if (device.reach !== 'trapped' || device.owner === 0) return real;
    return [...real, ...slotsOf(device, state.hypervisor.virtual[index], ' (virtual)')];
  });

const slotsOf = (device: DeviceSpec, store: StoreState, suffix: string): TableRow[] =>
  store.pending.map((waits, slot) => {
    const words = store.slots[device.store === 'msi' ? 0 : slot];
    const place = `${slotPlace(device.name, device.store, slot)}${suffix}`;
    return {
      id: `${place} ${slot}`,
      place,
      cells: [
        `${device.name}${suffix}`,
        `${slot}`,
        words[REG.addressHigh]
          ? hex64(words[REG.addressHigh], words[REG.addressLow])
          : hex(words[REG.addressLow]),
        hex(words[REG.data]),
        yesNo(isMasked(device, store, slot)),
        yesNo(waits),
        yesNo(store.enable),
      ],
    };
  });

/** Interrupts of guests the hypervisor has a host side for. */
export const bindingRows = (machine: Machine, state: State): TableRow[] =>
  Object.entries(state.hypervisor.bindings).map(([irq, binding]) => {
    const { name } = machine.irqs[Number(irq)];
    return {
      id: name,
      place: `binding of ${name}`,
      cells: [
        name,
        machine.cpus[binding.cpu]?.name ?? '',
        binding.vector < 0 ? '' : vectorText(binding.vector),
        messageText(binding.message),
      ],
    };
  });
