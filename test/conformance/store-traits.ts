import { RTE } from '../../src/arch/ioapic.ts';
import { HPET_TIMER } from '../../src/arch/store.ts';
import { encode } from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import type { StoreKind } from '../../src/model/machine.ts';

/** A register as traces and specifications call it; `enable` and the like belong to the function. */
export type Access = 'lo' | 'hi' | 'data' | 'ctrl' | 'message' | 'functionMask' | 'enable';

/** What is different between kinds of message stores. */
export interface StoreTraits {
  /** Control words that hold interrupt 0 back, and that let it go; null where nothing can. */
  readonly control: { readonly masked: Word; readonly open: Word } | null;
  /** Register of the control word: pins have it in their low word, with the message. */
  readonly controlAt: number;
  /** A raise while masked is remembered. */
  readonly remembers: boolean;
  /** Software switches the function on; it sends nothing before. */
  readonly switched: boolean;
  /** What the device is declared with besides. */
  readonly device: object;
  /** Accesses that put the first message in place, and those that replace a live one. */
  readonly first: readonly Access[];
  readonly live: readonly Access[];
}

const LO_HI_DATA = ['lo', 'hi', 'data'] as const;
const MASK_BIT = { masked: 1, open: 0 };

/**
 * Every kind of store. Orders of writes are the kernel's: MSI as three writes, with MSI-X masked
 * meanwhile, pins high word first, HPET data first, queue memory at once. [LINUX
 * drivers/pci/msi/msi.c, arch/x86/kernel/apic/io_apic.c, arch/x86/kernel/hpet.c]
 */
export const TRAITS: Readonly<Record<StoreKind, StoreTraits>> = {
  msi: {
    device: { maskable: true },
    control: MASK_BIT,
    controlAt: 3,
    remembers: true,
    switched: true,
    first: [...LO_HI_DATA, 'ctrl', 'enable'],
    live: ['ctrl', ...LO_HI_DATA, 'ctrl'],
  },
  msix: {
    device: { vectors: 2 },
    control: MASK_BIT,
    controlAt: 3,
    remembers: true,
    switched: true,
    first: ['functionMask', 'enable', 'ctrl', ...LO_HI_DATA, 'ctrl', 'functionMask'],
    live: ['ctrl', ...LO_HI_DATA, 'ctrl'],
  },
  'ims-device': {
    device: {},
    control: MASK_BIT,
    controlAt: 3,
    remembers: true,
    switched: false,
    first: [...LO_HI_DATA, 'ctrl'],
    live: ['ctrl', ...LO_HI_DATA, 'ctrl'],
  },
  'ims-queue': {
    device: {},
    control: null,
    controlAt: 3,
    remembers: false,
    switched: false,
    first: ['message'],
    live: ['message'],
  },
  ioapic: {
    device: {},
    control: { masked: encode(RTE, { mask: 1 })[0], open: 0 },
    controlAt: 0,
    remembers: false,
    switched: false,
    first: ['hi', 'lo'],
    live: ['hi', 'lo'],
  },
  hpet: {
    device: {},
    control: { masked: 0, open: encode(HPET_TIMER, { intEnable: 1, fsbEnable: 1 })[0] },
    controlAt: 3,
    remembers: false,
    switched: false,
    first: ['data', 'lo', 'ctrl'],
    live: ['data', 'lo', 'ctrl'],
  },
};
