import { chainOf, chainOfRaise, stepOf } from '../check/evidence.ts';
import { hardenings } from '../check/hardening.ts';
import { createChoices } from '../engine/choice.ts';
import { RULES } from '../model/rules.ts';
import type { Evidence, Finding, Violation } from '../model/violation.ts';
import { hashText, traceHash } from '../report/trace-hash.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { Assertion } from '../scenario/compile-expect.ts';
import { cellText } from '../scenario/resolve.ts';
import { evaluate, matchesViolation } from './assert.ts';
import { asksAboutBus, busFindings } from './differential.ts';
import { RUNS_MAX } from './limits.ts';
import { allServiced, breaksIsolation, type RunView, runOnce } from './run-view.ts';
import { missedSteps } from './step-expect.ts';
import { interferenceIn, twinsOf } from './twin.ts';

/** What a scenario demanded, and whether it came true. */
export interface AssertResult {
  readonly text: string;
  readonly pass: boolean;
  /** What was found instead; empty when it passed. */
  readonly found: string;
  readonly file: string;
  readonly line: number;
}

/** The outcome of one variant of a scenario. */
export interface ScenarioResult {
  /** The scenario’s name, and its variant in brackets. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly cell: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly pass: boolean;
  readonly isolated: boolean;
  /** Every permitted raise of a message its software had stored is serviced. */
  readonly works: boolean;
  /** What others notice of a hostile guest, by twin runs; null where there is none to look at. */
  readonly interference: readonly Interference[] | null;
  readonly violations: readonly Violation[];
  readonly asserts: readonly AssertResult[];
  readonly stats: RunStats;
  readonly traceHash: string;
}

/** A difference in what a victim sees with and without the steps of another guest. */
export type Interference = Pick<Finding, 'rule' | 'culprit' | 'victim' | 'sentence'>;

export interface RunStats {
  /** Runs it took to try every choice and order. */
  readonly runs: number;
  readonly records: number;
  /** Every choice and order was tried, and every run came to its end. */
  readonly complete: boolean;
}

/** One tally of an assertion over all runs. */
interface Tally {
  readonly assertion: Assertion;
  yes: number;
  no: number;
  found: string;
}

/** What is expected of an exploration is not expected of its script. */
const ofScript = (scenario: Scenario): Scenario =>
  scenario.explore ? { ...scenario, expect: NO_EXPECTATIONS } : scenario;

const NO_EXPECTATIONS = {
  assertions: [],
  isolated: null,
  works: null,
  interference: null,
} as const;

/**
 * Runs a variant in every order and with every choice it has, and judges it. Of a file that is to be
 * explored only the script is run.
 */
