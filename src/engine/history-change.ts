import { HOST, type Machine } from '../model/machine.ts';
import type { RegisterOp, StoreOp, TableOp } from '../model/op.ts';
import type { Out } from '../model/out.ts';
import { runOp } from './ops.ts';
import type { Sim } from './run.ts';
import type { State } from './state.ts';

/**
 * What a fork changes. `machine`: from here on the rules of another machine hold; what is in
 * registers and memory stays. `patch`: words change, as an event of its own. `answers`: these are
 * given at the choice door from here on.
 */
export type Change =
  | { readonly kind: 'machine'; readonly machine: Machine }
  | { readonly kind: 'patch'; readonly patch: Patch }
  | { readonly kind: 'answers'; readonly answers: readonly number[] };

/** Words of a message store, a table or a register that change past all software. */
export type Patch = Untold<StoreOp> | Untold<TableOp> | Untold<RegisterOp>;
type Untold<O> = Omit<O, 'by' | 'begins'>;

/** Who acts in the record of a patch. */
export const PATCHER = 'patch';

/** Changes words, and leaves a record of it; `event` stands for the time where none passes. */
export function applyPatch(sim: Sim, out: Out, patch: Patch, event: number): void {
  const { env, state } = sim;
  out.at(env.program.time.mode === 'timed' ? state.timeNs : event);
  const named: Out = {
    ...out,
    emit: (actor, what, checks) => out.emit(what.act === 'write' ? PATCHER : actor, what, checks),
  };
  runOp(env, state, named, { ...patch, by: HOST }, []);
}

/** Throws RangeError unless the words of a patch are there. */
export function requirePlace(state: State, patch: Patch): void {
  switch (patch.op) {
    case 'store': {
      const words = state.stores[patch.device]?.slots[patch.slot];
      return requireWords(patch, words?.length ?? 0);
    }
    case 'entry':
      return requireWords(patch, state.remap.kind === 'none' ? 0 : ENTRY_WORDS);
    case 'register':
      if (!(patch.reg in state.remap)) throw new RangeError(`no register ${patch.reg}`);
  }
}

const ENTRY_WORDS = 4;

function requireWords(patch: Untold<StoreOp> | Untold<TableOp>, there: number): void {
  const { first, words } = patch;
  if (first >= 0 && first + words.length <= there) return;
  throw new RangeError(`${patch.op}: words ${first} to ${first + words.length - 1} of ${there}`);
}

/**
 * Throws RangeError unless a machine can take over from another: steps name the same interrupts,
 * CPUs and realms, and once something happened, the state has the same parts.
 */
export function requireSameShape(old: Machine, fresh: Machine, begun: boolean): void {
  const named = ['irqs', 'devices', 'cpus', 'realms', 'bridges'] as const;
  for (const list of named)
    if (old[list].map(part => part.name).join() !== fresh[list].map(part => part.name).join())
      throw new RangeError(`the other machine has other ${list}`);
  if (!begun) return;
  if (old.remap.kind !== fresh.remap.kind) throw new RangeError('another kind of remap unit');
  if (layersOf(old) !== layersOf(fresh)) throw new RangeError('other layers of irq domains');
  const stores = (machine: Machine) => machine.devices.map(device => device.store).join();
  if (stores(old) !== stores(fresh)) throw new RangeError('other kinds of message stores');
}

const layersOf = ({ domains, stacks }: Machine): string =>
  JSON.stringify([domains.map(({ kind, realm, parent }) => [kind, realm, parent]), stacks]);
