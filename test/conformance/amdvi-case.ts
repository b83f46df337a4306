import {
  AMD_CHECKS,
  AMD_CONTROL,
  AMD_FAULTS,
  AMD_IRTE32,
  type AmdCheck,
  DEVTAB_BASE,
} from '../../src/arch/amdvi.ts';
import { encode, set } from '../../src/bits/layout.ts';
import { REMAP_PROFILES } from '../../src/model/machine.ts';
import type { AmdProfile } from '../../src/units/amdvi.ts';
import {
  DEVICE_TABLE_PAGE,
  entryOf,
  INDEX,
  RID,
  ROOT,
  type Scene,
  scene,
  setDevice,
} from '../units/amdvi-scene.ts';
import type { Probe, UnitCase } from './unit-case.ts';

/** Checks of requests that are not Fixed or Arbitrated: no request meets them and the rest. */
const UNMAPPED = [
  'amdvi/smi',
  'amdvi/delivery-mode',
  'amdvi/physical-destination',
  'amdvi/pass-bit',
] as const satisfies AmdCheck[];
type Unmapped = (typeof UNMAPPED)[number];

/** One way to break each rule on the way of a Fixed request, in the order of evaluation. */
export const AMD_BREAKS: Readonly<Record<Exclude<AmdCheck, Unmapped>, (s: Scene) => void>> = {
  'amdvi/dte-bounds': s => void set(s.state.deviceTableBase, DEVTAB_BASE.fields.size, 0),
  'amdvi/dte-access': s => void s.state.unreadable.push(DEVICE_TABLE_PAGE + RID / 128),
  'amdvi/dte-reserved': s => setDevice(s, 'rsvd192', 1),
  'amdvi/pasid': s => {
    s.wire = { ...s.wire, pasid: 7 };
  },
  'amdvi/window': s => {
    s.wire = { ...s.wire, addressHigh: 1 };
  },
  'amdvi/intctl-abort': s => setDevice(s, 'intCtl', 0),
  'amdvi/intctl-reserved': s => setDevice(s, 'intCtl', 3),
  'amdvi/table-length': s => setDevice(s, 'intTabLen', 12),
  'amdvi/index-bounds': s => setDevice(s, 'intTabLen', 2),
  'amdvi/table-access': s => void s.state.unreadable.push(ROOT >>> 6),
  'amdvi/remap-enabled': s => set(entryOf(s), AMD_IRTE32.fields.remapEn, 0),
  'amdvi/guest-mode': s => set(entryOf(s), AMD_IRTE32.fields.guestMode, 1),
  'amdvi/entry-reserved': s => set(entryOf(s), AMD_IRTE32.fields.rsvd24, 1),
  'amdvi/interrupt-type': s => set(entryOf(s), AMD_IRTE32.fields.intType, 2),
};

const isProfile = (name: string): name is AmdProfile =>
  REMAP_PROFILES.amdvi.some(known => known === name);

/** The qwords' words of the device table entry that is about interrupts. */
const INTERRUPT_LOW = 4;
const INTERRUPT_HIGH = 5;

function probe(name: string): Probe {
  if (!isProfile(name)) throw new Error(`no profile ${name}`);
  const s = scene({ profile: name });
  const low = () => s.state.deviceTable[RID][INTERRUPT_LOW];
  const high = () => s.state.deviceTable[RID][INTERRUPT_HIGH];
  const passes = (mode: number): boolean => {
    const quad = name === 'qemu-9.2' ? s.state.deviceTable[RID][7] : high();
    const bit = { 4: 26, 5: 24, 7: 25 }[mode];
    return bit !== undefined && ((quad >>> bit) & 1) === 1;
  };
  return {
    get spec() {
      return s.spec;
    },
    state: s.state,
    get wire() {
      return s.wire;
    },
    ask: change => {
      s.wire = { ...s.wire, ...change };
    },
    switchOff: off => {
      s.spec = { ...s.spec, off };
    },
    setCache: cache => {
      s.spec = { ...s.spec, cache };
    },
    index: INDEX,
    table: () => s.state.tables[ROOT],
    entries: () => 2 ** ((low() >>> 1) & 15),
    says: ([entry]) => ({ vector: (entry >>> 16) & 0xff, dest: (entry >>> 8) & 0xff }),
    setUp: ([control, length, modes]) => {
      s.state.control = encode(AMD_CONTROL, { iommuEn: control & 7 ? 1 : 0 });
      setDevice(s, 'iv', length & 0x70 ? 1 : 0);
      setDevice(s, 'intTabLen', length & 15);
      setDevice(s, 'ig', (length >>> 8) & 1);
      setDevice(s, 'intCtl', modes & 0x30 ? 2 : modes & 3);
      setDevice(s, 'nmiPass', (modes >>> 6) & 1);
      setDevice(s, 'initPass', (modes >>> 7) & 1);
      setDevice(s, 'eIntPass', (modes >>> 8) & 1);
    },
    mayPass: () => {
      const mode = (s.wire.data >>> 8) & 7;
      const mapped = s.wire.rid === RID && (low() & 1) === 1;
      if ((s.state.control[0] & 1) === 0 || !mapped) return true;
      if (mode <= 1) return name === 'spec' && ((high() >>> 28) & 3) === 1;
      return passes(mode) && ((s.wire.addressLow >>> 2) & 1) === 0;
    },
    breaks: Object.fromEntries(
      Object.entries(AMD_BREAKS).map(([rule, spoil]) => [rule, () => spoil(s)]),
    ),
  };
}

/** Reserved bits of entries, lengths of tables, and PASIDs are not looked at by QEMU. [QEMU] */
const QEMU_LACKS: AmdCheck[] = [
  'amdvi/dte-bounds',
  'amdvi/pasid',
  'amdvi/table-length',
  'amdvi/index-bounds',
  'amdvi/entry-reserved',
];

export const AMD_CASE: UnitCase = {
  probe,
  checks: AMD_CHECKS,
  faults: Object.keys(AMD_FAULTS),
  elsewhere: UNMAPPED,
  lacks: { qemu: QEMU_LACKS, 'qemu-9.2': QEMU_LACKS },
  readsBeyond: ['qemu', 'qemu-9.2'],
  entryWords: 1,
  soundEntry: ([entry]) => [((entry & 0x00ffff67) | 1) >>> 0],
};
