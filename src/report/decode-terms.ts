import { AMD_CHECKS, AMD_FAULTS, type AmdCheck } from '../arch/amdvi.ts';
import { AMD_EVENTS } from '../arch/amdvi-log.ts';
import { BROADCAST, X2APIC_CLUSTER } from '../arch/apic.ts';
import { SYSTEM_VECTORS } from '../arch/linux.ts';
import { DELIVERY_MODES, FIRST_EXTERNAL_VECTOR, FIRST_LEGAL_VECTOR } from '../arch/message.ts';
import { VTD_CHECKS, VTD_FAULTS, type VtdCheck } from '../arch/vtd.ts';
import { bitRange, type Field, get, type Layout, reservedSet } from '../bits/layout.ts';
import { hex, type Word } from '../bits/word.ts';
import type { ApicMode, DecodeFault, DecodeProblem, ProblemSeverity } from './decode.ts';

/** The fault a failing check of a VT-d unit gives, such as `0x24 irte-reserved-nonzero`. */
export function vtdFault(check: VtdCheck): DecodeFault {
  const { fault } = VTD_CHECKS[check];
  return { code: `0x${hex(fault, 2)}`, name: VTD_FAULTS[fault].name };
}

/** The fault a failing check of an AMD-Vi unit gives; its code is the event's name. */
export function amdFault(check: AmdCheck): DecodeFault {
  const { fault } = AMD_CHECKS[check];
  return { code: AMD_EVENTS[AMD_FAULTS[fault].event].name, name: fault };
}

/** A fault as text: code and name. */
export const faultText = (fault: DecodeFault): string => `${fault.code} ${fault.name}`.trim();

/** What is said about one field. */
export interface Remark {
  readonly field?: string;
  readonly text: string;
  readonly fault?: DecodeFault;
}

const problem = (severity: ProblemSeverity, { field = '', text, fault }: Remark): DecodeProblem =>
  fault ? { severity, field, text, fault } : { severity, field, text };

/** Hardware refuses this. */
export const violation = (remark: Remark): DecodeProblem => problem('violation', remark);
/** Allowed, and worth a look. */
export const warning = (remark: Remark): DecodeProblem => problem('warning', remark);
/** Something to try. */
export const hint = (text: string): DecodeProblem => problem('hint', { text });

/** A violation for each field that must be zero and is not. */
export const reservedViolations = <N extends string>(
  layout: Layout<N>,
  words: readonly Word[],
  fault: DecodeFault,
): DecodeProblem[] =>
  reservedSet(layout, words).map(field => {
    const f: Field = layout.fields[field];
    const value = hex(get(words, f), 1);
    return violation({
      field,
      text: `reserved bits ${bitRange(f)} are not zero: 0x${value}`,
      fault,
    });
  });

/** What is special about a vector; empty for the ordinary ones. [SDM 11.5.2], [LINUX 6.1] */
export function vectorMeaning(vector: number): string {
  if (vector < FIRST_LEGAL_VECTOR) return 'not legal for fixed interrupts';
  if (vector < FIRST_EXTERNAL_VECTOR) return 'in the range of exceptions';
  const system = SYSTEM_VECTORS[vector];
  return system ? `Linux 6.1: ${system}` : '';
}

/** A remark where a request of this mode must not carry this vector. [SDM 11.5.2] */
export function vectorProblems(vector: number, deliveryMode: number): DecodeProblem[] {
  const mode = DELIVERY_MODES[deliveryMode];
  if (vector >= FIRST_LEGAL_VECTOR || (mode !== 'fixed' && mode !== 'lowest')) return [];
  const least = hex(FIRST_LEGAL_VECTOR, 2);
  const text = `the local APIC takes no vector below 0x${least}`;
  return [warning({ field: 'vector', text })];
}

/** Whom a destination id names. [SDM 11.6.2, 11.12.10.2] */
export function destMeaning(dest: number, destMode: number, apicMode: ApicMode): string {
  if (destMode === 0)
    return dest === BROADCAST[apicMode] ? 'every CPU (broadcast)' : `APIC id ${dest}`;
  if (apicMode === 'xapic') return `logical id 0x${hex(dest, 2)}`;
  const cluster = dest >>> X2APIC_CLUSTER.idShift;
  const members = dest % 2 ** X2APIC_CLUSTER.idShift;
  return `cluster ${cluster}, members 0x${hex(members, 4)}`;
}

/** Words in a list: `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/**
 * What goes before the meaning of an entry that does not act as it says: one that is `idle`, such
 * as `not present`, or one whose violations make hardware refuse it.
 */
export function caveat(idle: string, problems: readonly DecodeProblem[]): string {
  if (idle) return `${idle}; it would say: `;
  const refused = problems.some(({ severity }) => severity === 'violation');
  return refused ? 'refuses every request; it would say: ' : '';
}
