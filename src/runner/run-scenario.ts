import { stepOf } from '../check/evidence.ts';
import { createChoices } from '../engine/choice.ts';
import type { Finding, Violation } from '../model/violation.ts';
import type { AssertResult, Interference, ScenarioResult } from '../report/result.ts';
import { hashText, traceHash } from '../report/trace-hash.ts';
import type { Scenario } from '../scenario/compile.ts';
import { cellText } from '../scenario/resolve.ts';
import { curesOf } from './cures.ts';
import { asksAboutBus, busFindings } from './differential.ts';
import { violationKey, violationOf } from './evidence.ts';
import { count, isUndeclared, judge, noteMisses, talliesOf, verdictAsserts } from './judge.ts';
import { RUNS_MAX } from './limits.ts';
import { allServiced, breaksIsolation, type RunView, runOnce } from './run-view.ts';
import { interferenceIn, twinsOf } from './twin.ts';

export type { AssertResult, ScenarioResult } from '../report/result.ts';

/** What is expected of an exploration is not expected of its script. */
const ofScript = (scenario: Scenario): Scenario =>
  scenario.explore ? { ...scenario, expect: NO_EXPECTATIONS } : scenario;

const NO_EXPECTATIONS: Scenario['expect'] = {
  assertions: [],
  isolated: null,
  works: null,
  interference: null,
  places: {},
};

/**
 * Runs a variant in every order and with every choice it has, and judges it. Of a file that is to
 * be explored only the script is run.
 */
export function runScenario(scenario: Scenario): ScenarioResult {
  const runs = runsOf(scenario);
  let next = runs.next();
  while (!next.done) next = runs.next();
  return next.value;
}

/** What is known of a variant after some of its runs. */
interface Findings {
  readonly hashes: string[];
  readonly tallies: ReturnType<typeof talliesOf>;
  readonly violations: Map<string, Violation>;
  readonly misses: Map<string, AssertResult>;
  readonly noticed: Map<string, Interference>;
  isolated: boolean;
  works: boolean;
  ended: boolean;
  records: number;
  undeclared: { readonly rule: string; readonly line: number } | null;
}

/** `runScenario`, a run at a time: whoever drives it may stop between two runs. */
export function* runsOf(whole: Scenario): Generator<void, ScenarioResult> {
  const scenario = ofScript(whole);
  const known: Findings = {
    hashes: [],
    tallies: talliesOf(scenario),
    violations: new Map(),
    misses: new Map(),
    noticed: new Map(),
    isolated: true,
    works: true,
    ended: true,
    records: 0,
    undeclared: null,
  };
  const choices = createChoices(scenario.program.choices);
  const twins = twinsOf(scenario);
  let more = true;
  while (more && known.hashes.length < RUNS_MAX) {
    const plain = runOnce(scenario.machine, scenario.program, { ...choices, seed: scenario.seed });
    const interference = interferenceIn(scenario.machine, plain, twins ?? []);
    for (const { finding } of interference) note(known.noticed, finding);
    const unexplained = interference.filter(({ explained }) => !explained);
    const bus = known.hashes.length === 0 && asksAboutBus(scenario);
    const others = bus ? busFindings(scenario, plain) : [];
    const view = withFindings(plain, [...unexplained.map(({ finding }) => finding), ...others]);
    addRun(scenario, view, known);
    more = choices.advance();
    yield;
  }
  return resultOf(scenario, known, { compared: twins !== null, complete: known.ended && !more });
}

function addRun(scenario: Scenario, view: RunView, known: Findings): void {
  known.hashes.push(traceHash(view.trace));
  known.records += view.trace.length;
  known.isolated &&= !view.findings.some(breaksIsolation);
  known.works &&= allServiced(view);
  known.ended &&= view.end === 'done';
  for (const tally of known.tallies) count(scenario, view, tally);
  noteMisses(scenario, view, known.misses);
  const cures = curesOf(scenario, view);
  for (const finding of view.findings) {
    if (isUndeclared(scenario, view, finding))
      known.undeclared ??= { rule: finding.rule, line: lineOf(scenario, view, finding) };
    const key = violationKey(view, finding);
    if (!known.violations.has(key))
      known.violations.set(key, violationOf(scenario, view, { finding, cures }));
  }
}

function lineOf(scenario: Scenario, view: RunView, finding: Finding): number {
  const step = stepOf(view.trace, finding.seq);
  return step < 0 ? 1 : scenario.program.steps[step].source.line;
}

function resultOf(
  scenario: Scenario,
  known: Findings,
  end: { readonly compared: boolean; readonly complete: boolean },
): ScenarioResult {
  const { isolated, works, hashes, records, undeclared, noticed } = known;
  const interferes = end.compared ? noticed.size > 0 : null;
  const { complete } = end;
  const verdict = { isolated, works, interferes, complete, undeclared };
  const asserts = [
    ...known.tallies.map(judge),
    ...known.misses.values(),
    ...verdictAsserts(scenario, verdict),
  ];
  const cell = cellText(scenario.cell);
  return {
    id: cell ? `${scenario.name}[${cell}]` : scenario.name,
    file: scenario.file,
    title: scenario.title,
    cell: scenario.cell,
    seed: scenario.seed,
    pass: asserts.every(result => result.pass),
    isolated,
    works,
    interference: end.compared ? [...noticed.values()] : null,
    violations: [...known.violations.values()],
    asserts,
    stats: { runs: hashes.length, records, complete },
    traceHash: hashes.length === 1 ? hashes[0] : hashText(hashes.join('\n')),
  };
}

const withFindings = (view: RunView, more: readonly Finding[]): RunView =>
  more.length === 0
    ? view
    : { ...view, findings: [...view.findings, ...more].sort((a, b) => a.seq - b.seq) };

/** The first difference of each rule between two realms stands for the others. */
function note(noticed: Map<string, Interference>, finding: Finding): void {
  const { rule, culprit, victim, sentence } = finding;
  const key = [rule, culprit, victim].join(' ');
  if (!noticed.has(key)) noticed.set(key, { rule, culprit, victim, sentence });
}
