import type { Errno } from '../arch/linux.ts';
import type { Hypercall, HypercallAnswer } from '../domains/verbs.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import type { Message } from '../model/wire.ts';
import { bind, unbind } from './bind.ts';
import type { HvCtx } from './state.ts';

/** The caller must own the device it names. [XSA-237] */
function mayCall(ctx: HvCtx, call: Hypercall): boolean {
  if (ctx.machine.off.includes('hypervisor/check-caller')) return true;
  return ctx.hv.owners[ctx.machine.irqs[call.irq].device] === call.by;
}

function carryOut(ctx: HvCtx, call: Hypercall): HypercallAnswer {
  if (!ctx.machine.hypervisor.hypercalls) return { error: 'ENOSYS' };
  if (!mayCall(ctx, call)) return { error: 'EPERM' };
  switch (call.call) {
    case 'allocate':
    case 'retarget':
      return bind(ctx, { guest: call.by, irq: call.irq, cpu: call.cpu, vector: call.vector });
    case 'compose': {
      const binding = ctx.hv.bindings[call.irq];
      return binding ? { message: binding.message } : { error: 'EINVAL' };
    }
    case 'free':
      unbind(ctx, call.irq);
      return { message: ZERO_MESSAGE };
  }
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
  const before = ctx.hv.bindings[call.irq]?.message ?? ZERO_MESSAGE;
  const answer = carryOut(ctx, call);
  ctx.out.emit(ctx.machine.realms[call.by].name, {
    act: 'hypercall',
    call: call.call,
    irq: ctx.machine.irqs[call.irq].name,
    message: 'message' in answer ? answer.message : null,
    error: 'error' in answer ? answer.error : null,
  });
  ctx.out.mark(`host for ${call.by}`);
  return 'error' in answer ? asSeen(ctx, call, answer.error, before) : answer;
}
