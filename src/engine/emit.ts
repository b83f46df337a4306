import type { Out } from '../model/out.ts';
import type { Message } from '../model/wire.ts';
import { type Env, EVENT } from './env.ts';
import type { State } from './state.ts';

/** What a device sends, before it is on its way. */
export interface Emission {
  readonly device: number;
  /** Interrupt whose slot the message came from; -1 for a write without a slot. */
  readonly irq: number;
  readonly message: Message;
  readonly rid: number;
  readonly pasid: number;
}

/** A device puts a message on the bus. */
export function emit(env: Env, state: State, out: Out, sent: Emission): void {
  const device = env.machine.devices[sent.device];
  const free = state.flights.indexOf(null);
  const at = free < 0 ? state.flights.length : free;
  const { message, rid, pasid } = sent;
  state.flights[at] = { message, rid, pasid, device: sent.device, hop: 'bus', request: null };
  if (out.level !== 'silent') {
    out.emit(device.name, {
      act: 'emit',
      device: device.name,
      irq: sent.irq < 0 ? '' : env.machine.irqs[sent.irq].name,
      message,
      rid,
      pasid,
      kind: sent.irq < 0 ? 'dma' : 'store',
      flight: at,
    });
    if (out.level === 'full') out.mark(`flight ${at}`);
  }
  env.schedule(env.machine.latency.busNs, EVENT.hop, at);
}
