import { IMS_CONTROL, MSIX_CONTROL } from '../arch/store.ts';
import { get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { DeviceSpec } from '../model/machine.ts';
import { REG } from '../model/op.ts';
import type { Message } from '../model/wire.ts';

/** The message store of a device, wherever it lies. */
export interface StoreState {
  /** Per slot: address low, address high, data, control (see `REG`). MSI has one for all. */
  slots: Word[][];
  /** Per interrupt: 1 while it waits for its mask to go. */
  pending: number[];
  enable: number;
  functionMask: number;
}

/** What the device does when it wants to raise an interrupt. */
export type RaiseOutcome =
  | { readonly kind: 'sent'; readonly message: Message }
  | { readonly kind: 'pending' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'pasid-mismatch' };

/** The slot that holds the message of interrupt `slot`: all of MSI share one. */
const slotOf = (device: DeviceSpec, slot: number): number => (device.store === 'msi' ? 0 : slot);

/** A store as reset leaves it: MSI-X and IMS slots masked, nothing enabled. [PCI 6.8.2] */
export function initialStore(device: DeviceSpec): StoreState {
  const count = device.store === 'msi' ? 1 : device.slots;
  const control = device.store === 'msix' || device.store === 'ims-device' ? 1 : 0;
  return {
    slots: Array.from({ length: count }, () => [0, 0, 0, control]),
    pending: new Array(device.slots).fill(0),
    enable: device.store === 'ims-queue' || device.store === 'ims-device' ? 1 : 0,
    functionMask: 0,
  };
}

/** Whether the device holds back interrupt `slot`. */
export function isMasked(device: DeviceSpec, store: StoreState, slot: number): boolean {
  const control = store.slots[slotOf(device, slot)][REG.control];
  switch (device.store) {
    case 'msi':
      return device.maskable && ((control >>> slot) & 1) === 1;
    case 'msix':
      return store.functionMask === 1 || get([control], MSIX_CONTROL.fields.mask) === 1;
    case 'ims-device':
      return get([control], IMS_CONTROL.fields.mask) === 1;
    case 'ims-queue':
      return false;
  }
}

/** The message the device would send for interrupt `slot`. */
export function messageOf(device: DeviceSpec, store: StoreState, slot: number): Message {
  const [addressLow, addressHigh, data] = store.slots[slotOf(device, slot)];
  if (device.store !== 'msi' || device.slots === 1) return { addressLow, addressHigh, data };
  const low = 2 ** Math.ceil(Math.log2(device.slots)) - 1;
  return { addressLow, addressHigh, data: ((data & ~low) | slot) >>> 0 };
}

function pasidAllowed(device: DeviceSpec, store: StoreState, slot: number, pasid: number): boolean {
  if (device.store !== 'ims-device' || !device.checksPasid) return true;
  const control = [store.slots[slot][REG.control]];
  if (!get(control, IMS_CONTROL.fields.pasidEnable)) return true;
  return get(control, IMS_CONTROL.fields.pasid) === pasid;
}

/** The device raises interrupt `slot` on behalf of `pasid` (-1 none). [PCI 6.8.2.8], [DSA] */
export function raise(
  device: DeviceSpec,
  store: StoreState,
  slot: number,
  pasid: number,
): RaiseOutcome {
  if (!store.enable) return { kind: 'disabled' };
  if (!pasidAllowed(device, store, slot, pasid)) return { kind: 'pasid-mismatch' };
  if (isMasked(device, store, slot)) {
    store.pending[slot] = 1;
    return { kind: 'pending' };
  }
  return { kind: 'sent', message: messageOf(device, store, slot) };
}

/** Interrupts whose mask is gone and that were waiting: their pending bits are cleared. */
export function takeUnmasked(device: DeviceSpec, store: StoreState): number[] {
  if (!store.enable) return [];
  const ready: number[] = [];
  for (let slot = 0; slot < store.pending.length; slot++)
    if (store.pending[slot] && !isMasked(device, store, slot)) {
      store.pending[slot] = 0;
      ready.push(slot);
    }
  return ready;
}

/** Writes consecutive registers of a slot; returns what they held before. */
export function writeSlot(
  store: StoreState,
  slot: number,
  first: number,
  words: readonly Word[],
): Word[] {
  const target = store.slots[slot];
  const before = target.slice(first, first + words.length);
  for (let i = 0; i < words.length; i++) target[first + i] = words[i];
  return before;
}
