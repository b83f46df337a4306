import type { Errno } from '../arch/linux.ts';
import { type Machine, NONE } from '../model/machine.ts';
import type { Op } from '../model/op.ts';
import type { Message } from '../model/wire.ts';
import type { Posting } from './remap.ts';
import type {
  AllocRequest,
  Composed,
  Ctx,
  Layer,
  Moved,
  MoveRequest,
  Need,
  Verbs,
} from './verbs.ts';

/** The layer with index `index`. */
export const layerAt = (ctx: Ctx, index: number): Layer => ({
  index,
  spec: ctx.machine.domains[index],
});

/** The first layer from `index` towards the CPU that has the verb; null when none has. */
function nearest<K extends keyof Verbs>(
  ctx: Ctx,
  index: number,
  verb: K,
): { layer: Layer; run: NonNullable<Verbs[K]> } | null {
  for (let at = index; at !== NONE; at = ctx.machine.domains[at].parent) {
    const run = ctx.verbs[ctx.machine.domains[at].kind][verb];
    if (run) return { layer: layerAt(ctx, at), run };
  }
  return null;
}

/** Asks the stack from `index` towards the CPU whether it can serve such a store. */
export const supports = (ctx: Ctx, index: number, need: Need): Errno | null => {
  const found = nearest(ctx, index, 'supports');
  return found ? found.run(ctx, found.layer, need) : 'ENODEV';
};

/** How the storage of a device behaves: all a bus layer says about itself. */
export const makeLayerNeed = (machine: Machine, device: number): Need => ({
  store: machine.devices[device].store,
  count: machine.devices[device].slots,
});

export const alloc = (
  ctx: Ctx,
  index: number,
  irq: number,
  request: AllocRequest,
): Errno | null => {
  const found = nearest(ctx, index, 'alloc');
  return found ? found.run(ctx, found.layer, irq, request) : 'ENOSYS';
};

export const free = (ctx: Ctx, index: number, irq: number): void => {
  const found = nearest(ctx, index, 'free');
  found?.run(ctx, found.layer, irq);
};

export const activate = (ctx: Ctx, index: number, irq: number, reserve: boolean): Errno | null => {
  const found = nearest(ctx, index, 'activate');
  return found ? found.run(ctx, found.layer, irq, reserve) : null;
};

export const deactivate = (ctx: Ctx, index: number, irq: number): void => {
  const found = nearest(ctx, index, 'deactivate');
  found?.run(ctx, found.layer, irq);
};

/** Composes by the nearest layer that can, and says in the trace which one it was. */
export function compose(ctx: Ctx, index: number, irq: number): Composed {
  const found = nearest(ctx, index, 'compose');
  if (!found) return { error: 'ENOSYS' };
  const composed = found.run(ctx, found.layer, irq);
  const { name, kind, realm } = found.layer.spec;
  ctx.out.emit(ctx.machine.realms[realm].name, {
    act: 'compose',
    domain: name,
    kind,
    irq: ctx.machine.irqs[irq].name,
    message: 'message' in composed ? composed.message : null,
    error: 'error' in composed ? composed.error : null,
  });
  return composed;
}

export const store = (ctx: Ctx, index: number, irq: number, message: Message): Errno | null => {
  const found = nearest(ctx, index, 'store');
  if (!found) return 'ENOSYS';
  found.run(ctx, found.layer, irq, message);
  return null;
};

export const setAffinity = (ctx: Ctx, index: number, irq: number, request: MoveRequest): Moved => {
  const found = nearest(ctx, index, 'setAffinity');
  return found ? found.run(ctx, found.layer, irq, request) : { error: 'ENOSYS' };
};

/** Sends an interrupt straight to a virtual CPU, or back to the host. */
export const setVcpu = (
  ctx: Ctx,
  index: number,
  irq: number,
  posting: Posting | null,
): Errno | null => {
  const found = nearest(ctx, index, 'setVcpu');
  return found ? found.run(ctx, found.layer, irq, posting) : 'ENOSYS';
};

export const mask = (ctx: Ctx, index: number, irq: number): void => {
  const found = nearest(ctx, index, 'mask');
  found?.run(ctx, found.layer, irq);
};

export const unmask = (ctx: Ctx, index: number, irq: number): void => {
  const found = nearest(ctx, index, 'unmask');
  found?.run(ctx, found.layer, irq);
};

/**
 * Allocation and activation as one: resources first, then hardware, each from the root outwards;
 * what was taken is given back in reverse when a layer fails.
 */
export function start(ctx: Ctx, index: number, irq: number, request: AllocRequest): Errno | null {
  const refused = alloc(ctx, index, irq, request);
  if (refused) return refused;
  const failed = activate(ctx, index, irq, request.reserve);
  if (failed) free(ctx, index, irq);
  return failed;
}

/**
 * The reverse of `start`: hardware first, then resources, from the device inwards. Resources go
 * back only after the operations left before have been carried out.
 */
export function stop(ctx: Ctx, index: number, irq: number): void {
  const from = ctx.ops.length;
  deactivate(ctx, index, irq);
  const release: Op = { op: 'release', by: ctx.machine.domains[index].realm, domain: index, irq };
  const early = ctx.machine.off.includes('remap/flush-before-reuse');
  const flush = early ? ctx.ops.findIndex((op, i) => i >= from && op.op === 'invalidate') : -1;
  ctx.ops.splice(flush < 0 ? ctx.ops.length : flush, 0, release);
}
