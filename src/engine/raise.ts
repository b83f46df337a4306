import { isEmulated, meaningOf } from '../hypervisor/trap.ts';
import { NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { Message } from '../model/wire.ts';
import { raise, type StoreState, takeUnmasked } from '../units/store.ts';
import { inject } from './cpu.ts';
import { domainCtx, type Env } from './env.ts';
import { emit } from './flight.ts';
import type { State } from './state.ts';

/** What a raise may have besides its interrupt; `NONE` where it is as usual. */
export interface RaiseHow {
  /** Another requester id of the device. */
  readonly alias: number;
  /** Another device whose work names the slot, as interfaces of one function may. */
  readonly user: number;
}

const AS_USUAL: RaiseHow = { alias: NONE, user: NONE };

/** A device wants to raise an interrupt: it sends, or remembers, or cannot. */
export function raiseIrq(env: Env, state: State, out: Out, irq: number, how = AS_USUAL): void {
  const { device, slot, name } = env.machine.irqs[irq];
  const user = how.user === NONE ? device : how.user;
  const spec = env.machine.devices[user];
  const emulated = isEmulated({ machine: env.machine, hv: state.hypervisor }, device);
  const store = storeOf(state, device, emulated);
  const outcome = raise(env.machine.devices[device], store, slot, spec.pasid);
  if (out.level !== 'silent')
    out.emit(spec.name, { act: 'raise', irq: name, outcome: outcome.kind });
  const before = out.follow();
  if (outcome.kind === 'disabled' && spec.intx !== NONE) raiseIrq(env, state, out, spec.intx);
  if (outcome.kind === 'sent' && emulated) sendEmulated(env, state, out, irq, outcome.message);
  else if (outcome.kind === 'sent') {
    const rid = how.alias === NONE ? spec.rid : how.alias;
    emit(env, state, out, { device: user, irq, message: outcome.message, rid, pasid: NONE });
  }
  out.back(before);
}

/** An emulated device has its store in the hypervisor. */
const storeOf = (state: State, device: number, emulated: boolean): StoreState =>
  emulated ? state.hypervisor.virtual[device] : state.stores[device];

/** The hypervisor's own device sends nothing: what its message means is injected. */
function sendEmulated(env: Env, state: State, out: Out, irq: number, message: Message): void {
  const guest = state.hypervisor.owners[env.machine.irqs[irq].device];
  const ctx = domainCtx(env, state, out, []);
  const wish = meaningOf(ctx, { guest, irq, message, use: 'live' });
  if (wish) inject(env, state, out, wish);
}

/** Interrupts that waited for a mask and can go now. */
export function sendUnmasked(env: Env, state: State, out: Out, device: number): void {
  const spec = env.machine.devices[device];
  const emulated = isEmulated({ machine: env.machine, hv: state.hypervisor }, device);
  for (const slot of takeUnmasked(spec, storeOf(state, device, emulated)))
    raiseIrq(env, state, out, env.plan.irq[device][slot]);
}
