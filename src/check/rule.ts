import type { Machine } from '../model/machine.ts';
import type { Happening, TraceRecord } from '../model/record.ts';
import type { RuleName } from '../model/rules.ts';
import type { Decider, Effect, Finding } from '../model/violation.ts';
import type { Ledger } from './ledger.ts';
import type { Story } from './story.ts';

/** A way in which the story of one message can be wrong. */
export interface StoryRule {
  readonly rule: RuleName;
  readonly holds: (story: Story) => boolean;
  /** One sentence a person understands. */
  readonly sentence: (story: Story) => string;
}

/** Who is to blame for what a record shows, and who suffers; names are empty where there is none. */
export interface Blame {
  readonly source?: string;
  readonly culprit?: string;
  readonly victim?: string;
  readonly effect?: Effect;
  readonly policy?: string;
  readonly decidedBy?: Decider;
  readonly sentence: string;
}

/** A way in which a single record can be wrong, whatever message it belongs to. */
export interface RecordRule {
  readonly rule: RuleName;
  /** The only kind of record it can be about. */
  readonly act: Happening['act'];
  /** What is wrong with the record; null when nothing is. The ledger knows of it already. */
  readonly judge: (known: Known, actor: string, what: Happening) => Blame | null;
}

/** What a judgement rests on. */
export interface Known {
  readonly machine: Machine;
  readonly ledger: Ledger;
}

/** A way in which a whole run can be wrong. */
export interface RunRule {
  readonly rule: RuleName;
  readonly findings: (machine: Machine, trace: readonly TraceRecord[]) => Finding[];
}

/** A finding that no other rule shares. */
export const findingOf = (rule: RuleName, seq: number, blame: Blame): Finding => ({
  rule,
  also: [],
  seq,
  source: blame.source ?? '',
  culprit: blame.culprit ?? '',
  victim: blame.victim ?? '',
  effect: blame.effect ?? null,
  policy: blame.policy ?? '',
  decidedBy: blame.decidedBy ?? null,
  sentence: blame.sentence,
});

/** A source and its owner, as sentences name them. */
export const sourceText = (s: Story): string =>
  `${s.source.name} of ${s.machine.realms[s.owner].name}`;

/** What a CPU got to see, as sentences name it. */
export function effectText(s: Story): string {
  if (!s.effect) return 'nothing';
  const { mode, vector, target } = s.effect;
  const number = `0x${vector.toString(16).padStart(2, '0')}`;
  if (mode === 'fixed' || mode === 'lowest') return `vector ${number} on ${target}`;
  if (mode.startsWith('reserved'))
    return `vector ${number}, by a reserved delivery mode, on ${target}`;
  return `an ${mode.toUpperCase()} on ${target}`;
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
