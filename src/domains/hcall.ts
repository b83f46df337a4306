import type { Message } from '../model/wire.ts';
import * as stack from './stack.ts';
import { placeOf } from './vector-state.ts';
import { type Ctx, type Layer, servesAsParent, stateOf, type Verbs } from './verbs.ts';

/** What a guest was given by the hypervisor. */
export interface HcallState {
  kind: 'hcall';
  /** Composed message by interrupt. */
  messages: Record<number, Message>;
}

export const initialHcall = (): HcallState => ({ kind: 'hcall', messages: {} });

/** A careless guest tells some CPU of its own, not the one its allocator chose. [LIS-NEXT 713] */
const toldCpu = ({ machine }: Ctx, { spec }: Layer, cpu: number): number =>
  machine.off.includes('domain/told-cpu') ? machine.realms[spec.realm].cpus[0] : cpu;

const ask = (ctx: Ctx, layer: Layer, irq: number, call: 'allocate' | 'retarget' | 'free') => {
  const place = placeOf(ctx, layer.spec.parent, irq);
  const { vector } = place;
  const cpu = toldCpu(ctx, layer, place.cpu);
  const { realm } = layer.spec;
  return ctx.hypercall({ call, by: realm, behalf: realm, irq, cpu, vector });
};

/**
 * The HCALL layer of a guest: allocates the guest's own vector below it, and has the message
 * composed by the hypervisor. [TGLX]
 */
export const hcallVerbs: Verbs = {
  supports: servesAsParent,

  activate(ctx, layer, irq, reserve) {
    const failed = stack.activate(ctx, layer.spec.parent, irq, reserve);
    if (failed) return failed;
    const answer = ask(ctx, layer, irq, 'allocate');
    if ('error' in answer) {
      stack.deactivate(ctx, layer.spec.parent, irq);
      return answer.error;
    }
    stateOf(ctx, layer.index, 'hcall').messages[irq] = answer.message;
    return null;
  },

  deactivate(ctx, layer, irq) {
    ask(ctx, layer, irq, 'free');
    delete stateOf(ctx, layer.index, 'hcall').messages[irq];
    stack.deactivate(ctx, layer.spec.parent, irq);
  },

  compose(ctx, layer, irq) {
    const message = stateOf(ctx, layer.index, 'hcall').messages[irq];
    return message ? { message } : { error: 'EINVAL' };
  },

  setAffinity(ctx, layer, irq, request) {
    const moved = stack.setAffinity(ctx, layer.spec.parent, irq, request);
    if ('error' in moved) return moved;
    const answer = ask(ctx, layer, irq, 'retarget');
    if ('error' in answer) return answer;
    const state = stateOf(ctx, layer.index, 'hcall');
    const same = state.messages[irq]?.data === answer.message.data;
    state.messages[irq] = answer.message;
    return { moves: same ? [] : [{ store: answer.message, transient: false }] };
  },
};
