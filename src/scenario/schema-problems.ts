import type { z } from 'zod';
import { type Problem, problem, suggest } from './problem.ts';
import { enumAt, keysAt } from './schema-paths.ts';
import {
  locate,
  locateKey,
  nodeAt,
  type Path,
  plainValue,
  type SourceNode,
} from './source-tree.ts';

type Issue = z.core.$ZodIssue;

/** Turns what the schema found wrong into problems at the places where it was written. */
export function schemaProblems(root: SourceNode, issues: readonly Issue[]): Problem[] {
  return issues.flatMap(issue => fromIssue(root, issue, []));
}

const asPath = (prefix: Path, path: readonly PropertyKey[]): Path => [
  ...prefix,
  ...path.map(part => (typeof part === 'number' ? part : String(part))),
];

function fromIssue(root: SourceNode, issue: Issue, prefix: Path): Problem[] {
  const path = asPath(prefix, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(root, path, key));
    case 'invalid_union':
      return fromUnion(root, issue, path);
    case 'invalid_value':
      return [wrongValue(root, path, issue)];
    case 'invalid_type':
      return [wrongType(root, path, issue)];
    case 'invalid_key':
      return [
        problem('schema/name', locateKey(root, path), issue.issues[0]?.message ?? issue.message),
      ];
    default:
      return [problem('schema/value', locate(root, path), sentence(path, issue.message))];
  }
}

const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part,
    '',
  );

const sentence = (path: Path, message: string): string =>
  path.length > 0 ? `${pathText(path)}: ${message}` : message;

function unknownKey(root: SourceNode, path: Path, key: string): Problem {
  const place = path.length > 0 ? ` in ${pathText(path)}` : '';
  const known = keysAt(root, path);
  return problem(
    'schema/unknown-key',
    locateKey(root, [...path, key]),
    `'${key}' is not known${place}`,
    suggest(key, known),
  );
}

function wrongValue(
  root: SourceNode,
  path: Path,
  issue: Extract<Issue, { code: 'invalid_value' }>,
): Problem {
  const at = locate(root, path);
  const options = issue.values.map(String);
  const node = nodeAt(root, path);
  const got = node?.kind === 'scalar' ? String(node.value) : '';
  if (issue.message && !issue.message.startsWith('Invalid'))
    return problem('schema/value', at, sentence(path, issue.message));
  if (!node) return missing(root, path, `expected ${options.join(' or ')}`);
  const message = sentence(path, `'${got}' is not one of ${options.join(', ')}`);
  return problem('schema/value', at, message, suggest(got, options));
}

function missing(root: SourceNode, path: Path, message: string): Problem {
  const key = String(path[path.length - 1]);
  const above = path.slice(0, -1);
  const place = above.length > 0 ? `${pathText(above)} ` : '';
  const text = message ? ` (${message})` : '';
  return problem('schema/missing', locate(root, above), `${place}needs '${key}'${text}`);
}

function wrongType(
  root: SourceNode,
  path: Path,
  issue: Extract<Issue, { code: 'invalid_type' }>,
): Problem {
  const own = issue.message.startsWith('Invalid') ? '' : issue.message;
  const node = nodeAt(root, path);
  if (!node) return missing(root, path, own);
  const got = node.kind === 'scalar' ? describeScalar(node.value) : node.kind;
  const message = own || `expected ${typeWord(issue.expected)}, found ${got}`;
  const quotable = issue.expected === 'string' && typeof plainValue(node) === 'number';
  const hint = quotable && !own ? 'put the value in quotes' : hintFor(own, node);
  return problem('schema/type', node.at, sentence(path, message), hint);
}

function hintFor(own: string, node: SourceNode): string {
  if (own.includes('a time') && node.kind === 'scalar' && typeof node.value === 'number')
    return `add a unit, such as ${node.value}us`;
  return '';
}

const typeWord = (expected: string): string =>
  ({
    record: 'a map',
    object: 'a map',
    array: 'a list',
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
  })[expected] ?? expected;

const describeScalar = (value: string | number | boolean | null): string =>
  value === null ? 'nothing' : typeof value === 'string' ? `'${value}'` : String(value);

/** The branch of a union the writer most likely meant: right shape, fewest mistakes. */
function fromUnion(
  root: SourceNode,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
): Problem[] {
  const branches = issue.errors ?? [];
  if (!nodeAt(root, path)) return [missing(root, path, ownMessage(issue))];
  const ranked = branches
    .map(errors => ({ errors, cost: branchCost(errors) }))
    .sort((a, b) => a.cost - b.cost);
  const best = ranked[0];
  const undecided = !best || best.cost >= SHAPE_COST;
  if (undecided && ownMessage(issue))
    return [problem('schema/value', locate(root, path), sentence(path, ownMessage(issue)))];
  if (!best) return [discriminator(root, path, issue)];
  if (undecided) return mergeOptions(root, path, branches);
  return best.errors.flatMap(error => fromIssue(root, error, path));
}

const SHAPE_COST = 1000;
const ownMessage = (issue: Issue): string =>
  issue.message.startsWith('Invalid') ? '' : issue.message;

function branchCost(errors: readonly Issue[]): number {
  let cost = 0;
  for (const error of errors) {
    const atRoot = error.path.length === 0;
    if (atRoot && (error.code === 'invalid_type' || error.code === 'invalid_value'))
      cost += SHAPE_COST;
    else if (error.code === 'unrecognized_keys') cost += 10 * error.keys.length;
    else if (error.code === 'invalid_union') cost += 5;
    else cost += 6;
  }
  return cost;
}

function discriminator(root: SourceNode, path: Path, issue: Issue): Problem {
  const key = 'discriminator' in issue ? String(issue.discriminator) : '';
  const options = enumAt([...path, key]);
  const node = nodeAt(root, [...path, key]);
  if (!node) return missing(root, [...path, key], options.join(', '));
  const got = node.kind === 'scalar' ? String(node.value) : node.kind;
  return problem(
    'schema/value',
    node.at,
    sentence([...path, key], `'${got}' is not one of ${options.join(', ')}`),
    suggest(got, options),
  );
}

/** No branch has the right shape: one problem that names what all of them would take. */
function mergeOptions(
  root: SourceNode,
  path: Path,
  branches: readonly (readonly Issue[])[],
): Problem[] {
  const node = nodeAt(root, path);
  const got = node?.kind === 'scalar' ? String(node.value) : (node?.kind ?? '');
  const values = branches.flatMap(errors =>
    errors.flatMap(error => (error.code === 'invalid_value' ? error.values.map(String) : [])),
  );
  const words = branches.flatMap(errors =>
    errors.flatMap(error =>
      error.code === 'invalid_type' && error.path.length === 0
        ? [ownMessage(error) || `expected ${typeWord(error.expected)}`]
        : [],
    ),
  );
  const message =
    values.length > 0
      ? `'${got}' is not one of ${values.join(', ')}`
      : [...new Set(words)].join(', or ') || 'not a value this place can have';
  return [
    problem('schema/value', locate(root, path), sentence(path, message), suggest(got, values)),
  ];
}
