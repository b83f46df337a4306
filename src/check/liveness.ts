import { HOST, type Machine, NONE } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';

/** One raise of an interrupt that was permitted and not masked, and what became of it. */
export interface RaiseLore {
  readonly irq: string;
  /** Realm the device belonged to. */
  readonly owner: string;
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
  return permittedRaises(machine, trace).map(({ raise: { irq, seq, timeNs }, owner }) => {
    const service = answer.get(seq);
    const servicedSeq = service?.seq ?? NONE;
    return { irq, owner, seq, timeNs, servicedSeq, servicedNs: service?.timeNs ?? NONE };
  });
}

/**
 * Raises while the owner held a vector for the interrupt, nothing masked it, and the message was
 * the one its software had put there.
 */
function permittedRaises(machine: Machine, trace: readonly TraceRecord[]) {
  const owners = new Map(
    machine.irqs.map(irq => [irq.name, machine.realms[machine.devices[irq.device].owner].name]),
  );
  const held = new Map<string, number>();
  const forged = new Set<string>();
  const handOver = (device: string, realm: string): void => {
    for (const { name, device: of } of machine.irqs) {
      if (machine.devices[of].name !== device || owners.get(name) === realm) continue;
      owners.set(name, realm);
      held.delete(name);
      forged.delete(name);
    }
  };
  const raises: { raise: Extract<TraceRecord, { act: 'raise' }>; owner: string }[] = [];
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
    if (record.act === 'put' && owners.get(record.irq) === record.actor) forged.delete(record.irq);
    if (record.act !== 'raise' || (held.get(record.irq) ?? 0) < 1) continue;
    if (forged.has(record.irq)) continue;
    if (record.outcome === 'sent' || record.outcome === 'disabled')
      raises.push({ raise: record, owner: owners.get(record.irq) ?? '' });
  }
  return raises;
}
