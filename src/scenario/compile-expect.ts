import type { Machine } from '../model/machine.ts';
import type { Program, Source } from '../model/program.ts';
import { matchesRule, RULE_ORDER } from '../model/rules.ts';
import { cpuIndex } from './compile-verbs.ts';
import { fail, type Linker, refer } from './linker.ts';
import { suggest } from './problem.ts';
import { type Cell, matchesCell } from './resolve.ts';
import type { ScenarioYaml } from './schema.ts';
import { ASSERTION_NAMES, type AssertionYaml } from './schema-expect.ts';
import { locate, type Path } from './source-tree.ts';

export type Quantifier = 'always' | 'sometimes' | 'never';

/** One thing a scenario expects of its runs. */
export interface Assertion {
  readonly quantifier: Quantifier;
  readonly what: AssertionYaml;
  /** As written, in short. */
  readonly text: string;
  readonly source: Source;
}

/** Everything a variant expects. */
export interface Expectations {
  readonly assertions: readonly Assertion[];
  /** Demanded verdicts; null where the file does not say. */
  readonly isolated: boolean | null;
  readonly works: boolean | null;
}

interface Naming {
  readonly machine: Machine;
  readonly program: Program;
  readonly cell: Cell;
}

/** What applies to one variant: the general list, and the first line under `cells` that fits. */
export function compileExpect(linker: Linker, yaml: ScenarioYaml, naming: Naming): Expectations {
  const general = yaml.expect ?? {};
  const assertions = quantified(linker, general, ['expect'], naming);
  const cells = general.cells ?? [];
  const at = cells.findIndex(cell => matchesCell(cell.when, naming.cell));
  if (at < 0)
    return { assertions, isolated: general.isolated ?? null, works: general.works ?? null };
  const line = cells[at];
  const path = ['expect', 'cells', at];
  const own = quantified(linker, line, path, naming);
  const declared = line.violation
    ? [violationLine(linker, line.violation, [...path, 'violation'])]
    : [];
  return {
    assertions: [...assertions, ...own, ...declared],
    isolated: line.isolated ?? general.isolated ?? null,
    works: line.works ?? general.works ?? null,
  };
}

const QUANTIFIERS = ['always', 'sometimes', 'never'] as const;

function quantified(
  linker: Linker,
  lists: { readonly [Q in Quantifier]?: readonly AssertionYaml[] },
  path: Path,
  naming: Naming,
): Assertion[] {
  return QUANTIFIERS.flatMap(quantifier =>
    (lists[quantifier] ?? []).map((what, i) => {
      const at = [...path, quantifier, i];
      checkAssertion(linker, what, at, naming);
      const { file, line, column } = locate(linker.root, at);
      return { quantifier, what, text: textOf(what), source: { file, line, column } };
    }),
  );
}

function violationLine(linker: Linker, rule: string, path: Path): Assertion {
  checkRule(linker, rule, path);
  const { file, line, column } = locate(linker.root, path);
  const what: AssertionYaml = { violation: rule };
  return { quantifier: 'sometimes', what, text: textOf(what), source: { file, line, column } };
}

/** The assertion on one line. */
function textOf(what: AssertionYaml): string {
  const [kind, value] = Object.entries(what).find(([, v]) => v !== undefined) ?? ['', ''];
  return `${kind} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function checkAssertion(linker: Linker, what: AssertionYaml, path: Path, naming: Naming): void {
  const kinds = Object.keys(what);
  if (kinds.length !== 1) {
    const found = kinds.length === 0 ? 'none' : kinds.join(' and ');
    fail(
      linker,
      path,
      'expect/kind',
      `one assertion a line, found ${found}`,
      `known: ${ASSERTION_NAMES.join(', ')}`,
    );
    return;
  }
  const kind = kinds[0] as keyof AssertionYaml;
  const value = what[kind];
  if (kind === 'violation') {
    const rule = typeof what.violation === 'string' ? what.violation : what.violation?.rule;
    const rulePath = typeof what.violation === 'string' ? [...path, kind] : [...path, kind, 'rule'];
    if (rule) checkRule(linker, rule, rulePath);
  }
  if (typeof value === 'string' && kind !== 'violation')
    return checkIrq(linker, value, [...path, kind], naming);
  if (!value || typeof value !== 'object' || Array.isArray(value)) {
    if (Array.isArray(value)) checkOrder(linker, value.map(String), [...path, kind], naming);
    return;
  }
  checkNames(linker, value as Record<string, unknown>, [...path, kind], naming);
}

function checkNames(
  linker: Linker,
  value: Record<string, unknown>,
  path: Path,
  naming: Naming,
): void {
  const { machine, program } = naming;
  const devices = machine.devices.map(device => device.name);
  for (const [key, name] of Object.entries(value)) {
    if (typeof name !== 'string') continue;
    const at = [...path, key];
    if (key === 'irq') checkIrq(linker, name, at, naming);
    if (key === 'to' || key === 'target' || key === 'cpu')
      cpuIndex(linker, machine, { path: at, by: 0 }, name);
    if (key === 'device' || key === 'source')
      refer(linker, at, { kind: 'device', name, known: devices });
    if (key === 'step') checkLabel(linker, name, at, program);
  }
}

const labelsOf = (program: Program): string[] =>
  program.steps.map(step => step.label).filter(label => label !== '');

function checkLabel(linker: Linker, name: string, path: Path, program: Program): void {
  const known = labelsOf(program);
  if (known.includes(name)) return;
  fail(linker, path, 'ref/label', `no step has the label '${name}'`, suggest(name, known));
}

function checkOrder(linker: Linker, names: readonly string[], path: Path, naming: Naming): void {
  const known = [...naming.machine.irqs.map(irq => irq.name), ...labelsOf(naming.program)];
  for (const [i, name] of names.entries())
    if (!known.includes(name))
      fail(
        linker,
        [...path, i],
        'ref/unknown',
        `there is no interrupt or label '${name}'`,
        suggest(name, known),
      );
}

function checkIrq(linker: Linker, name: string, path: Path, { machine }: Naming): void {
  const known = machine.irqs.map(irq => irq.name);
  if (!known.includes(name))
    fail(linker, path, 'ref/unknown', `there is no interrupt '${name}'`, suggest(name, known));
}

function checkRule(linker: Linker, rule: string, path: Path): void {
  if (RULE_ORDER.some(known => matchesRule(rule, known))) return;
  fail(linker, path, 'ref/rule', `there is no rule '${rule}'`, suggest(rule, RULE_ORDER));
}
