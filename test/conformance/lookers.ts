import { AMD_CONTROL, AMD_IRTE_GUEST, DEVTAB_BASE, DTE } from '../../src/arch/amdvi.ts';
import { RTE, RTE_REMAPPABLE } from '../../src/arch/ioapic.ts';
import { AMD_INDEXED } from '../../src/arch/message.ts';
import { DESCRIPTOR } from '../../src/arch/posted.ts';
import { HPET_TIMER, IMS_CONTROL, MSIX_CONTROL } from '../../src/arch/store.ts';
import { GSTS, IEC_DESCRIPTOR, IRTA, IRTE_POSTED } from '../../src/arch/vtd.ts';
import { encode } from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import type { DeviceSpec, StoreKind } from '../../src/model/machine.ts';
import { compatMessage, readCompat, remappableMessage } from '../../src/model/message.ts';
import { REG } from '../../src/model/op.ts';
import type { RemapOutcome } from '../../src/model/remap.ts';
import type { Message } from '../../src/model/wire.ts';
import { carryOutCommand, translateAmd } from '../../src/units/amdvi.ts';
import { descriptorReservedClear, post } from '../../src/units/posted.ts';
import { initialStore, isMasked, messageOf, writeSlot } from '../../src/units/store.ts';
import { rteMessage } from '../../src/units/store-ioapic.ts';
import { carryOut, translateVtd } from '../../src/units/vtd.ts';
import * as amd from '../units/amdvi-scene.ts';
import { deviceOf } from '../units/store-scene.ts';
import * as vtd from '../units/vtd-scene.ts';

/** Hardware that reads a layout: sound words, what it makes of words, and how it refuses some. */
export interface Looker {
  readonly sound: readonly Word[];
  readonly look: (words: Word[]) => unknown;
  /** What `look` says where a bit that must be zero is not. */
  readonly refusal: string;
}

const ENV = { log: null, pick: () => 0 };

const nameOf = (outcome: RemapOutcome): unknown =>
  outcome.kind === 'blocked' ? outcome.fault : outcome;

const toMessage = ([addressLow, addressHigh, data]: readonly Word[]): Message => ({
  addressLow,
  addressHigh,
  data,
});

const wordsOf = ({ addressLow, addressHigh, data }: Message): Word[] => [
  addressLow,
  addressHigh,
  data,
];

function vtdLooks(change: (s: vtd.Scene, words: Word[]) => void) {
  return (words: Word[]): unknown => {
    const s = vtd.scene();
    change(s, words);
    return nameOf(translateVtd(s.spec, s.state, s.wire, ENV));
  };
}

function amdLooks(change: (s: amd.Scene, words: Word[]) => void, long = false) {
  return (words: Word[]): unknown => {
    const s = amd.scene({ long });
    change(s, words);
    return nameOf(translateAmd(s.spec, s.state, s.wire, ENV));
  };
}

const entryOfVtd = vtdLooks((s, words) => {
  s.state.tables[vtd.PAGE][vtd.INDEX] = words;
});

const entryOfAmd = (long: boolean) =>
  amdLooks((s, words) => {
    s.state.tables[amd.ROOT][amd.INDEX] = words;
  }, long);

/** What a command of the AMD-Vi queue leaves of a full cache. */
const amdCommand = (words: Word[]): unknown => {
  const { state } = amd.scene();
  state.cache = { [amd.RID]: { 1: [1] }, [amd.OTHER_RID]: { 1: [1] } };
  return carryOutCommand(state, words) ? Object.keys(state.cache) : 'illegal command';
};

/** What a store shows of the register words that were written into a slot, and sends. */
function storeLooks(kind: StoreKind, first: number) {
  const device: DeviceSpec = deviceOf(kind, { maskable: true });
  return (words: Word[]): unknown => {
    const store = initialStore(device);
    writeSlot(device, store, { slot: 0, first, words });
    return { message: messageOf(device, store, 0), masked: isMasked(device, store, 0) };
  };
}

const SOUND_RTE = { vector: 0x22, dest: 2 };
const PID = encode(DESCRIPTOR, { nv: 0xf2, ndst: 2 });
const COMMAND = (opcode: number): Word[] => [0x0200, (opcode << 28) >>> 0, 0, 0];

