import { HOST, type Machine, NONE } from '../model/machine.ts';
import { FUNCTION_REGS } from '../model/op.ts';
import type { Happening, TraceRecord } from '../model/record.ts';

/** One raise of an interrupt that was permitted and not masked, and what became of it. */
export interface RaiseLore {
  readonly irq: string;
  readonly seq: number;
  readonly timeNs: number;
  /** The first service at or after the raise; `NONE` when there is none. */
  readonly servicedSeq: number;
  readonly servicedNs: number;
}

export type Service = Extract<TraceRecord, { act: 'service' }>;

/** The CPU took the vector, and the handler that ran was the interrupt's own. */
export const isOwnService = (record: TraceRecord): record is Service =>
  record.act === 'service' && record.outcome === 'handled';

type Write = Extract<Happening, { act: 'write' }>;

/** Whether a function is switched on. */
export const switchesOn = (what: Happening): what is Write =>
  what.act === 'write' &&
  what.unit === 'function' &&
  what.first === FUNCTION_REGS.indexOf('enable') &&
  what.after[0] === 1;

/** Every raise that was permitted and not masked, in order. */
export function raisesOf(machine: Machine, trace: readonly TraceRecord[]): RaiseLore[] {
  const next = new Map<string, Service>();
  const answer = new Map<number, Service>();
  for (let i = trace.length - 1; i >= 0; i--) {
    const record = trace[i];
    if (isOwnService(record)) next.set(record.irq, record);
    const service = record.act === 'raise' ? next.get(record.irq) : undefined;
    if (service) answer.set(record.seq, service);
  }
  return permittedRaises(machine, trace).map(({ irq, seq, timeNs }) => {
    const service = answer.get(seq);
    const servicedSeq = service?.seq ?? NONE;
    return { irq, seq, timeNs, servicedSeq, servicedNs: service?.timeNs ?? NONE };
  });
}

/**
 * Raises while the owner held a vector for the interrupt, nothing masked it, and the message was
 * its software’s. Those while the function is off count where it has been on.
 */
function permittedRaises(machine: Machine, trace: readonly TraceRecord[]) {
  const owners = new Map(
    machine.irqs.map(irq => [irq.name, machine.realms[machine.devices[irq.device].owner].name]),
  );
  const handOver = (device: string, realm: string): void => {
    for (const irq of machine.irqs)
      if (machine.devices[irq.device].name === device) owners.set(irq.name, realm);
  };
  const held = new Map<string, number>();
  const enabled = new Set<string>();
  const forged = new Set<string>();
  const raises: Extract<TraceRecord, { act: 'raise' }>[] = [];
  for (const record of trace) {
    if (record.act === 'assign' && !record.error) handOver(record.device, record.realm);
    const isVector = (record.act === 'alloc' || record.act === 'free') && record.kind === 'vector';
    if (isVector && owners.get(record.irq) === record.actor) {
      if (record.act === 'alloc' && record.error) continue;
      const change = record.act === 'alloc' ? 1 : -1;
      held.set(record.irq, (held.get(record.irq) ?? 0) + change);
    }
    if (record.act === 'boot')
      for (const irq of machine.irqs)
        if (machine.devices[irq.device].owner === HOST) held.delete(irq.name);
    if (record.act === 'forge') forged.add(record.irq);
    if (record.act === 'put') forged.delete(record.irq);
    if (switchesOn(record)) enabled.add(record.of);
    if (record.act !== 'raise' || (held.get(record.irq) ?? 0) < 1) continue;
    if (forged.has(record.irq)) continue;
    const wasOn = record.outcome === 'disabled' && enabled.has(record.irq.split('.')[0]);
    if (record.outcome === 'sent' || wasOn) raises.push(record);
  }
  return raises;
}

/** Name of the realm an interrupt's device is given to at the start; empty for an unknown one. */
export function ownerName(machine: Machine, irqName: string): string {
  const irq = machine.irqs.find(candidate => candidate.name === irqName);
  return irq ? machine.realms[machine.devices[irq.device].owner].name : '';
}
