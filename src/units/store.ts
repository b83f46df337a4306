import { IMS_CONTROL, MSIX_CONTROL } from '../arch/store.ts';
import { get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { DeviceSpec, StoreKind } from '../model/machine.ts';
import { REG } from '../model/op.ts';
import type { Message } from '../model/wire.ts';
import {
  beginLevel,
  resetRte,
  rteBusy,
  rteLevel,
  rteLowWritten,
  rteMasked,
  rteMessage,
} from './store-ioapic.ts';

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
  /** Messages the device sends in place of what its slots hold; empty where it keeps no copies. */
  copies: Word[][];
}

/** What the device does when it wants to raise an interrupt. */
export type RaiseOutcome =
  | { readonly kind: 'sent'; readonly message: Message }
  | { readonly kind: 'pending' }
  | { readonly kind: 'disabled' }
  /** An edge-triggered pin is masked, and remembers nothing. */
  | { readonly kind: 'ignored' }
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
    copies: device.cachesMessage ? Array.from({ length: count }, () => [0, 0, 0]) : [],
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
  const at = slotOf(device, slot);
  const [addressLow, addressHigh, data] = store.copies[at] ?? store.slots[at];
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
  if (device.store === 'ioapic') return raisePin(store, slot);
  if (isMasked(device, store, slot)) {
    store.pending[slot] = 1;
    return { kind: 'pending' };
  }
  return { kind: 'sent', message: messageOf(device, store, slot) };
}

/**
 * A pin is raised. A masked edge is not remembered; a level stays until it is heard, which is once
 * the pin is not masked and what it sent last has been ended. [IOAPIC 3.2.4]
 */
function raisePin(store: StoreState, pin: number): RaiseOutcome {
  const words = store.slots[pin];
  const level = rteLevel(words);
  if (rteMasked(words) && !level) return { kind: 'ignored' };
  if (rteMasked(words) || (level && rteBusy(words))) {
    store.pending[pin] = 1;
    return { kind: 'pending' };
  }
  const message = rteMessage(words);
  if (level) beginLevel(words);
  return { kind: 'sent', message };
}

/** Interrupts that were waiting and can go now: their pending bits are cleared. */
export function takeUnmasked(device: DeviceSpec, store: StoreState): number[] {
  if (!store.enable) return [];
  const ready: number[] = [];
  const isBusy = (slot: number): boolean =>
    device.store === 'ioapic' && rteLevel(store.slots[slot]) && rteBusy(store.slots[slot]);
  for (let slot = 0; slot < store.pending.length; slot++)
    if (store.pending[slot] && !isMasked(device, store, slot) && !isBusy(slot)) {
      store.pending[slot] = 0;
      ready.push(slot);
    }
  return ready;
}

/** What a write of consecutive registers leaves in them: hardware may keep some bits for itself. */
export const asWritten = (
  device: DeviceSpec,
  store: StoreState,
  write: { readonly slot: number; readonly first: number; readonly words: readonly Word[] },
): readonly Word[] =>
  device.store === 'ioapic' && write.first === 0
    ? [rteLowWritten(store.slots[write.slot][0], write.words[0]), ...write.words.slice(1)]
    : write.words;

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

/**
 * A device that keeps copies takes them while a slot can send nothing: what it sends once the slot
 * is let go is what was there then. [PCI 6.8.3.5]
 */
export function refreshCopies(device: DeviceSpec, store: StoreState): void {
  for (let at = 0; at < store.copies.length; at++)
    if (!store.enable || isMasked(device, store, at))
      store.copies[at] = store.slots[at].slice(0, REG.control);
}
