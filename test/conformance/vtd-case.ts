import { GSTS, IRTE, VTD_CHECKS, VTD_FAULTS, type VtdCheck } from '../../src/arch/vtd.ts';
import { encode, set } from '../../src/bits/layout.ts';
import type { VtdProfile } from '../../src/units/vtd.ts';
import {
  entryOf,
  GOOD,
  INDEX,
  PAGE,
  PROFILES,
  RID,
  registers,
  type Scene,
  scene,
} from '../units/vtd-scene.ts';
import type { Probe, UnitCase } from './unit-case.ts';

/** Checks of the descriptor: they are made where memory is, see the tests of posting. */
type Elsewhere = 'vtd/descriptor-access' | 'vtd/descriptor-reserved';

/** One way to break each check, in the order of evaluation. [VTD 5.1.4] */
export const VTD_BREAKS: Readonly<Record<Exclude<VtdCheck, Elsewhere>, (s: Scene) => void>> = {
  'vtd/pasid': s => {
    s.wire = { ...s.wire, pasid: 7 };
  },
  'vtd/compat-format': s => {
    s.wire = { ...s.wire, addressLow: (s.wire.addressLow & ~0x10) >>> 0 };
  },
  'vtd/request-reserved': s => {
    s.wire = { ...s.wire, data: 0x10000 };
  },
  'vtd/index-bounds': s => {
    s.state.irta = registers(0, 1);
  },
  'vtd/table-access': s => void s.state.unreadable.push(PAGE),
  'vtd/present': s => set(entryOf(s), IRTE.fields.present, 0),
  'vtd/entry-reserved': s => set(entryOf(s), IRTE.fields.rsvd84, 1),
  'vtd/source-id': s => {
    s.wire = { ...s.wire, rid: 0x0300 };
  },
};

const isProfile = (name: string): name is VtdProfile => PROFILES.some(known => known === name);

function probe(name: string): Probe {
  if (!isProfile(name)) throw new Error(`no profile ${name}`);
  const s = scene(GOOD, name);
  const eime = () => (s.state.irta[0] >>> 11) & 1;
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
    table: () => s.state.tables[PAGE],
    entries: () => 2 ** ((s.state.irta[0] & 15) + 1),
    says: ([low, high]) => ({
      vector: (low >>> 16) & 0xff,
      dest: eime() ? high : (high >>> 8) & 0xff,
    }),
    setUp: ([status, pointer]) => {
      const [ires, cfis] = [status & 3 ? 1 : 0, (status >>> 2) & 1];
      s.state.gsts = encode(GSTS, { ires, irtps: 1, cfis })[0];
      s.state.irta = registers(pointer & 15, (pointer >>> 4) & 1);
    },
    mayPass: () => {
      const { wire, state } = s;
      if (wire.pasid >= 0) return false;
      if (((state.gsts >>> 25) & 1) === 0) return true;
      if ((wire.addressLow >>> 4) & 1) return false;
      return name === 'qemu' ? wire.addressHigh === 0 : !eime() && ((state.gsts >>> 23) & 1) === 1;
    },
    breaks: Object.fromEntries(
      Object.entries(VTD_BREAKS).map(([rule, spoil]) => [rule, () => spoil(s)]),
    ),
  };
}

export const VTD_CASE: UnitCase = {
  probe,
  checks: VTD_CHECKS,
  faults: Object.values(VTD_FAULTS).map(({ name }) => name),
  elsewhere: ['vtd/descriptor-access', 'vtd/descriptor-reserved'] satisfies Elsewhere[],
  lacks: { qemu: ['vtd/compat-format'] },
  readsBeyond: [],
  entryWords: 4,
  soundEntry: ([low, dest, , source]) => [
    ((low & 0x00ff00fd) | 1) >>> 0,
    dest & 0xff00,
    source & 1 ? 0 : 0x40000 | RID,
    0,
  ],
};
