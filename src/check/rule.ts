import type { RuleName } from '../model/rules.ts';
import type { Story } from './story.ts';

/** A way in which the story of one message can be wrong. */
export interface StoryRule {
  readonly rule: RuleName;
  readonly holds: (story: Story) => boolean;
  /** One sentence a person understands. */
  readonly sentence: (story: Story) => string;
}

/** A source and its owner, as sentences name them. */
export const sourceText = (s: Story): string =>
  `${s.source.name} of ${s.machine.realms[s.owner].name}`;

/** What a CPU got to see, as sentences name it. */
export function effectText(s: Story): string {
  if (!s.effect) return 'nothing';
  const vector = `0x${s.effect.vector.toString(16).padStart(2, '0')}`;
  const what =
    s.effect.mode === 'fixed' || s.effect.mode === 'lowest'
      ? `vector ${vector}`
      : `an ${s.effect.mode.toUpperCase()}`;
  return `${what} on ${s.effect.target}`;
}

/** Whoever is hit, as sentences name them. */
export function victimText(s: Story): string {
  const realm = s.machine.realms[s.victim]?.name ?? 'nobody';
  return s.holder?.live ? `${realm} (${s.holder.irq})` : realm;
}

/** The table entry used; -1 when none was. */
export const entryOf = (s: Story): number =>
  s.flight.outcome && 'entry' in s.flight.outcome ? s.flight.outcome.entry : -1;

/** The message got through a table entry. */
export const usedEntry = (s: Story): boolean =>
  s.flight.outcome?.kind === 'remapped' || s.flight.outcome?.kind === 'posted';
