import {
  type ApicCheck,
  BROADCAST,
  CLASS_SHIFT,
  ESR,
  FLAT_CPUS_MAX,
  VECTOR_WORDS,
  X2APIC_CLUSTER,
} from '../arch/apic.ts';
import { FIRST_LEGAL_VECTOR } from '../arch/message.ts';
import { clearBit, hasBit, highestBit, setBit } from '../bits/bitmap.ts';
import type { Word } from '../bits/word.ts';
import type { CpuSpec } from '../model/machine.ts';
import { type InterruptRequest, modeName } from '../model/wire.ts';

/** A local APIC: what it has accepted and what its CPU is working on. [SDM 11.8.4] */
export interface ApicState {
  /** Interrupt request register: bit v % 32 of word v / 32 is vector v. */
  irr: Word[];
  /** In-service register. */
  isr: Word[];
  /** Trigger mode register: 1 for vectors last accepted as level, whose end is told to IO-APICs. */
  tmr: Word[];
  /** Task priority: vectors of this class and below wait. */
  tpr: number;
  /** Error status register. */
  esr: Word;
  /** Deliveries that bypass the request register, waiting. */
  nmi: number;
  smi: number;
  init: number;
  extint: number;
  /** 1 while the CPU takes maskable interrupts. */
  interrupts: number;
  online: number;
  /** Physical CPU a virtual one runs on; -1 while it does not run, and for physical CPUs. */
  runsOn: number;
}

/** What the APIC does with a delivery. */
export type AcceptOutcome =
  | 'accepted'
  | 'coalesced'
  | 'illegal-vector'
  | 'reserved-mode'
  | 'offline';

const noVectors = (): Word[] => new Array(VECTOR_WORDS).fill(0);

export const initialApic = (cpu: CpuSpec, taskPriority = 0): ApicState => ({
  irr: noVectors(),
  isr: noVectors(),
  tmr: noVectors(),
  tpr: cpu.runsOn < 0 ? taskPriority : 0,
  esr: 0,
  nmi: 0,
  smi: 0,
  init: 0,
  extint: 0,
  interrupts: 1,
  online: 1,
  runsOn: cpu.runsOn,
});

/**
 * The logical id of a CPU, flat (xAPIC, by its position among the physical ones) or in clusters
 * (x2APIC, by its id). [SDM 11.6.2.2, 11.12.10.2]
 */
export function logicalId(cpu: CpuSpec, position: number): number {
  if (cpu.mode === 'xapic') return position < FLAT_CPUS_MAX ? 1 << position : 0;
  const cluster = cpu.apicId >>> X2APIC_CLUSTER.shift;
  return (
    ((cluster << X2APIC_CLUSTER.idShift) | (1 << (cpu.apicId & X2APIC_CLUSTER.memberMask))) >>> 0
  );
}

function addressed(cpu: CpuSpec, position: number, request: InterruptRequest): boolean {
  const { dest } = request;
  if (request.destMode === 0) return dest === cpu.apicId || dest === BROADCAST[cpu.mode];
  if (cpu.mode === 'x2apic' && dest === BROADCAST.x2apic) return true;
  const id = logicalId(cpu, position);
  if (cpu.mode === 'xapic') return (id & dest) !== 0;
  const sameCluster = dest >>> X2APIC_CLUSTER.idShift === id >>> X2APIC_CLUSTER.idShift;
  return sameCluster && (id & dest & 0xffff) !== 0;
}

/**
 * Which of `cpus` a request reaches, as positions in that list. Lowest priority, and a logical set
 * with the redirection hint, reach one: of those online the lowest task priority, then the first in
 * the list. [SDM 11.6.2]
 */
export function targets(
  cpus: readonly CpuSpec[],
  apics: readonly ApicState[],
  request: InterruptRequest,
): number[] {
  const hit: number[] = [];
  for (let i = 0; i < cpus.length; i++) if (addressed(cpus[i], i, request)) hit.push(i);
  const one = modeName(request) === 'lowest' || (request.destMode === 1 && request.redirHint === 1);
  if (!one || hit.length < 2) return hit;
  const online = hit.filter(i => apics[i].online === 1);
  const able = online.length > 0 ? online : hit;
  return [able.reduce((best, i) => (apics[i].tpr < apics[best].tpr ? i : best))];
}

/**
 * The APIC takes a delivery; a vector already requested coalesces with it. Reserved delivery modes
 * ask for nothing, see `APIC_CHECKS`; with that check in `off` they are taken for fixed.
 * [SDM 11.8.4], [SDM 11.11.2], [KVM arch/x86/kvm/lapic.c __apic_accept_irq]
 */
export function accept(
  apic: ApicState,
  request: InterruptRequest,
  off: readonly string[] = [],
): AcceptOutcome {
  if (!apic.online) return 'offline';
  const mode = modeName(request);
  if (mode === 'reserved3' || mode === 'reserved6') {
    if (!off.includes('apic/delivery-mode' satisfies ApicCheck)) return 'reserved-mode';
  } else if (mode !== 'fixed' && mode !== 'lowest') {
    const waiting = apic[mode] === 1;
    apic[mode] = 1;
    return waiting ? 'coalesced' : 'accepted';
  }
  const refusesVectors = !off.includes('apic/legal-vector' satisfies ApicCheck);
  if (request.vector < FIRST_LEGAL_VECTOR && refusesVectors) {
    apic.esr = (apic.esr | ESR.receiveIllegalVector) >>> 0;
    return 'illegal-vector';
  }
  if (request.triggerMode === 1) setBit(apic.tmr, request.vector);
  else clearBit(apic.tmr, request.vector);
  if (hasBit(apic.irr, request.vector)) return 'coalesced';
  setBit(apic.irr, request.vector);
  return 'accepted';
}

/** The vector the CPU would take now; -1 when none may interrupt it. [SDM 11.8.3] */
export function deliverable(apic: ApicState): number {
  if (!apic.online || !apic.interrupts) return -1;
  const vector = highestBit(apic.irr);
  if (vector < 0) return -1;
  const serving = highestBit(apic.isr);
  const barrier = Math.max(serving >= 0 ? serving >>> CLASS_SHIFT : 0, apic.tpr >>> CLASS_SHIFT);
  return vector >>> CLASS_SHIFT > barrier ? vector : -1;
}

/** The CPU takes `vector`: from requested to in service. */
export function beginService(apic: ApicState, vector: number): void {
  clearBit(apic.irr, vector);
  setBit(apic.isr, vector);
}

/** Whether the end of a vector is told to IO-APICs: it was accepted as level. [SDM 11.8.4, 11.8.5] */
export const isLevel = (apic: ApicState, vector: number): boolean => hasBit(apic.tmr, vector);

/** End of interrupt: the highest vector in service is done; -1 when there was none. */
export function endOfInterrupt(apic: ApicState): number {
  const vector = highestBit(apic.isr);
  if (vector >= 0) clearBit(apic.isr, vector);
  return vector;
}