export function runScenario(whole: Scenario): ScenarioResult {
  const scenario = ofScript(whole);
  const tallies = scenario.expect.assertions.map(
    (assertion): Tally => ({ assertion, yes: 0, no: 0, found: '' }),
  );
  const violations = new Map<string, Violation>();
  const misses = new Map<string, AssertResult>();
  const hashes: string[] = [];
  const choices = createChoices(scenario.program.choices);
  let isolated = true;
  let works = true;
  let ended = true;
  let records = 0;
  let undeclared = '';
  let more = true;
  const twins = twinsOf(scenario);
  const noticed = new Map<string, Interference>();
  while (more && hashes.length < RUNS_MAX) {
    const plain = runOnce(scenario.machine, scenario.program, { ...choices, seed: scenario.seed });
    const interference = interferenceIn(scenario.machine, plain, twins ?? []);
    for (const finding of interference) note(noticed, finding);
    const bus = hashes.length === 0 && asksAboutBus(scenario) ? busFindings(scenario, plain) : [];
    const view = withFindings(plain, [...interference, ...bus]);
    hashes.push(traceHash(view.trace));
    records += view.trace.length;
    isolated &&= !view.findings.some(breaksIsolation);
    works &&= allServiced(view);
    ended &&= view.end === 'done';
    for (const tally of tallies) count(scenario, view, tally);
    for (const miss of missedSteps(scenario, view)) addMiss(scenario, misses, miss);
    for (const finding of view.findings) {
      if (isUndeclared(scenario, view, finding)) undeclared ||= finding.rule;
      addViolation(scenario, view, { finding, violations });
    }
    more = choices.advance();
  }
  const complete = ended && !more;
  const interferes = twins === null ? null : noticed.size > 0;
  const verdict = { isolated, works, interferes, complete, undeclared };
  const asserts = [...tallies.map(judge), ...misses.values(), ...verdictAsserts(scenario, verdict)];
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
    interference: twins === null ? null : [...noticed.values()],
    violations: [...violations.values()],
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

function count(scenario: Scenario, view: RunView, tally: Tally): void {
  const { holds, found } = evaluate(scenario, view, tally.assertion.what);
  if (holds) tally.yes++;
  else tally.no++;
  const surprising = tally.assertion.quantifier === 'never' ? holds : !holds;
  if (surprising && !tally.found) tally.found = found || 'it did not';
}

function judge({ assertion, yes, no, found }: Tally): AssertResult {
  const { quantifier, source } = assertion;
  const pass =
    quantifier === 'always' ? no === 0 : quantifier === 'sometimes' ? yes > 0 : yes === 0;
  const text = `${quantifier} ${assertion.text}`;
  return { text, pass, found: pass ? '' : found, file: source.file, line: source.line };
}

function addMiss(
  scenario: Scenario,
  misses: Map<string, AssertResult>,
  miss: { readonly step: number; readonly text: string },
): void {
  const { source, text } = scenario.program.steps[miss.step];
  const { file, line } = source;
  const result = { text: `step ${text}`, pass: false, found: miss.text, file, line };
  misses.set(`${line} ${miss.text}`, result);
}

/** An error nobody said would happen. */
function isUndeclared(scenario: Scenario, view: RunView, finding: Finding): boolean {
  if (RULES[finding.rule].severity !== 'error') return false;
  return !scenario.expect.assertions.some(
    ({ what, quantifier }) =>
      quantifier !== 'never' &&
      ((what.violation !== undefined &&
        matchesViolation(scenario, view, finding, what.violation)) ||
        (what.lost !== undefined && finding.rule === 'liveness/lost')),
  );
}

function verdictAsserts(
  scenario: Scenario,
  got: {
    readonly isolated: boolean;
    readonly works: boolean;
    readonly interferes: boolean | null;
    readonly complete: boolean;
    readonly undeclared: string;
  },
): AssertResult[] {
  const { expect, file } = scenario;
  const results: AssertResult[] = [];
  const add = (text: string, pass: boolean, found: string): void => {
    results.push({ text, pass, found: pass ? '' : found, file, line: 1 });
  };
  if (expect.isolated !== null)
    add(
      `isolated: ${expect.isolated}`,
      got.isolated === expect.isolated,
      `isolated: ${got.isolated}`,
    );
  if (expect.works !== null)
    add(`works: ${expect.works}`, got.works === expect.works, `works: ${got.works}`);
  if (expect.interference !== null)
    add(
      `interference: ${expect.interference}`,
      got.interferes === expect.interference,
      got.interferes === null
        ? 'nothing to compare: there is no hostile guest beside another owner'
        : `interference: ${got.interferes}`,
    );
  if (got.undeclared)
    add('no violation the file does not declare', false, `undeclared ${got.undeclared}`);
  if (!got.complete) add('every order was run to its end', false, 'a limit came first');
  return results;
}

function addViolation(
  scenario: Scenario,
  view: RunView,
  at: { readonly finding: Finding; readonly violations: Map<string, Violation> },
): void {
  const { finding, violations } = at;
  const step = stepOf(view.trace, finding.seq);
  const { rule, source, effect } = finding;
  const key = JSON.stringify([rule, step, source, effect]);
  if (violations.has(key)) return;
  const { also, culprit, victim, sentence } = finding;
  const evidence = evidenceOf(scenario, view, finding);
  violations.set(key, {
    rule,
    also,
    severity: RULES[rule].severity,
    step,
    source,
    culprit,
    victim,
    effect,
    sentence,
    evidence,
  });
}

/** The causal chain, the line of the policy that forbids it, and what would have stopped it. */
function evidenceOf(scenario: Scenario, view: RunView, finding: Finding): Evidence[] {
  const trail = finding.rule === 'liveness/lost' ? chainOfRaise : chainOf;
  const chain = trail(scenario.machine, view.trace, finding.seq);
  const extra = (kind: Evidence['kind'], text: string): Evidence => ({
    kind,
    seq: -1,
    step: -1,
    text,
  });
  const policy = finding.policy ? [extra('policy', finding.policy)] : [];
  if (RULES[finding.rule].severity !== 'error') return [...chain, ...policy];
  const cures = curesOf(scenario, view, finding).map(text => extra('counterfactual', text));
  return [...chain, ...policy, ...cures];
}

/** Single checks that, switched on, make the finding go away: found by running again. */
function curesOf(scenario: Scenario, view: RunView, finding: Finding): string[] {
  const step = stepOf(view.trace, finding.seq);
  return hardenings(scenario.machine).flatMap(({ text, machine }) => {
    const again = runOnce(machine, scenario.program, {
      ...replay(view.choices),
      seed: scenario.seed,
    });
    const still = again.findings.some(
      other => other.rule === finding.rule && stepOf(again.trace, other.seq) === step,
    );
    return still ? [] : [`would have been stopped by: ${text}`];
  });
}

/** The same answers as before, as far as the same questions are asked. */
function replay(answers: readonly number[]) {
  let at = 0;
  return {
    pick: (n: number): number => Math.min(answers[at++] ?? 0, n - 1),
    taken: (): number[] => answers.slice(0, at),
  };
}
