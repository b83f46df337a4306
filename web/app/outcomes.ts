import type { Fate, Film } from '../../src/index.ts';

/** What became of a message in one run and in another; null where it was not sent. */
export interface OtherFate {
  readonly step: number;
  readonly irq: string;
  readonly was: Fate | null;
  readonly is: Fate | null;
}

/** Messages by the step they go back to and their turn in it, which two runs have in common. */
function byTurn({
  journeys,
  stepOf,
}: Film): Map<string, { irq: string; step: number; fate: Fate }> {
  const turns = new Map<number, number>();
  return new Map(
    journeys.map(({ id, irq, device, fate }) => {
      const step = stepOf[id];
      const turn = turns.get(step) ?? 0;
      turns.set(step, turn + 1);
      return [`${step} ${turn}`, { irq: irq || device, step, fate }];
    }),
  );
}

/** The first message that two runs of one script make different things of; null for none. */
export function firstOtherFate(mine: Film, other: Film): OtherFate | null {
  const [before, after] = [byTurn(mine), byTurn(other)];
  for (const [key, { irq, step, fate }] of before) {
    const is = after.get(key)?.fate ?? null;
    if (is !== fate) return { step, irq, was: fate, is };
  }
  for (const [key, { irq, step, fate }] of after)
    if (!before.has(key)) return { step, irq, was: null, is: fate };
  return null;
}
