import { RTE } from '../arch/ioapic.ts';
import { get } from '../bits/layout.ts';
import type { Word } from '../bits/word.ts';
import { NONE } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import { raise, takeUnmasked } from '../units/store.ts';
import { endLevel } from '../units/store-ioapic.ts';
import { emit } from './emit.ts';
import type { Env } from './env.ts';
import type { State } from './state.ts';

/** An interrupt that has been ended at its local APIC. */
export interface Ended {
  readonly vector: number;
  /** Interrupt whose handler ran; less than 0 for none. */
  readonly irq: number;
  /** The APIC took it as level-triggered, and tells all IO-APICs. */
  readonly broadcast: boolean;
}

/**
 * The end of an interrupt comes to the IO-APICs: from the local APIC, by its vector, or from the
 * handler of a level-triggered pin, by the vector that stands in the pin's entry. Software takes
 * the second way where the interrupt was remapped into an edge. [LINUX io_apic.c
 * ioapic_ir_ack_level]
 */
export function endAtPins(env: Env, state: State, out: Out, ended: Ended): void {
  if (env.plan.ioapics.length === 0) return;
  if (ended.broadcast) {
    for (const device of env.plan.ioapics) end(env, state, out, { device, vector: ended.vector });
    return;
  }
  if (ended.irq < 0) return;
  const { device, slot } = env.machine.irqs[ended.irq];
  if (!env.machine.devices[device].levelPins.includes(slot)) return;
  const vector = get(state.stores[device].slots[slot], RTE.fields.vector);
  end(env, state, out, { device, vector });
}

function end(
  env: Env,
  state: State,
  out: Out,
  at: { readonly device: number; readonly vector: number },
): void {
  const { slots } = state.stores[at.device];
  const before = slots.map(([low]) => low);
  const ended = endLevel(slots, at.vector);
  for (const pin of ended)
    report(env, out, { ...at, pin, before: before[pin], after: slots[pin][0] });
  if (ended.length > 0) sendAgain(env, state, out, at.device);
}

function report(
  env: Env,
  out: Out,
  what: {
    readonly device: number;
    readonly pin: number;
    readonly before: Word;
    readonly after: Word;
  },
): void {
  const { name } = env.machine.devices[what.device];
  out.emit(name, {
    act: 'write',
    unit: 'store',
    of: name,
    at: what.pin,
    first: 0,
    before: [what.before],
    after: [what.after],
  });
}

/** Pins whose line is still up. */
function sendAgain(env: Env, state: State, out: Out, device: number): void {
  const spec = env.machine.devices[device];
  const store = state.stores[device];
  for (const pin of takeUnmasked(spec, store)) {
    const irq = env.plan.irq[device][pin];
    const outcome = raise(spec, store, pin, NONE);
    out.emit(spec.name, { act: 'raise', irq: env.machine.irqs[irq].name, outcome: outcome.kind });
    if (outcome.kind !== 'sent') continue;
    const before = out.follow();
    emit(env, state, out, { device, irq, message: outcome.message, rid: spec.rid, pasid: NONE });
    out.back(before);
  }
}
