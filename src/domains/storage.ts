import { IMS_CONTROL, MSIX_CONTROL } from '../arch/store.ts';
import { encode } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { DeviceSpec, StoreKind } from '../model/machine.ts';
import { type FunctionReg, type Op, REG } from '../model/op.ts';
import { type Message, messageWords } from '../model/wire.ts';
import { rteFor } from '../units/store-ioapic.ts';

/** A slot as the software that owns it addresses it. */
export interface SlotAt {
  readonly by: number;
  readonly device: DeviceSpec;
  readonly deviceIndex: number;
  readonly slot: number;
  /** What the slot was last given; null when nothing was. */
  readonly message: Message | null;
  /** Software keeps this interrupt masked. */
  readonly masked: boolean;
  /** The slot is live: written before and not masked. */
  readonly live: boolean;
  readonly maskWhileWriting: boolean;
}

/** How each kind of store is written: order of writes, what masks, what enables. */
export interface Storage {
  /** Operations that put a message in place, in the order the kernel has them. */
  readonly write: (at: SlotAt, message: Message) => Op[];
  /** Operations that mask or unmask; null where the store has no mask. */
  readonly mask: (at: SlotAt, on: boolean) => Op[] | null;
  /** Operations that switch the function on or off; `unused` slots are masked on the way. */
  readonly enable: (at: SlotAt, how: Enabling) => Op[];
}

/** How a function is switched on or off. */
export interface Enabling {
  readonly on: boolean;
  readonly unused: readonly number[];
  /** Vectors of plain MSI the device may use. */
  readonly granted: number;
}

const WORD_BYTES = 4;

const put = (at: SlotAt, first: number, words: readonly Word[]): Op => ({
  op: 'store',
  by: at.by,
  device: at.deviceIndex,
  slot: at.device.store === 'msi' ? 0 : at.slot,
  first,
  words,
});

const setFunction = (at: SlotAt, reg: FunctionReg, value: number): Op => ({
  op: 'function',
  by: at.by,
  device: at.deviceIndex,
  reg,
  value,
});

/** The message in writes as wide as the store allows: low address first, data last. */
function messageWrites(at: SlotAt, message: Message): Op[] {
  const words = messageWords(message);
  const step = at.device.storeWidth / WORD_BYTES;
  const writes: Op[] = [];
  for (let first = 0; first < words.length; first += step)
    writes.push(put(at, first, words.slice(first, first + step)));
  return writes;
}

/** The high word first: the low one holds the mask. [LINUX arch/x86/kernel/apic/io_apic.c] */
const rteWrites = (at: SlotAt, [low, high]: readonly Word[]): Op[] => [
  put(at, 1, [high]),
  put(at, 0, [low]),
];

const msixControl = (masked: boolean): Word => encode(MSIX_CONTROL, { mask: masked ? 1 : 0 })[0];

function imsControl(at: SlotAt, masked: boolean): Word {
  const { pasid } = at.device;
  const mask = masked ? 1 : 0;
  return encode(IMS_CONTROL, pasid < 0 ? { mask } : { mask, pasidEnable: 1, pasid })[0];
}

/** MSI keeps all mask bits in one word. */
const msiMask = (at: SlotAt, on: boolean): Op =>
  put(at, REG.control, [on ? (1 << at.slot) >>> 0 : 0]);

/** A slot with its own mask bit: masked while it is written. [LINUX drivers/pci/msi/msi.c] */
function maskedWrite(control: (at: SlotAt, masked: boolean) => Word): Storage['write'] {
  return (at, message) => [
    ...(at.live && at.maskWhileWriting ? [put(at, REG.control, [control(at, true)])] : []),
    ...messageWrites(at, message),
    put(at, REG.control, [control(at, at.masked)]),
  ];
}

/**
 * MSI-X is switched on with the whole function masked, entries that are not in use are masked, and
 * only then the function is let go. [LINUX drivers/pci/msi/msi.c]
 */
function enableMsix(at: SlotAt, { on, unused }: Enabling): Op[] {
  if (!on || unused.length === 0) return [setFunction(at, 'enable', on ? 1 : 0)];
  return [
    setFunction(at, 'functionMask', 1),
    setFunction(at, 'enable', 1),
    ...unused.map(slot => put({ ...at, slot }, REG.control, [msixControl(true)])),
    setFunction(at, 'functionMask', 0),
  ];
}

export const STORAGE: Readonly<Record<StoreKind, Storage>> = {
  msi: {
    write: (at, message) =>
      at.device.maskable && at.live && at.maskWhileWriting
        ? [msiMask(at, true), ...messageWrites(at, message), msiMask(at, false)]
        : messageWrites(at, message),
    mask: (at, on) => (at.device.maskable ? [msiMask(at, on)] : null),
    enable: (at, { on, granted }) => [
      ...(on && granted > 1 ? [setFunction(at, 'multiple', granted)] : []),
      setFunction(at, 'enable', on ? 1 : 0),
    ],
  },
  msix: {
    write: maskedWrite((_at, masked) => msixControl(masked)),
    mask: (at, on) => [put(at, REG.control, [msixControl(on)])],
    enable: enableMsix,
  },
  'ims-device': {
    write: maskedWrite(imsControl),
    mask: (at, on) => [put(at, REG.control, [imsControl(at, on)])],
    enable: () => [],
  },
  ioapic: {
    write: (at, message) => rteWrites(at, rteFor(message, at.slot, at.masked)),
    mask: (at, on) => (at.message ? rteWrites(at, rteFor(at.message, at.slot, on)).slice(1) : []),
    enable: () => [],
  },
  hpet: {
    write: maskedWrite((_at, masked) => msixControl(masked)),
    mask: (at, on) => [put(at, REG.control, [msixControl(on)])],
    enable: () => [],
  },
  'ims-queue': {
    write: (at, message) => [put(at, 0, messageWords(message))],
    mask: () => null,
    enable: () => [],
  },
};
