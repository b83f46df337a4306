import { REMAP_PROFILES, type RemapKind } from '../../src/model/machine.ts';
import { AMD_CASE } from './amdvi-case.ts';
import type { UnitCase } from './unit-case.ts';
import { VTD_CASE } from './vtd-case.ts';

/** Every kind of remap unit; null for one without tables. A new kind is asked for by the compiler. */
const CASES: Readonly<Record<RemapKind, UnitCase | null>> = {
  none: null,
  vtd: VTD_CASE,
  amdvi: AMD_CASE,
};

/** A unit in one profile. */
export interface Subject {
  readonly name: string;
  readonly kind: RemapKind;
  readonly profile: string;
  readonly unit: UnitCase;
}

const isKind = (name: string): name is RemapKind => Object.hasOwn(REMAP_PROFILES, name);

/** Every unit with tables in every profile it has. */
export const SUBJECTS: readonly Subject[] = Object.keys(REMAP_PROFILES)
  .filter(isKind)
  .flatMap(kind => {
    const unit = CASES[kind];
    if (!unit) return [];
    return REMAP_PROFILES[kind].map(profile => ({
      name: `${kind}, ${profile}`,
      kind,
      profile,
      unit,
    }));
  });
