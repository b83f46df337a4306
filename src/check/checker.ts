import type { Machine } from '../model/machine.ts';
import type { Happening, TraceRecord } from '../model/record.ts';
import { RULE_ORDER, type RuleName } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import { withinGrace } from './grace.ts';
import { learn } from './learn.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { findingOf } from './rule.ts';
import { RECORD_RULES, RUN_RULES, STORY_RULES } from './rules/index.ts';
import { type Story, storyOf } from './story.ts';

/** A record as the checker reads it: happening, who acted, and its number. */
export interface Fed {
  readonly actor: string;
  readonly seq: number;
  readonly what: Happening;
}

/** Folds a record into the ledger and says what is wrong with it, or with the message it ends. */
export function feed(machine: Machine, ledger: Ledger, record: Fed): Finding | null {
  const { actor, seq, what } = record;
  learn(machine, ledger, actor, what);
  switch (what.act) {
    case 'deliver':
    case 'post':
    case 'stray':
    case 'fault': {
      const story = storyOf(machine, ledger, what);
      const found = story ? judgeStory(story) : [];
      return first([
        ...found.map(finding => ({ ...finding, seq })),
        ...judgeRecord(machine, ledger, record),
      ]);
    }
    default:
      return first(judgeRecord(machine, ledger, record));
  }
}

function judgeStory(story: Story): Finding[] {
  const { machine } = story;
  return STORY_RULES.filter(rule => rule.holds(story)).map(({ rule, sentence }) =>
    findingOf(rule, -1, {
      source: story.source.name,
      culprit: machine.realms[story.owner].name,
      victim: machine.realms[story.victim]?.name ?? '',
      ...(story.effect && { effect: story.effect }),
      ...(!story.allowed && { policy: story.policy, decidedBy: story.decidedBy }),
      sentence: sentence(story),
    }),
  );
}

/** Rules about single records, by the records they are about. */
const RULES_BY_ACT = new Map(
  RECORD_RULES.map(({ act }) => [act, RECORD_RULES.filter(rule => rule.act === act)]),
);

function judgeRecord(machine: Machine, ledger: Ledger, { actor, seq, what }: Fed): Finding[] {
  const rules = RULES_BY_ACT.get(what.act);
  if (!rules) return [];
  return rules.flatMap(({ rule, judge }) => {
    const blame = judge({ machine, ledger }, actor, what);
    return blame ? [findingOf(rule, seq, blame)] : [];
  });
}

/** One finding out of several about the same record: the first by order names it. */
function first(findings: readonly Finding[]): Finding | null {
  if (findings.length === 0) return null;
  const [named, ...others] = [...findings].sort((a, b) => orderOf(a.rule) - orderOf(b.rule));
  return { ...named, also: others.map(({ rule }) => rule) };
}

/** Place of a rule in the order in which rules name a violation. */
export const orderOf = (rule: RuleName): number => RULE_ORDER.indexOf(rule);

/** Everything wrong with single records and messages of a trace. */
export function checkMessages(machine: Machine, trace: readonly TraceRecord[]): Finding[] {
  const ledger = createLedger(machine);
  const findings: Finding[] = [];
  for (const record of trace) {
    const { actor, seq } = record;
    const finding = feed(machine, ledger, { actor, seq, what: record });
    if (finding && !withinGrace(machine, trace, finding)) findings.push(finding);
  }
  return findings;
}

/** Everything wrong with a run as a whole. */
export const checkRun = (machine: Machine, trace: readonly TraceRecord[]): Finding[] =>
  RUN_RULES.flatMap(({ findings }) => findings(machine, trace));
