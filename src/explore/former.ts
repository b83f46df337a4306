import type { Holding, SlotLore } from '../check/ledger.ts';
import { SLOT } from '../domains/vector-state.ts';
import type { RemapState } from '../engine/state.ts';
import type { Machine } from '../model/machine.ts';
import { ZERO_MESSAGE } from '../model/message.ts';
import type { Program } from '../model/program.ts';
import { type Message, sameMessage } from '../model/wire.ts';
import { type PartRule, partRule } from './normalise.ts';

/**
 * What is left of interrupts that are gone: who last had an entry that is empty again, and
 * messages nobody can use any more. Whether anything reaches others does not depend on it.
 */
export function formerRules(machine: Machine, program: Program): readonly PartRule[] {
  return [
    ...(forgetsHolders(machine) ? [HOLDERS] : []),
    EMPTY_SLOTS,
    composedRule(machine),
    ...machine.domains.map(({ kind }, layer) =>
      kind === 'vector' ? tableRule(layer) : lastRule(program, layer),
    ),
  ];
}

/** Layers compose anew before they store anew. */
const composedRule = ({ realms }: Machine): PartRule =>
  partRule<unknown>('ledger.held', (held, { world }, name) => {
    const irq = name.slice('ledger.held.'.length);
    if (!held)
      for (const realm of realms) {
        const key = `${realm.name}/${irq}`;
        if (world.ledger.composed[key]) delete world.ledger.composed[key];
      }
    return held;
  });

/** Only a replay asks for the last message of an interrupt. */
function lastRule({ steps }: Program, layer: number): PartRule {
  const prefix = `state.domains[${layer}].last`;
  const replayed = steps.flatMap(({ what }) =>
    what.verb === 'attack' && what.kind === 'replay' ? [what.irq] : [],
  );
  return partRule<Message | undefined>(prefix, (message, _watched, name) =>
    replayed.includes(Number(name.slice(prefix.length + 1))) ? message : undefined,
  );
}

/** A vector that is shut down tells of a late arrival in other words than one that is unused. */
const tableRule = (layer: number): PartRule =>
  partRule<Record<number, number>[]>(`state.domains[${layer}].table`, tables => {
    for (const table of tables)
      for (const vector of Object.keys(table).map(Number))
        if (table[vector] === SLOT.shutdown) delete table[vector];
    return tables;
  });

/** A slot that is empty again is like one that was never used. */
const EMPTY_SLOTS = partRule<SlotLore | undefined>('ledger.slots', slot => {
  const isEmpty =
    slot?.words.every(word => word === 0) &&
    slot.puts.every(({ message }) => sameMessage(message, ZERO_MESSAGE));
  return isEmpty && slot?.traps === 0 && slot.forged === 0 ? undefined : slot;
});

/** A copy somewhere may still be used, or its last holder be counted, where this is false. */
const forgetsHolders = ({ remap, policy }: Machine): boolean =>
  remap.kind !== 'none' && remap.cache === 'never' && policy.budgets.invalidations === 0;

/** Somebody gave it back: who, is not asked again. */
const SOMEBODY: Holding = { irq: '', live: 0 };

const HOLDERS = partRule<Holding | undefined>('ledger.entries', (holding, { world }, name) => {
  if (!holding || holding.live === 1 || world.state.flights.length > 0) return holding;
  const [table, index] = name.slice('ledger.entries.'.length).split('/').map(Number);
  return isEmpty(world.state.remap, table, index) ? SOMEBODY : holding;
});

/** Nothing is in memory where the entry would be. */
function isEmpty(remap: RemapState, table: number, index: number): boolean {
  if (remap.kind === 'none') return true;
  const words = remap.tables[table]?.[index] ?? [];
  return words.every(word => word === 0);
}
