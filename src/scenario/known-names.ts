import { AMD_CHECKS, AMD_FAULTS } from '../arch/amdvi.ts';
import { AMD_EVENTS } from '../arch/amdvi-log.ts';
import { APIC_CHECKS } from '../arch/apic.ts';
import { VTD_CHECKS, VTD_FAULTS } from '../arch/vtd.ts';
import { GUARDS } from '../model/guards.ts';

/** Checks of hardware that belong to no remap unit. */
const PATH_CHECKS = ['bridge/source-bus', 'dma/interrupt-range'];

/** Checks of hardware and guards of software a scenario may switch off. */
export const OFF_NAMES: readonly string[] = [
  ...Object.keys(GUARDS),
  ...Object.keys(VTD_CHECKS),
  ...Object.keys(AMD_CHECKS),
  ...PATH_CHECKS,
  ...Object.keys(APIC_CHECKS),
];

const code = (unit: string, n: number): string => `${unit}/0x${n.toString(16)}`;

/** Reasons a fault may have: the unit and its code, or the name of the refusal. */
export const FAULT_REASONS: readonly string[] = [
  ...new Set([
    ...Object.keys(VTD_FAULTS).map(n => code('vtd', Number(n))),
    ...Object.values(AMD_EVENTS).map(event => code('amdvi', event.code)),
    ...Object.values(VTD_FAULTS).map(fault => fault.name),
    ...Object.keys(AMD_FAULTS),
    ...PATH_CHECKS,
  ]),
];
