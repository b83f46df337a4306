import type { Errno } from '../arch/linux.ts';
import { MSI_PARENTS, type MsiDuty } from '../arch/msi-parent.ts';
import { makeLayerNeed, supports } from '../domains/stack.ts';
import { assign } from '../hypervisor/assign.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import { nearestParent } from '../model/msi-parent.ts';
import type { Op } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import { initialStore } from '../units/store.ts';
import { domainCtx, type Env } from './env.ts';
import type { State } from './state.ts';

/**
 * Time 0: devices are handed over and every stack is created, except where the script says so
 * itself. A bus layer passes on how its storage behaves; whoever can’t serve that refuses, and the
 * stack does not come to be. [TGLX]
 */
export function boot(env: Env, state: State, out: Out): void {
  const { machine, program } = env;
  const scripted = (verb: 'create' | 'assign', device: number): boolean =>
    program.steps.some(({ what }) => what.verb === verb && what.device === device);
  for (const [device, { owner }] of machine.devices.entries()) {
    if (owner !== HOST && !scripted('assign', device))
      assignDevice(env, state, out, { device, realm: owner, ops: [] });
    for (const [realm, stacks] of machine.stacks.entries())
      if (stacks[device] !== NONE && !(scripted('create', device) && realm === owner))
        createStack(env, state, out, { device, realm });
  }
}

/** A device is handed to a realm; refused, neither side may use it. */
export function assignDevice(
  env: Env,
  state: State,
  out: Out,
  at: { readonly device: number; readonly realm: number; readonly ops: Op[] },
): Errno | null {
  const moves = state.hypervisor.owners[at.device] !== at.realm;
  const error = assign(domainCtx(env, state, out, at.ops), at.device, at.realm);
  if (error) state.refused[`${at.realm}/${at.device}`] = error;
  else if (moves && !env.machine.off.includes('hypervisor/reset-on-assign')) {
    const spec = env.machine.devices[at.device];
    state.stores[at.device] = initialStore(spec);
    out.emit('hypervisor', { act: 'reset', of: spec.name });
  }
  return error;
}

function requiredOf(machine: Machine, top: number): readonly MsiDuty[] {
  const parent = nearestParent(machine, top);
  return parent ? MSI_PARENTS[parent].required : [];
}

/** A realm creates its layers for a device. */
export function createStack(
  env: Env,
  state: State,
  out: Out,
  at: { readonly device: number; readonly realm: number },
): Errno | null {
  const { machine } = env;
  const top = machine.stacks[at.realm][at.device];
  const domain = machine.domains[top];
  const ctx = domainCtx(env, state, out, []);
  const careless = machine.off.includes('domain/check-need');
  const error = careless ? null : supports(ctx, top, makeLayerNeed(machine, at.device));
  if (error) state.refused[`${at.realm}/${at.device}`] = error;
  out.emit(machine.realms[at.realm].name, {
    act: 'create',
    domain: domain.name,
    kind: domain.kind,
    error,
    required: error ? [] : requiredOf(machine, top),
    reason: error ? `nothing beneath can compose for ${machine.devices[at.device].store}` : '',
  });
  return error;
}
