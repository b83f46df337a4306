import { findingOf } from '../check/rule.ts';
import { createChoices } from '../engine/choice.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import type { Program, Step } from '../model/program.ts';
import { RULES, type RuleName } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import type { Scenario } from '../scenario/compile.ts';
import { RUNS_MAX } from './limits.ts';
import { withoutSteps } from './purge.ts';
import { type RunView, runOnce } from './run-view.ts';
import { type Seen, type Sight, sightOf } from './sight.ts';

/** What one realm sees when another, hostile one does nothing at all. */
export interface Twin {
  readonly attacker: number;
  readonly victim: number;
  /** One sight a run; several where orders or choices are open. */
  readonly sights: readonly Sight[];
}

const attackersOf = (machine: Machine): number[] =>
  machine.realms.flatMap(({ behaviour }, realm) => (behaviour === 'adversarial' ? [realm] : []));

/** Whoever is not hostile, and has devices of its own, or gets some. */
function victimsOf({ realms, devices }: Machine, { steps }: Program): number[] {
  const owners = [
    ...devices.map(({ owner }) => owner),
    ...steps.flatMap(({ what }) => (what.verb === 'assign' ? [what.realm] : [])),
  ];
  return realms.flatMap(({ behaviour }, realm) =>
    behaviour === 'honest' && owners.includes(realm) ? [realm] : [],
  );
}

/** Devices of the policy's grants that let somebody else signal a realm. */
const grantedTo = ({ policy, cpus }: Machine, realm: number): number[] =>
  policy.grants.filter(({ cpu }) => cpus[cpu].realm === realm).map(({ device }) => device);

/** The device a step is about; `NONE` where it is about none. */
function deviceOf({ irqs }: Machine, { what }: Step): number {
  if ('irq' in what) return irqs[what.irq].device;
  return 'device' in what ? what.device : NONE;
}

/**
 * Runs a scenario once more without the steps of each hostile guest, and keeps what the others see.
 * What a guest does with a device that was granted a way to the victim stays: it may be noticed.
 * Null where there is no hostile guest, nobody it could disturb, or too much to run.
 */
export function twinsOf(scenario: Scenario): Twin[] | null {
  const { machine, program } = scenario;
  const victims = victimsOf(machine, program);
  const attackers = attackersOf(machine);
  if (attackers.length === 0 || victims.length === 0) return null;
  const known = new Map<string, RunView[]>();
  const twins: Twin[] = [];
  for (const attacker of attackers)
    for (const victim of victims) {
      const granted = grantedTo(machine, victim);
      const key = `${attacker} ${granted.join()}`;
      const isPurged = (step: Step): boolean =>
        step.by === attacker && !granted.includes(deviceOf(machine, step));
      const views = known.get(key) ?? runAll(scenario, withoutSteps(program, isPurged));
      if (!views) return null;
      known.set(key, views);
      twins.push({ attacker, victim, sights: views.map(view => sightOf(machine, view, victim)) });
    }
  return twins;
}

/** Every run of a program; null where there are too many. */
function runAll(scenario: Scenario, program: Program): RunView[] | null {
  const choices = createChoices();
  const views: RunView[] = [];
  do {
    if (views.length === RUNS_MAX) return null;
    views.push(runOnce(scenario.machine, program, { ...choices, seed: scenario.seed }));
  } while (choices.advance());
  return views;
}

/** Something a victim noticed of an attacker. */
export interface Noticed {
  readonly finding: Finding;
  /** Another rule says why it came to that: the difference is no violation of its own. */
  readonly explained: boolean;
}

/** What a victim of each twin sees in a run, and could not have seen without the attacker. */
export const interferenceIn = (
  machine: Machine,
  view: RunView,
  twins: readonly Twin[],
): Noticed[] =>
  twins.flatMap(twin => {
    const finding = judge(machine, view, twin);
    return finding ? [{ finding, explained: isExplained(view, finding) }] : [];
  });

/** Other interrupts than before are explained by any error that has to do with the two. */
const isExplained = (view: RunView, { rule, culprit, victim }: Finding): boolean =>
  rule === 'covert/content' &&
  view.findings.some(
    other =>
      RULES[other.rule].severity === 'error' &&
      (other.culprit === culprit || other.victim === victim),
  );

type Aspect = keyof Sight;

const textOf = (list: readonly Seen[]): string => list.map(({ text }) => text).join('\n');

const agree = (a: Sight, b: Sight, aspects: readonly Aspect[]): boolean =>
  aspects.every(aspect => textOf(a[aspect]) === textOf(b[aspect]));

/** The host hands numbers and time out: for it only content counts. */
function judge(machine: Machine, view: RunView, twin: Twin): Finding | null {
  const seen = sightOf(machine, view, twin.victim);
  const like = (...aspects: Aspect[]): Sight | undefined =>
    twin.sights.find(sight => agree(seen, sight, aspects));
  const isHost = twin.victim === HOST;
  if (isHost ? like('taken', 'answers') : like('taken', 'answers', 'values', 'delays')) return null;
  const late = like('taken', 'answers', 'values');
  if (late) return report(machine, twin, 'covert/timing', { seen, other: late, aspect: 'delays' });
  const other = like('taken', 'answers');
  if (other) return report(machine, twin, 'covert/alloc-order', { seen, other, aspect: 'values' });
  const [first] = twin.sights;
  if (!like('answers'))
    return report(machine, twin, 'dos/denied', { seen, other: first, aspect: 'answers' });
  return report(machine, twin, 'covert/content', { seen, other: first, aspect: 'taken' });
}

function report(
  machine: Machine,
  twin: Twin,
  rule: RuleName,
  at: { readonly seen: Sight; readonly other: Sight; readonly aspect: Aspect },
): Finding {
  const [now, before] = [at.seen[at.aspect], at.other[at.aspect]];
  const first = now.findIndex((item, i) => item.text !== before[i]?.text);
  const place = first < 0 ? now.length : first;
  const culprit = machine.realms[twin.attacker].name;
  const victim = machine.realms[twin.victim].name;
  const sentence = `${victim} sees "${now[place]?.text ?? 'nothing more'}", and without the steps of ${culprit} "${before[place]?.text ?? 'nothing more'}"`;
  const seq = (now[place] ?? now[now.length - 1])?.seq ?? 0;
  return findingOf(rule, seq, { culprit, victim, sentence });
}
