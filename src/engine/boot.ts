import { makeLayerNeed, supports } from '../domains/stack.ts';
import { NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import { domainCtx, type Env } from './env.ts';
import type { State } from './state.ts';

/**
 * Time 0: every device's stack is created. A bus layer passes on how its storage behaves; whoever
 * can’t serve that refuses, and the stack does not come to be. [TGLX]
 */
export function boot(env: Env, state: State, out: Out): void {
  for (const [realm, stacks] of env.machine.stacks.entries())
    for (const [device, top] of stacks.entries())
      if (top !== NONE) create(env, state, out, { realm, device, top });
}

function create(
  env: Env,
  state: State,
  out: Out,
  at: { realm: number; device: number; top: number },
): void {
  const ctx = domainCtx(env, state, out, []);
  const domain = env.machine.domains[at.top];
  const error = supports(ctx, at.top, makeLayerNeed(env.machine, at.device));
  if (error) state.refused[`${at.realm}/${at.device}`] = error;
  out.emit(env.machine.realms[at.realm].name, {
    act: 'create',
    domain: domain.name,
    kind: domain.kind,
    error,
    reason: '',
  });
}
