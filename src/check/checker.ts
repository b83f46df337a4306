import type { Machine } from '../model/machine.ts';
import type { Happening, TraceRecord } from '../model/record.ts';
import { RULE_ORDER, type RuleName } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import { createLedger, type Ledger, learn } from './ledger.ts';
import { STORY_RULES } from './rules/index.ts';
import { storyOf } from './story.ts';

/** Folds records into the ledger and says what is wrong with each message's end. */
export function feed(
  machine: Machine,
  ledger: Ledger,
  record: { readonly actor: string; readonly seq: number; readonly what: Happening },
): Finding | null {
  const { what } = record;
  learn(machine, ledger, record.actor, what);
  switch (what.act) {
    case 'deliver':
    case 'post':
    case 'fault':
    case 'stray': {
      const story = storyOf(machine, ledger, what);
      return story ? judgeStory(story, record.seq) : null;
    }
    default:
      return null;
  }
}

function judgeStory(story: NonNullable<ReturnType<typeof storyOf>>, seq: number): Finding | null {
  const holding = STORY_RULES.filter(rule => rule.holds(story));
  if (holding.length === 0) return null;
  const [first, ...others] = holding.sort((a, b) => orderOf(a.rule) - orderOf(b.rule));
  const { machine } = story;
  return {
    rule: first.rule,
    also: others.map(rule => rule.rule),
    seq,
    source: story.source.name,
    culprit: machine.realms[story.owner].name,
    victim: machine.realms[story.victim]?.name ?? '',
    effect: story.effect,
    policy: story.allowed ? '' : story.policy,
    sentence: first.sentence(story),
  };
}

/** Place of a rule in the order in which rules name a violation. */
export const orderOf = (rule: RuleName): number => RULE_ORDER.indexOf(rule);

/** Everything wrong with single messages of a trace. */
export function checkMessages(machine: Machine, trace: readonly TraceRecord[]): Finding[] {
  const ledger = createLedger(machine);
  const findings: Finding[] = [];
  for (const record of trace) {
    const { actor, seq } = record;
    const finding = feed(machine, ledger, { actor, seq, what: record });
    if (finding) findings.push(finding);
  }
  return findings;
}
