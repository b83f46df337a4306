import { z } from 'zod';
import { ERRNOS } from '../../src/arch/linux.ts';
import { GUARDS } from '../../src/model/guards.ts';
import { RULE_FACTS } from '../../src/model/rule-facts.ts';
import { RULE_ORDER, RULES } from '../../src/model/rules.ts';
import { jsonSchema } from '../../src/scenario/json-schema.ts';
import { FAULT_REASONS, OFF_NAMES } from '../../src/scenario/known-names.ts';
import {
  alternatives,
  isFixed,
  type SchemaNode,
  schemasAt,
} from '../../src/scenario/schema-paths.ts';
import type { Path } from '../../src/scenario/source-tree.ts';
import { irqName, name, requester, time, word32, word64 } from '../../src/scenario/values.ts';
import {
  ASSIGNMENT_FACTS,
  ATTACK_FACTS,
  ERROR_MODEL_FACTS,
  REACH_FACTS,
  STORE_FACTS,
  TRAP_FACTS,
} from '../../src/scenario/word-facts.ts';

/** Tables of the language reference, made from the schema and the tables of facts. */

const patternOf = (schema: z.ZodType): string => String(z.toJSONSchema(schema).pattern);

/** Texts of a certain form, by their pattern. */
const FORMS: Readonly<Record<string, string>> = {
  [patternOf(name)]: 'name',
  [patternOf(time)]: 'time',
  [patternOf(requester)]: 'bus address',
  [patternOf(irqName)]: 'interrupt',
  [patternOf(word64)]: '64-bit word',
  [String(z.toJSONSchema(word32).anyOf?.[1].pattern)]: 'hexadecimal in quotes',
};

const code = (text: unknown): string => `\`${String(text)}\``;

/** What a value may be, in few words. */
function formOf(node: SchemaNode): string {
  if (node.$ref) return 'step';
  const parts = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (parts.length > 0) return [...new Set(parts.map(formOf))].join(', or ');
  if (node.const !== undefined) return code(node.const);
  if (node.enum) return node.enum.map(code).join(', ');
  switch (node.type) {
    case 'integer':
      return rangeOf(node);
    case 'boolean':
      return '`true`, `false`';
    case 'string':
      return FORMS[node.pattern ?? ''] ?? 'text';
    case 'array':
      return isFixed(node.items)
        ? `list of ${node.items.map(formOf).join(' and ')}`
        : `list of ${formOf(node.items ?? {})}`;
    case 'object':
      return typeof node.additionalProperties === 'object'
        ? `map of names to ${formOf(node.additionalProperties) || 'maps'}`
        : 'map';
    default:
      return 'value';
  }
}

function rangeOf({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: SchemaNode): string {
  if (maximum >= Number.MAX_SAFE_INTEGER) return `number from ${minimum}`;
  const isMask = maximum > 0xff && Number.isInteger(Math.log2(maximum + 1));
  return `${minimum} to ${isMask ? `0x${maximum.toString(16)}` : maximum}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** A place of the schema: `steps.0.allocate`, or `platform.ir kind=vtd` for one of several forms. */
function mapsAt(place: string): SchemaNode[] {
  const [path, choice = ''] = place.split(' ');
  const parts: Path =
    path === '.' ? [] : path.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part));
  const [key, word] = choice.split('=');
  return schemasAt(parts).filter(
    ({ properties }) => properties && (!key || properties[key]?.const === word),
  );
}

/** Names of the keys of all maps a place of the schema may hold. */
export const keyNames = (place: string): string[][] =>
  mapsAt(place).map(({ properties }) => Object.keys(properties ?? {}));

/** The keys of a map: what each may be and what it means. */
export function keyTable(place: string): string {
  const rows = new Map<string, string[]>();
  for (const { properties = {}, required = [] } of mapsAt(place))
    for (const [key, node] of Object.entries(properties)) {
      const old = rows.get(key);
      const needed = required.includes(key) && mapsAt(place).length === 1 ? ' (needed)' : '';
      if (!old) rows.set(key, [`${code(key)}${needed}`, formOf(node), node.description ?? '']);
    }
  return table(['key', 'value', 'meaning'], [...rows.values()]);
}

/** Every map with fixed keys in the schema, by the names of its keys. */
export function allKeyNames(): string[][] {
  const found: string[][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node && typeof node.properties === 'object' && node.properties)
      found.push(Object.keys(node.properties));
    for (const part of Object.values(node)) visit(part);
  };
  visit(jsonSchema());
  return found;
}

const rules = (): string =>
  table(
    ['rule', 'severity', 'means', 'seen in'],
    RULE_ORDER.map(rule => {
      const { means, anchor } = RULE_FACTS[rule];
      return [code(rule), RULES[rule].severity, means, anchor];
    }),
  );

const errors = (): string =>
  table(
    ['error', 'means'],
    Object.entries(ERRNOS).map(([error, means]) => [code(error), means]),
  );

const guards = (): string =>
  table(
    ['guard', 'means'],
    Object.entries(GUARDS).map(([guard, means]) => [code(guard), means]),
  );

const isGuard = (text: string): boolean => text in GUARDS;

/** The rules of one family, with everything there is to know of them. */
const taxonomy = (family: string): string =>
  table(
    [
      'rule and scenario',
      'severity',
      'it applies when',
      'to tell, one must know',
      'kept away by',
      'seen in',
    ],
    RULE_ORDER.filter(rule => rule.startsWith(`${family}/`)).map(rule => {
      const { means, truth, cure, anchor } = RULE_FACTS[rule];
      const link = `[${code(rule)}](../../scenarios/rules/${rule}.yaml)`;
      return [link, RULES[rule].severity, means, truth, cure, anchor];
    }),
  );

const words = (head: string, facts: Readonly<Record<string, string>>): string =>
  table(
    [head, 'means'],
    Object.entries(facts).map(([word, means]) => [code(word), means]),
  );

const attacks = (): string =>
  table(
    ['kind', 'needs', 'may have', 'what it does'],
    Object.entries(ATTACK_FACTS).map(([kind, { needs, takes, means }]) => [
      code(kind),
      needs.map(code).join(', '),
      takes.map(code).join(', '),
      means,
    ]),
  );

/** Tables that are not about keys, by name. */
const TABLES: Readonly<Record<string, () => string>> = {
  rules,
  errors,
  guards,
  attacks,
  stores: () => words('store', STORE_FACTS),
  reaches: () => words('reach', REACH_FACTS),
  traps: () => words('action', TRAP_FACTS),
  errorModels: () => words('error model', ERROR_MODEL_FACTS),
  assignments: () => words('policy', ASSIGNMENT_FACTS),
  checks: () =>
    OFF_NAMES.filter(text => !isGuard(text))
      .map(code)
      .join(', '),
  faults: () => FAULT_REASONS.map(code).join(', '),
};

/** The table a marker of the reference asks for: `keys platform`, or `rules`. */
export function referenceTable(marker: string): string {
  const [kind, ...rest] = marker.split(' ');
  if (kind === 'keys') return keyTable(rest.join(' '));
  if (kind === 'taxonomy') return taxonomy(rest.join(' '));
  const make = TABLES[kind];
  if (!make) throw new Error(`there is no table ${marker}`);
  return make();
}

/** Everything a schema may hold in a place, with unions spread out. */
export const formsAt = (path: Path): SchemaNode[] => schemasAt(path).flatMap(alternatives);
