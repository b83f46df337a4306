import { stepsOf } from '../check/evidence.ts';
import type { TraceRecord } from '../model/record.ts';
import { matchesRule } from '../model/rules.ts';
import type { Finding } from '../model/violation.ts';
import type { Scenario } from '../scenario/compile.ts';
import type { AssertionYaml } from '../scenario/schema-expect.ts';
import { parseTime } from '../scenario/values.ts';
import { allServiced, breaksIsolation, type RunView } from './run-view.ts';
import { type PlaceValue, readPlace } from './state-path.ts';

/** Whether an assertion holds of one run, and what was found where that helps. */
export interface Held {
  readonly holds: boolean;
  readonly found: string;
}

const held = (holds: boolean, found = ''): Held => ({ holds, found });

/** Evaluates one assertion on one run. */
export function evaluate(scenario: Scenario, view: RunView, what: AssertionYaml): Held {
  if (what.delivered) return delivered(scenario, view, what.delivered);
  if (what.lost !== undefined) return lost(view, irqOf(what.lost));
  if (what.works !== undefined) return works(view, irqOf(what.works));
  if (what.fault) return fault(scenario, view, what.fault);
  if (what.violation !== undefined) return violation(scenario, view, what.violation);
  if (what.spurious) return spurious(view, what.spurious);
  if (what.state) return state(scenario, view, what.state);
  if (what.order) return order(scenario, view, what.order);
  if (what.latency) return latency(view, what.latency);
  if (what.isolated !== undefined)
    return held(!view.findings.some(breaksIsolation) === what.isolated);
  throw new Error(`an assertion is not evaluated: ${JSON.stringify(what)}`);
}

const irqOf = (value: string | { irq?: string }): string | undefined =>
  typeof value === 'string' ? value : value.irq;

