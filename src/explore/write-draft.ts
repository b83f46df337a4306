import type { RuleName } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import { runScenario, type ScenarioResult } from '../runner/run-scenario.ts';
import { breaksIsolation } from '../runner/run-view.ts';
import { writeScenario } from '../scenario/write-scenario.ts';
import { type Draft, loadDraft, runDraft } from './draft.ts';
import { tellSteps } from './tell.ts';

/** What a file is called and says of itself. */
export interface About {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/**
 * A draft as a file: what came of each step above it, and what its run shows as what it expects.
 * `rule` is what it is about, where it is about one.
 */
export function writeDraft(draft: Draft, about: About, rule: RuleName | null): string {
  const scenario = loadDraft(draft);
  const view = runDraft(draft);
  if (!scenario || !view) throw new Error(`${about.name} can’t be loaded`);
  const finding = view.findings.find(one => one.rule === rule || one.also.some(r => r === rule));
  const { machine, program } = scenario;
  const { irqscope, refs, tags, platform, ...rest } = draft.document;
  const choices = draft.answers.map(({ answer }) => answer);
  const sections = { ...(refs !== undefined && { refs }), ...(tags !== undefined && { tags }) };
  return writeScenario(
    {
      irqscope,
      ...about,
      ...sections,
      ...(platform !== undefined && { platform }),
      ...rest,
      ...about,
      ...(choices.length > 0 && { choices }),
      expect: expectOf(runScenario(scenario), finding),
    },
    {
      steps: tellSteps(machine, view.trace, program.sequences[0]).map(text => (text ? [text] : [])),
      choices: draft.answers.map(({ meaning }) => meaning),
      expect: finding ? [finding.sentence] : [],
    },
  );
}

/** What the result of a run is, as expectations: the rule it is about first, with all that it shows. */
function expectOf({ violations, isolated, works }: ScenarioResult, finding: Finding | undefined) {
  const errors = violations.filter(({ severity }) => severity === 'error');
  const main = errors.find(({ rule }) => rule === finding?.rule);
  const others = [...new Set(errors.map(({ rule }) => rule))].filter(rule => rule !== main?.rule);
  const always = [
    ...(main ? [{ violation: violationOf(main) }] : []),
    ...others.map(rule => ({ violation: rule })),
  ];
  const broken = finding ? breaksIsolation(finding) : !isolated;
  return {
    ...(broken ? { isolated: false } : finding ? {} : { isolated, works }),
    ...(always.length > 0 && { always }),
  };
}

function violationOf({ rule, source, effect }: ScenarioResult['violations'][number]) {
  return {
    rule,
    ...(source !== '' && { source }),
    ...(effect && { target: effect.target }),
    ...(effect && effect.vector >= 0 && { vector: effect.vector }),
  };
}
