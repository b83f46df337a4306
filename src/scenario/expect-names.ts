import type { Machine } from '../model/machine.ts';
import type { Program } from '../model/program.ts';
import { matchesRule, RULE_ORDER } from '../model/rules.ts';
import { FAULT_REASONS } from './known-names.ts';
import { doubtful, fail, failKey, type Linker, refer } from './linker.ts';
import { findPlace, placesOf } from './places.ts';
import { suggest } from './problem.ts';
import { cpuIndex, irqIndex } from './references.ts';
import { ASSERTION_NAMES, type AssertionYaml } from './schema-expect.ts';
import { nodeAt, type Path } from './source-tree.ts';

/** What the names in expectations refer to. */
export interface Naming {
  readonly machine: Machine;
  readonly program: Program;
}

/** Whether a line has one assertion, and all it names exists. */
export function checkAssertion(
  linker: Linker,
  what: AssertionYaml,
  path: Path,
  naming: Naming,
): void {
  const kinds = ASSERTION_NAMES.filter(kind => what[kind] !== undefined);
  if (kinds.length !== 1) return failKinds(linker, path, kinds);
  const [kind] = kinds;
  const at = [...path, kind];
  const { violation, state, order, fault } = what;
  if (violation !== undefined) {
    if (typeof violation === 'string') return checkRule(linker, violation, at);
    checkRule(linker, violation.rule, [...at, 'rule']);
  }
  if (order) return checkOrder(linker, order, at, naming);
  if (state) return checkState(linker, state, at, naming);
  if (fault) checkFault(linker, fault, at, naming);
  const value = what[kind];
  if (typeof value === 'string') irqIndex(linker, naming.machine, at, value);
  if (typeof value === 'object') checkNames(linker, Object.entries(value), at, naming);
}

function failKinds(linker: Linker, path: Path, kinds: readonly string[]): void {
  if (kinds.length === 0) {
    const hint = `known: ${ASSERTION_NAMES.join(', ')}`;
    return fail(linker, path, 'expect/kind', 'a line has one assertion, found none', hint);
  }
  const node = nodeAt(linker.root, path);
  const written = node?.kind === 'map' ? [...node.entries.keys()] : [];
  const [first, second] = written.filter(key => kinds.includes(key));
  const message = `a line has one assertion, found ${first} and ${second}`;
  failKey(linker, [...path, second], 'expect/kind', message, 'make it two lines');
}

function checkNames(
  linker: Linker,
  entries: readonly (readonly [string, unknown])[],
  path: Path,
  { machine, program }: Naming,
): void {
  const devices = machine.devices.map(device => device.name);
  for (const [key, name] of entries) {
    if (typeof name !== 'string') continue;
    const at = [...path, key];
    if (key === 'irq') irqIndex(linker, machine, at, name);
    if (key === 'to' || key === 'target' || key === 'cpu')
      cpuIndex(linker, machine, { path: at, by: 0 }, name);
    if (key === 'device' || key === 'source')
      refer(linker, at, { kind: 'device', name, known: devices });
    if (key === 'step') checkLabel(linker, name, at, program);
  }
}

/** Labels of all steps, in file order. */
export const labelsOf = (program: Program): string[] =>
  program.steps.map(step => step.label).filter(label => label !== '');

/** Whether a step has a label. */
export function checkLabel(linker: Linker, name: string, path: Path, program: Program): void {
  const known = labelsOf(program);
  if (known.includes(name) || doubtful(linker, 'label')) return;
  const hint = suggest(name, known) || `write label: ${name} at a step`;
  fail(linker, path, 'ref/label', `no step has the label '${name}'`, hint);
}

function checkOrder(linker: Linker, names: readonly string[], path: Path, naming: Naming): void {
  const known = [...naming.machine.irqs.map(irq => irq.name), ...labelsOf(naming.program)];
  if (doubtful(linker, 'label') || doubtful(linker, 'slot')) return;
  for (const [i, name] of names.entries()) {
    if (known.includes(name)) continue;
    const message = `there is no interrupt or label '${name}'`;
    fail(linker, [...path, i], 'ref/unknown', message, suggest(name, known));
  }
}

/** Whether a rule, or a pattern of rules, exists. */
export function checkRule(linker: Linker, rule: string, path: Path): void {
  if (RULE_ORDER.some(known => matchesRule(rule, known))) return;
  const known = [...RULE_ORDER, 'any'];
  fail(linker, path, 'ref/rule', `there is no rule '${rule}'`, suggest(rule, known));
}

function checkFault(
  linker: Linker,
  fault: NonNullable<AssertionYaml['fault']>,
  path: Path,
  { machine }: Naming,
): void {
  const { reason, unit } = fault;
  if (reason !== undefined && !FAULT_REASONS.includes(reason)) {
    const message = `there is no fault '${reason}'`;
    fail(linker, [...path, 'reason'], 'ref/fault', message, suggest(reason, FAULT_REASONS));
  }
  const emulated = machine.realms.filter(realm => realm.viommu).map(realm => `${realm.name}/ir`);
  const units = ['ir', ...emulated, ...machine.bridges.map(bridge => bridge.name)];
  if (unit === undefined || units.includes(unit) || doubtful(linker, 'bridge')) return;
  const message = `there is no unit '${unit}' that can refuse`;
  fail(linker, [...path, 'unit'], 'ref/unknown', message, suggest(unit, units));
}

function checkState(
  linker: Linker,
  { of, is }: NonNullable<AssertionYaml['state']>,
  path: Path,
  naming: Naming,
): void {
  const fields = checkStatePlace(linker, of, [...path, 'of'], naming);
  if (!fields || typeof is !== 'object' || is === null || Array.isArray(is)) return;
  for (const field of Object.keys(is)) {
    if (fields.includes(field)) continue;
    const hint = suggest(field, fields);
    failKey(linker, [...path, 'is', field], 'ref/field', `${of} has no field ${field}`, hint);
  }
}

/** Whether there is a place; its fields, or null where nothing can be said about them. */
export function checkStatePlace(
  linker: Linker,
  of: string,
  path: Path,
  { machine }: Naming,
): readonly string[] | null {
  const [owner] = of.split('.');
  const kinds =
    owner === 'ir' ? (['unit'] as const) : (['device', 'slot', 'store', 'CPU', 'realm'] as const);
  if (kinds.some(kind => doubtful(linker, kind, owner))) return null;
  const found = findPlace(placesOf(machine), of);
  if (!('message' in found)) return found.fields ?? [];
  const { message, word, known } = found;
  fail(linker, path, 'ref/place', message, suggest(word, known));
  return null;
}
