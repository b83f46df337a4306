import { IMS_CONTROL, MSIX_CONTROL } from '../arch/store.ts';
import { encode } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { DeviceSpec, StoreKind } from '../model/machine.ts';
import { type FunctionReg, type Op, REG } from '../model/op.ts';
import { type Message, messageWords } from '../model/wire.ts';

/** A slot as the software that owns it addresses it. */
export interface SlotAt {
  readonly by: number;
  readonly device: DeviceSpec;
  readonly deviceIndex: number;
  readonly slot: number;
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
  /** Operations that switch the function on or off. */
  readonly enable: (at: SlotAt, on: boolean) => Op[];
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

export const STORAGE: Readonly<Record<StoreKind, Storage>> = {
  msi: {
    write: (at, message) =>
      at.device.maskable && at.live && at.maskWhileWriting
        ? [msiMask(at, true), ...messageWrites(at, message), msiMask(at, false)]
        : messageWrites(at, message),
    mask: (at, on) => (at.device.maskable ? [msiMask(at, on)] : null),
    enable: (at, on) => [setFunction(at, 'enable', on ? 1 : 0)],
  },
  msix: {
    write: maskedWrite((_at, masked) => msixControl(masked)),
    mask: (at, on) => [put(at, REG.control, [msixControl(on)])],
    enable: (at, on) => [setFunction(at, 'enable', on ? 1 : 0)],
  },
  'ims-device': {
    write: maskedWrite(imsControl),
    mask: (at, on) => [put(at, REG.control, [imsControl(at, on)])],
    enable: () => [],
  },
  'ims-queue': {
    write: (at, message) => [put(at, 0, messageWords(message))],
    mask: () => null,
    enable: () => [],
  },
};
