import { chainOf, chainOfRaise, stepOf } from '../check/evidence.ts';
import type { Source } from '../model/program.ts';
import { RULES } from '../model/rules.ts';
import type {
  Evidence,
  Finding,
  PlacedEvidence,
  StepPlace,
  Violation,
} from '../model/violation.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { Cures } from './cures.ts';
import type { RunView } from './run-view.ts';

/** What tells a violation from others of its scenario: the first of several stands for them. */
export function violationKey(view: RunView, finding: Finding): string {
  const { rule, source, effect } = finding;
  return JSON.stringify([rule, stepOf(view.trace, finding.seq), source, effect]);
}

/** A finding with everything needed to understand it. */
export function violationOf(
  scenario: Scenario,
  view: RunView,
  asked: { readonly finding: Finding; readonly cures: Cures },
): Violation {
  const { finding, cures } = asked;
  const { rule, also, source, culprit, victim, effect, sentence } = finding;
  const step = stepOf(view.trace, finding.seq);
  const { severity } = RULES[rule];
  const at = stepPlace(scenario, step);
  const evidence = evidenceOf(scenario, view, { finding, cures });
  return { rule, also, severity, step, at, source, culprit, victim, effect, sentence, evidence };
}

function stepPlace({ machine, program }: Scenario, index: number): StepPlace | null {
  if (index < 0) return null;
  const { label, by, text, source } = program.steps[index];
  return { label, by: machine.realms[by].name, text, ...source };
}

/** The causal chain, the line of the policy that forbids it, and what would have stopped it. */
function evidenceOf(
  scenario: Scenario,
  view: RunView,
  { finding, cures }: { readonly finding: Finding; readonly cures: Cures },
): PlacedEvidence[] {
  const trail = finding.rule === 'liveness/lost' ? chainOfRaise : chainOf;
  const chain = trail(scenario.machine, view.trace, finding.seq).map(
    (link): PlacedEvidence => ({
      ...link,
      at: link.step < 0 ? null : scenario.program.steps[link.step].source,
    }),
  );
  const extra = (kind: Evidence['kind'], text: string, at: Source | null): PlacedEvidence => ({
    kind,
    seq: -1,
    step: -1,
    text,
    at,
  });
  const policy = finding.policy
    ? [extra('policy', finding.policy, policyPlace(scenario, view, finding))]
    : [];
  if (RULES[finding.rule].severity !== 'error') return [...chain, ...policy];
  const stopped = cures(finding).map(text => extra('counterfactual', text, null));
  return [...chain, ...policy, ...stopped];
}

/** Where the file has what decided: grants and denials name their line themselves. */
function policyPlace(scenario: Scenario, view: RunView, finding: Finding): Source | null {
  if (finding.decidedBy === 'modes') return scenario.policyAt.modes;
  if (finding.decidedBy !== 'owner') return null;
  const device = scenario.machine.devices.findIndex(({ name }) => name === finding.source);
  const given = view.trace.slice(0, finding.seq).flatMap(record => {
    if (record.act !== 'step') return [];
    const { what, source } = scenario.program.steps[record.step];
    return what.verb === 'assign' && what.device === device ? [source] : [];
  });
  return given.at(-1) ?? scenario.policyAt.owners[device] ?? null;
}
