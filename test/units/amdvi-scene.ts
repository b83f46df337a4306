import { AMD_CONTROL, AMD_IRTE32, AMD_IRTE128, DEVTAB_BASE, DTE } from '../../src/arch/amdvi.ts';
import { encode, set } from '../../src/bits/layout.ts';
import type { Word } from '../../src/bits/word.ts';
import { amdMessage } from '../../src/model/message.ts';
import type { RemapOutcome } from '../../src/model/remap.ts';
import type { Wire } from '../../src/model/wire.ts';
import {
  type AmdProfile,
  type AmdSpec,
  type AmdState,
  translateAmd,
} from '../../src/units/amdvi.ts';

export const RID = 0x0200;
export const OTHER_RID = 0x0308;
export const INDEX = 5;
/** Address 0x12345f80, in units of 64 bytes. */
export const ROOT = 0x12345f80 / 64;
export const OTHER_ROOT = ROOT + 32;
export const DEVICE_TABLE_PAGE = 0x777;

export const DEVICE = { v: 1, tv: 1, iv: 1, intTabLen: 9, intCtl: 2, intTabRoot: ROOT };
export const ENTRY = { remapEn: 1, vector: 0x22, dest: 2 };
export const SHORT = encode(AMD_IRTE32, ENTRY);
export const LONG = encode(AMD_IRTE128, ENTRY);

/** A unit and a request to it; tests spoil single things of a good one. */
export interface Scene {
  spec: AmdSpec;
  state: AmdState;
  wire: Wire;
}

export interface SceneOptions {
  readonly profile?: AmdProfile;
  readonly entry?: readonly Word[];
  readonly long?: boolean;
  readonly xtEn?: number;
  readonly cache?: AmdSpec['cache'];
  readonly eventLogSize?: number;
}

/** Requester 02:00.0 with table `ROOT`, whose entry `INDEX` is good. */
export function scene(options: SceneOptions = {}): Scene {
  const { profile = 'spec', long = false, xtEn = 0, cache = 'never', eventLogSize = 4 } = options;
  const entry = options.entry ?? (long ? LONG : SHORT);
  return {
    spec: { kind: 'amdvi', profile, cache, eventLogSize, off: [] },
    state: {
      kind: 'amdvi',
      control: encode(AMD_CONTROL, { iommuEn: 1, gaEn: long ? 1 : 0, xtEn }),
      deviceTableBase: encode(DEVTAB_BASE, { base: DEVICE_TABLE_PAGE, size: 0x1ff }),
      deviceTable: { [RID]: encode(DTE, DEVICE) },
      tables: { [ROOT]: { [INDEX]: [...entry] } },
      unreadable: [],
      cache: {},
      events: [],
      status: 0,
    },
    wire: { ...amdMessage(INDEX), rid: RID, pasid: -1 },
  };
}

export const translate = (s: Scene, picks: number[] = []): RemapOutcome =>
  translateAmd(s.spec, s.state, s.wire, { log: null, pick: () => picks.shift() ?? 0 });

type DteField = keyof typeof DTE.fields;

/** Changes a field of the requester's device table entry. */
export const setDevice = (s: Scene, name: DteField, value: number): void =>
  set(s.state.deviceTable[RID], DTE.fields[name], value);

export const entryOf = (s: Scene): Word[] => s.state.tables[ROOT][INDEX];
