import { GSTS, IRTA, IRTE } from '../../src/arch/vtd.ts';
import { encode } from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import { remappableMessage } from '../../src/model/message.ts';
import type { RemapOutcome } from '../../src/model/remap.ts';
import type { Message, Wire } from '../../src/model/wire.ts';
import { translateVtd, type VtdProfile, type VtdSpec, type VtdState } from '../../src/units/vtd.ts';

export const PAGE = 0x12345;
export const INDEX = 43;
export const RID = 0x0200;
export const PROFILES: VtdProfile[] = ['spec', 'qemu'];

export const ENTRY = { present: 1, vector: 0x22, dest: 2, redirHint: 1, sid: RID, svt: 1 };
export const GOOD = encode(IRTE, ENTRY);

/** A unit and a request to it; tests spoil single things of a good one. */
export interface Scene {
  spec: VtdSpec;
  state: VtdState;
  wire: Wire;
}

const SPEC: VtdSpec = {
  kind: 'vtd',
  profile: 'spec',
  cache: 'never',
  cachesNotPresent: false,
  faultRecords: 1,
  posting: true,
  off: [],
};

export const toWire = (message: Message, rid = RID): Wire => ({ ...message, rid, pasid: -1 });

export const registers = (size: number, eime: number): Word[] =>
  encode(IRTA, { base: PAGE, size, eime });

export const scene = (entry: readonly Word[] = GOOD, profile: VtdProfile = 'spec'): Scene => ({
  spec: { ...SPEC, profile },
  state: {
    kind: 'vtd',
    gsts: encode(GSTS, { ires: 1, irtps: 1 })[0],
    irta: registers(15, 1),
    tables: { [PAGE]: { [INDEX]: [...entry] } },
    unreadable: [],
    cache: {},
    frcd: [[0, 0, 0, 0]],
    nextRecord: 0,
    fsts: 0,
  },
  wire: toWire(remappableMessage(INDEX)),
});

export const translate = (s: Scene, picks: number[] = []): RemapOutcome =>
  translateVtd(s.spec, s.state, s.wire, { log: null, pick: () => picks.shift() ?? 0 });

export const entryOf = (s: Scene): Word[] => s.state.tables[PAGE][INDEX];
