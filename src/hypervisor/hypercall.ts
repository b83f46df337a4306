import type { Errno } from '../arch/linux.ts';
import * as stack from '../domains/stack.ts';
import type { Hypercall, HypercallAnswer } from '../domains/verbs.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import type { Message } from '../model/wire.ts';
import { bind, grant, hostTop, unbind } from './bind.ts';
import type { HvCtx } from './state.ts';

/** A guest that acts for another one: its device model, in a guest of its own. */
const isDelegate = (ctx: HvCtx, { by, behalf }: Hypercall): boolean =>
  ctx.machine.hypervisor.delegates.some(({ realm, acts }) => acts === by && realm === behalf);

/**
 * The caller must own the device it names [XSA-237], or hold a right on the interrupt, or map one
 * for a guest it acts for. [XEN 92d9101eab]
 */
function mayCall(ctx: HvCtx, call: Hypercall): boolean {
  if (ctx.machine.off.includes('hypervisor/check-caller')) return true;
  const owner = ctx.hv.owners[ctx.machine.irqs[call.irq].device];
  if (call.by === call.behalf) return owner === call.by;
  if (!isDelegate(ctx, call)) return false;
  if (call.call === 'allocate') return owner === call.behalf;
  return ctx.hv.rights[call.irq] === call.by;
}

function carryOut(ctx: HvCtx, call: Hypercall): HypercallAnswer {
  if (!ctx.machine.hypervisor.hypercalls) return { error: 'ENOSYS' };
  if (!mayCall(ctx, call)) return { error: 'EPERM' };
  switch (call.call) {
    case 'allocate':
    case 'retarget':
      return forward(ctx, call);
    case 'compose': {
      const binding = ctx.hv.bindings[call.irq];
      return binding ? { message: binding.message } : { error: 'EINVAL' };
    }
    case 'free':
      unbind(ctx, call.irq);
      return { message: ZERO_MESSAGE };
  }
}

/** The host side comes to be, or moves; where the guest can't reach the store, it is written too. */
function forward(ctx: HvCtx, call: Hypercall): HypercallAnswer {
  const { irq, cpu, vector, by, behalf } = call;
  const known = ctx.hv.bindings[irq] !== undefined;
  const bound = bind(ctx, { guest: behalf, irq, cpu, vector });
  if ('error' in bound || known) return bound;
  const { device } = ctx.machine.irqs[irq];
  if (ctx.hv.protected[device] === 1)
    stack.store(ctx, hostTop(ctx.machine, irq), irq, bound.message);
  const grants = !ctx.machine.off.includes('hypervisor/grant-on-map');
  if (by !== behalf && grants) grant(ctx, irq, by);
  return bound;
}

/** What a guest gets to see of a failure, by the model the hypervisor follows. */
function asSeen(ctx: HvCtx, call: Hypercall, error: Errno, before: Message): HypercallAnswer {
  switch (ctx.machine.hypervisor.errorModel) {
    case 'at-alloc':
      return { error };
    case 'null-message':
      return { message: ZERO_MESSAGE };
    case 'stale-message':
      return call.call === 'free' ? { error } : { message: before };
  }
}

/** A guest asks for a message, a new target, or to be rid of one. */
export function hypercall(ctx: HvCtx, call: Hypercall): HypercallAnswer {
  const { realms, irqs } = ctx.machine;
  const before = ctx.hv.bindings[call.irq]?.message ?? ZERO_MESSAGE;
  const answer = carryOut(ctx, call);
  ctx.out.emit(realms[call.by].name, {
    act: 'hypercall',
    call: call.call,
    behalf: call.by === call.behalf ? '' : realms[call.behalf].name,
    irq: irqs[call.irq].name,
    message: 'message' in answer ? answer.message : null,
    error: 'error' in answer ? answer.error : null,
  });
  ctx.out.mark(`host for ${call.by}`);
  return 'error' in answer ? asSeen(ctx, call, answer.error, before) : answer;
}
