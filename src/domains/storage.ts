import { HPET_TIMER, IMS_CONTROL, MSIX_CONTROL } from '../arch/store.ts';
import { encode } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { DeviceSpec, StoreKind } from '../model/machine.ts';
import { type FunctionReg, type Op, REG } from '../model/op.ts';
import { type Message, messageWords } from '../model/wire.ts';
import { rteFor, rteMessage } from '../units/store-ioapic.ts';

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
  /** Interrupts of the device that are to be masked, this one left out, as bits by slot. */
  readonly maskedOthers: Word;
  /** Vectors of plain MSI the device may use. */
  readonly granted: number;
  readonly maskWhileWriting: boolean;
}

/** How each kind of store is written: order of writes, what masks, what enables. */
export interface Storage {
  /** Operations that put a message in place, in the order the kernel has them. */
  readonly write: (at: SlotAt, message: Message) => Op[];
  /** Operations that mask or unmask; null where the store has no mask. */
  readonly mask: (at: SlotAt, on: boolean) => Op[] | null;
  /** Operations that switch the function on or off, around the write of its first message. */
  readonly enable: (at: SlotAt, how: Enabling) => Switching;
  /** Words of one message are written one by one, and nothing holds the device back meanwhile. */
  readonly isTorn: (device: DeviceSpec) => boolean;
  /** A kernel may leave it without a vector until it is started: it is masked so long. [LINUX] */
  readonly canWait: (device: DeviceSpec) => boolean;
  /** What the device will send for a message that is stored so. */
  readonly sends: (at: SlotAt, message: Message) => Message;
}

/** How a function is switched on or off: slots that are `unused` are masked on the way. */
export interface Enabling {
  readonly on: boolean;
  readonly unused: readonly number[];
}

/** What comes before a message is written, and what after it. */
export interface Switching {
  readonly before: Op[];
  readonly after: Op[];
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

const maskControl = (at: SlotAt, on: boolean): Word =>
  (at.maskedOthers | (on ? 1 << at.slot : 0)) >>> 0;

/**
 * Plain MSI keeps all mask bits in one word. Only its first interrupt writes the message: the
 * device puts the numbers of the others into it. [LINUX drivers/pci/msi/irqdomain.c
 * pci_msi_domain_write_msg]
 */
function writeMsi(at: SlotAt, message: Message): Op[] {
  const writes = at.granted > 1 && at.slot > 0 ? [] : messageWrites(at, message);
  if (!at.device.maskable) return writes;
  const masked =
    at.live && at.maskWhileWriting ? [put(at, REG.control, [maskControl(at, true)])] : [];
  return [...masked, ...writes, put(at, REG.control, [maskControl(at, at.masked)])];
}

/** With its mask bits set where it has any; the number of vectors is set before the message. */
function enableMsi(at: SlotAt, { on, unused }: Enabling): Switching {
  if (!on) return { before: [setFunction(at, 'enable', 0)], after: [] };
  const multiple = at.granted > 1 ? [setFunction(at, 'multiple', at.granted)] : [];
  const quiet =
    at.device.maskable && unused.length > 0 ? [put(at, REG.control, [maskControl(at, true)])] : [];
  return { before: [...quiet, ...multiple], after: [setFunction(at, 'enable', 1)] };
}

const msixControl = (masked: boolean): Word => encode(MSIX_CONTROL, { mask: masked ? 1 : 0 })[0];

function imsControl(at: SlotAt, masked: boolean): Word {
  const { pasid } = at.device;
  const mask = masked ? 1 : 0;
  return encode(IMS_CONTROL, pasid < 0 ? { mask } : { mask, pasidEnable: 1, pasid })[0];
}

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
 * only then the function is let go. [LINUX drivers/pci/msi/msi.c msix_capability_init]
 */
function enableMsix(at: SlotAt, { on, unused }: Enabling): Switching {
  if (!on) return { before: [setFunction(at, 'enable', 0)], after: [] };
  return {
    before: [
      setFunction(at, 'functionMask', 1),
      setFunction(at, 'enable', 1),
      ...unused.map(slot => put({ ...at, slot }, REG.control, [msixControl(true)])),
    ],
    after: [setFunction(at, 'functionMask', 0)],
  };
}

const entryFor = (at: SlotAt, message: Message, masked = at.masked): Word[] => {
  const level = at.device.levelPins.includes(at.slot);
  return rteFor(message, { pin: at.slot, masked, level });
};

/** The high word first: the low one holds the mask. [LINUX arch/x86/kernel/apic/io_apic.c] */
const rteWrites = (at: SlotAt, [low, high]: readonly Word[]): Op[] => [
  put(at, 1, [high]),
  put(at, 0, [low]),
];

/** A timer that sends has interrupts on, and as messages. [LINUX hpet.c hpet_msi_unmask] */
function hpetControl(masked: boolean): Word {
  const on = masked ? 0 : 1;
  return encode(HPET_TIMER, { intEnable: on, fsbEnable: on })[0];
}

/** The data first, then the address; there is no high address. [LINUX arch/x86/kernel/hpet.c] */
const hpetWrites = (at: SlotAt, { addressLow, data }: Message): Op[] => [
  put(at, REG.data, [data]),
  put(at, REG.addressLow, [addressLow]),
];

const always = () => ({ before: [], after: [] });
const no = () => false;
const asStored = (_at: SlotAt, message: Message): Message => message;
const plain = { enable: always, isTorn: no, canWait: no, sends: asStored } as const;

export const STORAGE: Readonly<Record<StoreKind, Storage>> = {
  msi: {
    ...plain,
    write: writeMsi,
    mask: (at, on) => (at.device.maskable ? [put(at, REG.control, [maskControl(at, on)])] : null),
    enable: enableMsi,
    isTorn: ({ maskable, storeWidth }) => !maskable && storeWidth < 16,
    canWait: ({ maskable }) => maskable,
  },
  msix: {
    ...plain,
    write: maskedWrite((_at, masked) => msixControl(masked)),
    mask: (at, on) => [put(at, REG.control, [msixControl(on)])],
    enable: enableMsix,
    canWait: () => true,
  },
  'ims-device': {
    ...plain,
    write: maskedWrite(imsControl),
    mask: (at, on) => [put(at, REG.control, [imsControl(at, on)])],
  },
  ioapic: {
    ...plain,
    write: (at, message) => rteWrites(at, entryFor(at, message)),
    mask: (at, on) => (at.message ? [put(at, 0, [entryFor(at, at.message, on)[0]])] : []),
    sends: (at, message) => rteMessage(entryFor(at, message)),
  },
  hpet: {
    ...plain,
    write: (at, message) => [
      ...hpetWrites(at, message),
      put(at, REG.control, [hpetControl(at.masked)]),
    ],
    mask: (at, on) => [put(at, REG.control, [hpetControl(on)])],
  },
  'ims-queue': {
    ...plain,
    write: (at, message) => [put(at, 0, messageWords(message))],
    mask: () => null,
  },
};
