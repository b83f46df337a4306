import { POSTED_MSI_VECTOR, POSTED_NOTIFICATION_VECTOR } from '../arch/linux.ts';
import { DESCRIPTOR, PIR_WORDS, XAPIC_NDST_RESERVED } from '../arch/posted.ts';
import { XAPIC_DEST } from '../arch/vtd.ts';
import { setBit } from '../bits/bitmap.ts';
import { encode, get, isClear, reservedMasks, set } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import type { CpuSpec, Machine } from '../model/machine.ts';

const F = DESCRIPTOR.fields;
const RESERVED = reservedMasks(DESCRIPTOR);

/** What posting leads to: a notification for a CPU, or nothing. */
export interface Posted {
  readonly notify: boolean;
  readonly vector: number;
  /** APIC id the notification goes to. */
  readonly dest: number;
}

/** NDST as the mode encodes it: xAPIC ids stand in bits 15:8. [VTD 9.12] */
export const encodeNdst = (cpu: CpuSpec): Word =>
  cpu.mode === 'x2apic' ? cpu.apicId : (cpu.apicId << XAPIC_DEST.shift) >>> 0;

const decodeNdst = (ndst: Word, mode: CpuSpec['mode']): number =>
  mode === 'x2apic' ? ndst : (ndst >>> XAPIC_DEST.shift) & XAPIC_DEST.mask;

/**
 * The descriptor of a virtual CPU at the start; of a physical one where the host has its own
 * interrupts posted, else nothing.
 */
export function initialDescriptor(machine: Machine, cpu: CpuSpec): Word[] {
  if (cpu.runsOn < 0)
    return machine.hostPosting
      ? encode(DESCRIPTOR, { nv: POSTED_MSI_VECTOR, ndst: encodeNdst(cpu) })
      : [];
  const ndst = encodeNdst(machine.cpus[cpu.runsOn]);
  return encode(DESCRIPTOR, { nv: POSTED_NOTIFICATION_VECTOR, ndst });
}

/** Whether all bits that must be zero are; those of NDST depend on how wide ids are. [VTD 9.12] */
export const descriptorReservedClear = (
  descriptor: readonly Word[],
  mode: CpuSpec['mode'],
): boolean =>
  isClear(descriptor, RESERVED) &&
  (mode === 'x2apic' || (get(descriptor, F.ndst) & XAPIC_NDST_RESERVED) === 0);

/**
 * Posts a vector, as one atomic change of the line: its PIR bit is set; a notification is sent when
 * none is outstanding and none is suppressed, or the entry is urgent. [VTD 5.2.3]
 */
export function post(
  descriptor: Word[],
  request: { readonly vector: number; readonly urgent: number },
  mode: CpuSpec['mode'],
): Posted {
  setBit(descriptor, request.vector);
  const outstanding = get(descriptor, F.on) === 1;
  const suppressed = get(descriptor, F.sn) === 1 && !request.urgent;
  const notify = !outstanding && !suppressed;
  if (notify) set(descriptor, F.on, 1);
  return {
    notify,
    vector: get(descriptor, F.nv),
    dest: decodeNdst(get(descriptor, F.ndst), mode),
  };
}

/** Takes everything pending out of a descriptor: its PIR, as 256 bits. */
export function takePending(descriptor: Word[]): Word[] {
  const pending = descriptor.slice(0, PIR_WORDS);
  for (let i = 0; i < PIR_WORDS; i++) descriptor[i] = 0;
  set(descriptor, F.on, 0);
  return pending;
}