interface Counted {
  readonly count?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Without a number, once is enough. */
function counted(n: number, limits: Counted): Held {
  const {
    count,
    atLeast = count === undefined ? 1 : 0,
    atMost = Number.POSITIVE_INFINITY,
  } = limits;
  return held(count === undefined ? atLeast <= n && n <= atMost : n === count, `found ${n}`);
}

/** Index of the step with a label; -1 for none. */
const stepWith = (scenario: Scenario, label: string): number =>
  scenario.program.steps.findIndex(step => step.label === label);

const comesFrom = (
  scenario: Scenario,
  view: RunView,
  record: TraceRecord,
  label?: string,
): boolean =>
  label === undefined || stepsOf(view.trace, record.seq).includes(stepWith(scenario, label));

type Of<K extends keyof AssertionYaml> = NonNullable<AssertionYaml[K]>;

function delivered(scenario: Scenario, view: RunView, want: Of<'delivered'>): Held {
  const hits = view.trace.filter(record => {
    if (record.act !== 'service' || record.outcome !== 'handled') return false;
    if (want.irq !== undefined && record.irq !== want.irq) return false;
    if (want.device !== undefined && !record.irq.startsWith(`${want.device}.`)) return false;
    if (want.to !== undefined && record.cpu !== want.to) return false;
    if (want.vector !== undefined && record.vector !== want.vector) return false;
    return comesFrom(scenario, view, record, want.step);
  });
  const within = want.within === undefined ? null : parseTime(want.within);
  const late = view.raises.find(
    raise =>
      within !== null &&
      (want.irq === undefined || raise.irq === want.irq) &&
      raise.servicedSeq >= 0 &&
      raise.servicedNs - raise.timeNs > within,
  );
  if (late) return held(false, `took ${late.servicedNs - late.timeNs}ns`);
  return counted(hits.length, want);
}

function lost(view: RunView, irq: string | undefined): Held {
  const gone = view.raises.filter(
    raise => raise.servicedSeq < 0 && (irq === undefined || raise.irq === irq),
  );
  return held(gone.length > 0, gone.map(raise => raise.irq).join(', '));
}

function works(view: RunView, irq: string | undefined): Held {
  if (irq === undefined) return held(allServiced(view));
  const own = view.raises.filter(raise => raise.irq === irq);
  const served = own.filter(raise => raise.servicedSeq >= 0).length;
  return held(
    own.length > 0 && served === own.length,
    `${served} of ${own.length} raises serviced`,
  );
}

function fault(scenario: Scenario, view: RunView, want: Of<'fault'>): Held {
  const hits = view.trace.filter(record => {
    if (record.act !== 'fault') return false;
    if (want.reason !== undefined && record.reason !== want.reason && record.name !== want.reason)
      return false;
    if (want.unit !== undefined && record.unit !== want.unit) return false;
    if (want.entry !== undefined && record.entry !== want.entry) return false;
    if (want.fate !== undefined && record.fate !== want.fate) return false;
    return comesFrom(scenario, view, record, want.step);
  });
  return counted(hits.length, want);
}

/** Whether a finding is what a pattern, and perhaps more, describes. */
export function matchesViolation(
  scenario: Scenario,
  view: RunView,
  finding: Finding,
  want: Of<'violation'>,
): boolean {
  const wanted = typeof want === 'string' ? { rule: want } : want;
  if (![finding.rule, ...finding.also].some(rule => matchesRule(wanted.rule, rule))) return false;
  if (typeof want === 'string') return true;
  if (want.source !== undefined && finding.source !== want.source) return false;
  if (want.target !== undefined && finding.effect?.target !== want.target) return false;
  if (want.vector !== undefined && finding.effect?.vector !== want.vector) return false;
  if (want.step === undefined) return true;
  const step = stepWith(scenario, want.step);
  return stepsOf(view.trace, finding.seq).includes(step);
}

function violation(scenario: Scenario, view: RunView, want: Of<'violation'>): Held {
  const hits = view.findings.filter(finding => matchesViolation(scenario, view, finding, want));
  const found = view.findings.map(finding => finding.rule).join(', ') || 'none';
  const result = counted(hits.length, typeof want === 'string' ? {} : want);
  return held(result.holds, `found ${found}`);
}

function spurious(view: RunView, want: Of<'spurious'>): Held {
  const hits = view.trace.filter(record => {
    if (record.act !== 'service') return false;
    if (record.outcome !== 'spurious' && record.outcome !== 'expected-spurious') return false;
    if (want.cpu !== undefined && record.cpu !== want.cpu) return false;
    return want.vector === undefined || record.vector === want.vector;
  });
  return counted(hits.length, want);
}

function state(scenario: Scenario, view: RunView, want: Of<'state'>): Held {
  const found = readPlace(scenario.machine, view.state, want.of);
  if (found === null) return held(false, `there is no place ${want.of}`);
  return held(fits(found, want.is), JSON.stringify(found));
}

/** A value fits when every part that is asked for is equal; numbers may be 0 and 1 for no and yes. */
function fits(found: PlaceValue, want: unknown): boolean {
  if (typeof want === 'object' && want !== null && !Array.isArray(want)) {
    if (typeof found !== 'object' || Array.isArray(found)) return false;
    const fields = found as { readonly [key: string]: PlaceValue };
    return Object.entries(want).every(([key, value]) => key in fields && fits(fields[key], value));
  }
  if (typeof found === 'boolean') return want === found || want === Number(found);
  if (typeof found === 'number' && typeof want === 'boolean') return found === Number(want);
  return JSON.stringify(found) === JSON.stringify(want);
}

function order(scenario: Scenario, view: RunView, want: Of<'order'>): Held {
  const seen = view.trace.flatMap(record => {
    if (record.act !== 'service' || record.outcome !== 'handled') return [];
    const labels = stepsOf(view.trace, record.seq).map(step => scenario.program.steps[step].label);
    return [[record.irq, ...labels]];
  });
  let at = 0;
  for (const names of seen) if (at < want.length && names.includes(want[at])) at++;
  return held(at === want.length, seen.map(([irq]) => irq).join(', '));
}

function latency(view: RunView, want: Of<'latency'>): Held {
  const max = parseTime(want.max) ?? 0;
  const own = view.raises.filter(raise => raise.irq === want.irq && raise.servicedSeq >= 0);
  const longest = own.reduce((ns, raise) => Math.max(ns, raise.servicedNs - raise.timeNs), 0);
  return held(own.length > 0 && longest <= max, `longest ${longest}ns`);
}
