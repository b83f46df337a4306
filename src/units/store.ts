import { IMS_CONTROL, MSIX_CONTROL } from '../arch/store.ts';
import { get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { DeviceSpec, StoreKind } from '../model/machine.ts';
import { REG } from '../model/op.ts';
import type { Message } from '../model/wire.ts';
import { resetRte, rteMasked, rteMessage } from './store-ioapic.ts';

/** The message store of a device, wherever it lies. */
export interface StoreState {
  /** Per slot: address low, address high, data, control (see `REG`). MSI has one for all. */
  slots: Word[][];
  /** Per interrupt: 1 while it waits for its mask to go. */
  pending: number[];
  enable: number;
  functionMask: number;
  /** Vectors of plain MSI software granted. [PCI 6.8.1.3] */
  multiple: number;
}

/** What the device does when it wants to raise an interrupt. */
export type RaiseOutcome =
  | { readonly kind: 'sent'; readonly message: Message }
  | { readonly kind: 'pending' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'pasid-mismatch' };

/** The slot that holds the message of interrupt `slot`: all of MSI share one. */
const slotOf = (device: DeviceSpec, slot: number): number => (device.store === 'msi' ? 0 : slot);

/** What reset leaves in a slot: MSI-X, IMS and pins are masked. [PCI 6.8.2], [IOAPIC 3.2.4] */
function resetSlot(store: StoreKind): Word[] {
  if (store === 'ioapic') return [...resetRte(), 0, 0];
  return [0, 0, 0, store === 'msi' || store === 'ims-queue' ? 0 : 1];
}

/** Stores of PCI functions are switched on by software; the others always are. */
const startsEnabled = (store: StoreKind): number => (store === 'msi' || store === 'msix' ? 0 : 1);

/** A store as reset leaves it: nothing is sent until software has been there. */
export function initialStore(device: DeviceSpec): StoreState {
  const count = device.store === 'msi' ? 1 : device.slots;
  return {
    slots: Array.from({ length: count }, () => resetSlot(device.store)),
    pending: new Array(device.slots).fill(0),
    enable: startsEnabled(device.store),
    functionMask: 0,
    multiple: 1,
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
    case 'hpet':
      return get([control], IMS_CONTROL.fields.mask) === 1;
    case 'ioapic':
      return rteMasked(store.slots[slot]);
    case 'ims-queue':
      return false;
  }
}

/** The message the device would send for interrupt `slot`. */
export function messageOf(device: DeviceSpec, store: StoreState, slot: number): Message {
  if (device.store === 'ioapic') return rteMessage(store.slots[slot]);
  const [addressLow, addressHigh, data] = store.slots[slotOf(device, slot)];
  if (device.store !== 'msi' || store.multiple === 1) return { addressLow, addressHigh, data };
  const low = 2 ** Math.ceil(Math.log2(store.multiple)) - 1;
  return { addressLow, addressHigh, data: ((data & ~low) | (slot & low)) >>> 0 };
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
