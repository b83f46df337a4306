import { HPET_TIMER, IMS_CONTROL, MSI_SLOT, MSIX_CONTROL } from '../arch/store.ts';
import { getIn, reservedMasks, set } from '../bits/layout.ts';
import { type Word, word } from '../bits/word.ts';
import type { DeviceSpec, StoreKind } from '../model/machine.ts';
import { type FunctionReg, REG } from '../model/op.ts';
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
  /** An edge-triggered pin is masked, or an HPET off: neither remembers anything. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'pasid-mismatch' };

/** The slot that holds the message of interrupt `slot`: all of MSI share one. */
const slotOf = (device: DeviceSpec, slot: number): number => (device.store === 'msi' ? 0 : slot);

/** What reset leaves in a slot: MSI-X, IMS and pins are masked. [PCI 6.8.2], [IOAPIC 3.2.4] */
function resetSlot(store: StoreKind): Word[] {
  if (store === 'ioapic') return [...resetRte(), 0, 0];
  return [0, 0, 0, store === 'msix' || store === 'ims-device' ? 1 : 0];
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
      return store.functionMask === 1 || getIn(control, MSIX_CONTROL.fields.mask) === 1;
    case 'ims-device':
      return getIn(control, IMS_CONTROL.fields.mask) === 1;
    case 'hpet':
      return (
        !getIn(control, HPET_TIMER.fields.intEnable) || !getIn(control, HPET_TIMER.fields.fsbEnable)
      );
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
  const control = store.slots[slot][REG.control];
  if (!getIn(control, IMS_CONTROL.fields.pasidEnable)) return true;
  return getIn(control, IMS_CONTROL.fields.pasid) === pasid;
}

/** The interrupt waits, or no longer; a slot of the device shows that in its control word. [DSA] */
function setPending(device: DeviceSpec, store: StoreState, slot: number, waits: 0 | 1): void {
  store.pending[slot] = waits;
  if (device.store !== 'ims-device') return;
  const words = store.slots[slot];
  words[REG.control] = withPending(words[REG.control], waits);
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
    if (device.store === 'hpet') return { kind: 'ignored' };
    setPending(device, store, slot, 1);
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
      setPending(device, store, slot, 0);
      ready.push(slot);
    }
  return ready;
}

/** A write of consecutive registers of a slot, from `first` on. */
export interface SlotWrite {
  readonly slot: number;
  readonly first: number;
  readonly words: readonly Word[];
}

const MSI_ZEROS = reservedMasks(MSI_SLOT, 'ignored');

/** Bits of a register of a slot that read as zero whatever is written. */
export const wiredToZero = (store: StoreKind, reg: number): Word =>
  store === 'msi' ? MSI_ZEROS[reg] : 0;

/** What the registers hold afterwards: hardware keeps some bits for itself. */
function asWritten(device: DeviceSpec, store: StoreState, write: SlotWrite): readonly Word[] {
  const { slot, first, words } = write;
  switch (device.store) {
    case 'msi':
      return words.map((value, i) => word(value & ~wiredToZero(device.store, first + i)));
    case 'ims-device':
      return words.map((value, i) =>
        first + i === REG.control ? withPending(value, store.pending[slot]) : value,
      );
    case 'ioapic':
      if (first > 0) return words;
      return [rteLowWritten(store.slots[slot][0], words[0]), ...words.slice(1)];
    default:
      return words;
  }
}

function withPending(control: Word, waits: number): Word {
  const words = [control];
  set(words, IMS_CONTROL.fields.pending, waits);
  return words[0];
}

/** What registers held before a write, and hold now. */
export interface Written {
  readonly before: readonly Word[];
  readonly after: readonly Word[];
}

/** Software writes a register of the whole function. */
export function writeFunction(store: StoreState, reg: FunctionReg, value: number): Written {
  const before = [store[reg]];
  store[reg] = value;
  return { before, after: [value] };
}

/** Software writes registers of a slot. */
export function writeSlot(device: DeviceSpec, store: StoreState, write: SlotWrite): Written {
  const target = store.slots[write.slot];
  const { first } = write;
  const after = asWritten(device, store, write);
  const before = target.slice(first, first + after.length);
  for (let i = 0; i < after.length; i++) target[first + i] = after[i];
  return { before, after };
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