/** Who looks at each layout that hardware reads, by the name it is exported under. */
export const LOOKERS: Readonly<Record<string, Looker>> = {
  COMPAT: {
    sound: wordsOf(compatMessage({ dest: 2, destMode: 0, vector: 0x22 })),
    look: words => readCompat(toMessage(words), true),
    refusal: '',
  },
  REMAPPABLE: {
    sound: wordsOf(remappableMessage(vtd.INDEX)),
    look: vtdLooks((s, words) => {
      s.wire = { ...s.wire, ...toMessage(words) };
    }),
    refusal: 'request-reserved-nonzero',
  },
  AMD_INDEXED: {
    sound: encode(AMD_INDEXED, { window: 0xfee, index: amd.INDEX }),
    look: amdLooks((s, words) => {
      s.wire = { ...s.wire, ...toMessage(words) };
    }),
    refusal: '',
  },
  IRTE: { sound: vtd.GOOD, look: entryOfVtd, refusal: 'irte-reserved-nonzero' },
  IRTE_POSTED: {
    sound: encode(IRTE_POSTED, { present: 1, im: 1, vector: 0x41, svt: 1, sid: vtd.RID }),
    look: entryOfVtd,
    refusal: 'irte-reserved-nonzero',
  },
  GSTS: {
    sound: encode(GSTS, { ires: 1 }),
    look: vtdLooks((s, [word]) => {
      s.state.gsts = word;
    }),
    refusal: '',
  },
  IRTA: {
    sound: encode(IRTA, { base: vtd.PAGE, size: 15, eime: 1 }),
    look: vtdLooks((s, words) => {
      s.state.irta = words;
    }),
    refusal: '',
  },
  IEC_DESCRIPTOR: {
    sound: encode(IEC_DESCRIPTOR, { type: 4, granularity: 1, index: vtd.INDEX }),
    look: words => {
      const { state } = vtd.scene();
      state.cache = { 1: [1], [vtd.INDEX]: [1] };
      return carryOut(state, words) ? Object.keys(state.cache) : `queue error ${state.fsts}`;
    },
    refusal: 'queue error 16',
  },
  DESCRIPTOR: {
    sound: PID,
    look: words =>
      descriptorReservedClear(words, 'x2apic')
        ? { posted: post(words, { vector: 0x41, urgent: 0 }, 'x2apic'), words }
        : 'descriptor-reserved-nonzero',
    refusal: 'descriptor-reserved-nonzero',
  },
  DTE: {
    sound: encode(DTE, amd.DEVICE),
    look: amdLooks((s, words) => {
      s.state.deviceTable[amd.RID] = words;
    }),
    refusal: 'dte-reserved-nonzero',
  },
  AMD_IRTE32: { sound: amd.SHORT, look: entryOfAmd(false), refusal: 'irte-reserved-nonzero' },
  AMD_IRTE128: { sound: amd.LONG, look: entryOfAmd(true), refusal: 'irte-reserved-nonzero' },
  /** Refused whole: the guest form is known for decoding only. */
  AMD_IRTE_GUEST: {
    sound: encode(AMD_IRTE_GUEST, { remapEn: 1, guestMode: 1, guestVector: 0x41 }),
    look: entryOfAmd(true),
    refusal: 'irte-guest-mode',
  },
  AMD_CONTROL: {
    sound: encode(AMD_CONTROL, { iommuEn: 1 }),
    look: amdLooks((s, words) => {
      s.state.control = words;
    }),
    refusal: '',
  },
  DEVTAB_BASE: {
    sound: encode(DEVTAB_BASE, { base: amd.DEVICE_TABLE_PAGE, size: 0x1ff }),
    look: amdLooks((s, words) => {
      s.state.deviceTableBase = words;
    }),
    refusal: '',
  },
  COMPLETION_WAIT: {
    sound: [0, 0x10000000, 0, 0],
    look: amdCommand,
    refusal: 'illegal command',
  },
  INVALIDATE_DEVTAB_ENTRY: { sound: COMMAND(2), look: amdCommand, refusal: 'illegal command' },
  INVALIDATE_INTERRUPT_TABLE: { sound: COMMAND(5), look: amdCommand, refusal: 'illegal command' },
  INVALIDATE_IOMMU_ALL: {
    sound: [0, 0x80000000, 0, 0],
    look: amdCommand,
    refusal: 'illegal command',
  },
  RTE: { sound: encode(RTE, SOUND_RTE), look: words => rteMessage(words), refusal: '' },
  RTE_REMAPPABLE: {
    sound: encode(RTE_REMAPPABLE, { format: 1, index: vtd.INDEX, vector: 2 }),
    look: words => rteMessage(words),
    refusal: '',
  },
  MSI_SLOT: {
    sound: [...wordsOf(compatMessage({ dest: 2, destMode: 0, vector: 0x22 })), 0],
    look: storeLooks('msi', REG.addressLow),
    refusal: '',
  },
  MSIX_CONTROL: {
    sound: encode(MSIX_CONTROL, {}),
    look: storeLooks('msix', REG.control),
    refusal: '',
  },
  IMS_CONTROL: {
    sound: encode(IMS_CONTROL, {}),
    look: storeLooks('ims-device', REG.control),
    refusal: '',
  },
  HPET_TIMER: {
    sound: encode(HPET_TIMER, { intEnable: 1, fsbEnable: 1 }),
    look: storeLooks('hpet', REG.control),
    refusal: '',
  },
};
