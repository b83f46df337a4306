import type { z } from 'zod';
import { didYouMean, nearest, type Problem, problem, suggest } from './problem.ts';
import { type Given, synonymOf, valueHint } from './schema-hints.ts';
import { enumAt, keysAt } from './schema-paths.ts';
import { locate, locateKey, nodeAt, type Path, type SourceNode } from './source-tree.ts';

type Issue = z.core.$ZodIssue;

/** One thing the schema found wrong, and what was probably meant. */
export interface Mistake {
  readonly problem: Problem;
  /** The wrong value or key, or the key that is missing. */
  readonly path: Path;
  readonly wrong: 'unknown-key' | 'key-name' | 'missing' | 'value';
  /** Likely meanings of a mistyped word, best first. */
  readonly meant: readonly string[];
}

/** Turns what the schema found wrong into mistakes at the places where they were written. */
export function schemaMistakes(root: SourceNode, issues: readonly Issue[]): Mistake[] {
  const found = issues.flatMap(issue => fromIssue(root, issue, []));
  const paths = found.map(({ wrong, path }) => JSON.stringify([wrong, ...path]));
  const once = found.filter((_, i) => paths.indexOf(paths[i]) === i);
  return withoutRenamed(root, once);
}

/** Sections nobody knows: told apart because they may hide the axes along which a file varies. */
export function sectionMistakes(root: SourceNode): Mistake[] {
  if (root.kind !== 'map') return [];
  const known = keysAt(root, []);
  return [...root.entries.keys()]
    .filter(key => !known.includes(key) && !key.startsWith('x-'))
    .map(key => unknownKey(root, [], key));
}

/** A key that is missing only because it is mistyped beside is told once, as the mistyped key. */
function withoutRenamed(root: SourceNode, mistakes: readonly Mistake[]): Mistake[] {
  const renamed = new Set<string>();
  for (const { wrong, path, meant } of mistakes)
    if (wrong === 'unknown-key' && meant.length > 0)
      for (const key of meant) renamed.add(JSON.stringify([...path.slice(0, -1), key]));
  return mistakes.filter(({ wrong, path }) => {
    if (wrong !== 'missing' || nodeAt(root, path)) return true;
    return !renamed.has(JSON.stringify(path));
  });
}

const asPath = (prefix: Path, path: readonly PropertyKey[]): Path => [
  ...prefix,
  ...path.map(part => (typeof part === 'number' ? part : String(part))),
];

function fromIssue(root: SourceNode, issue: Issue, prefix: Path): Mistake[] {
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
      return [keyName(root, path, issue.issues[0]?.message ?? issue.message)];
    default:
      return [wrongText(root, path, issue)];
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

/** What stands at a path, as hints see it. */
function givenAt(root: SourceNode, path: Path): Given {
  const node = nodeAt(root, path);
  const text = node?.kind === 'scalar' ? String(node.value) : (node?.kind ?? '');
  return { path, node, text };
}

interface Finding {
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  readonly meant?: readonly string[];
}

/** A value that can't stand where it does. */
function badValue(root: SourceNode, path: Path, finding: Finding): Mistake {
  const { code = 'schema/value', message, meant = [] } = finding;
  const hint = finding.hint || valueHint(givenAt(root, path), message);
  const text = sentence(path, message);
  return { problem: problem(code, locate(root, path), text, hint), path, wrong: 'value', meant };
}

function keyName(root: SourceNode, path: Path, message: string): Mistake {
  const found = problem('schema/name', locateKey(root, path), message);
  return { problem: found, path, wrong: 'key-name', meant: [] };
}

function unknownKey(root: SourceNode, above: Path, key: string): Mistake {
  const path = [...above, key];
  const place = above.length > 0 ? ` in ${pathText(above)}` : '';
  const known = keysAt(root, above);
  const given = nodeAt(root, above);
  const isFree = (name: string): boolean => given?.kind !== 'map' || !given.entries.has(name);
  const synonym = synonymOf(above, key);
  const near = synonym && known.includes(synonym) ? [synonym] : nearest(key, known);
  const meant = near.filter(isFree);
  const hint = near.length > 0 ? didYouMean(meant.length > 0 ? meant : near) : suggest(key, known);
  const message = `'${key}' is not known${place}`;
  const at = locateKey(root, path);
  return {
    problem: problem('schema/unknown-key', at, message, hint),
    path,
    wrong: 'unknown-key',
    meant,
  };
}

function wrongValue(
  root: SourceNode,
  path: Path,
  issue: Extract<Issue, { code: 'invalid_value' }>,
): Mistake {
  const options = issue.values.map(String);
  if (!nodeAt(root, path)) {
    const mistake = missing(root, path, ownMessage(issue) || optionsText(options));
    return mistake.wrong === 'missing' ? { ...mistake, meant: options } : mistake;
  }
  if (ownMessage(issue)) return badValue(root, path, { message: issue.message });
  return oneOf(root, path, options);
}

const optionsText = (options: readonly string[]): string => `expected ${options.join(' or ')}`;

function oneOf(root: SourceNode, path: Path, options: readonly string[]): Mistake {
  const { text } = givenAt(root, path);
  const message = `'${text}' is not one of ${options.join(', ')}`;
  const meant = nearest(text, options);
  return badValue(root, path, { message, hint: suggest(text, meant), meant });
}

function missing(root: SourceNode, path: Path, message: string): Mistake {
  const key = String(path[path.length - 1]);
  const above = path.slice(0, -1);
  const mistyped = mistypedFor(root, above, key);
  if (mistyped) return unknownKey(root, above, mistyped);
  const place = above.length > 0 ? `${pathText(above)} ` : '';
  const text = `${place}needs '${key}'${message ? ` (${message})` : ''}`;
  const at =
    typeof above[above.length - 1] === 'number' ? locate(root, above) : locateKey(root, above);
  const hint = key === 'irqscope' ? 'begin with: irqscope: 1' : '';
  return { problem: problem('schema/missing', at, text, hint), path, wrong: 'missing', meant: [] };
}

/** An unknown key that stands where a missing one should. */
function mistypedFor(root: SourceNode, above: Path, key: string): string | undefined {
  const node = nodeAt(root, above);
  if (node?.kind !== 'map') return undefined;
  const known = keysAt(root, above);
  return [...node.entries.keys()].find(
    other => !known.includes(other) && nearest(other, [key]).length > 0,
  );
}

function wrongType(
  root: SourceNode,
  path: Path,
  issue: Extract<Issue, { code: 'invalid_type' }>,
): Mistake {
  const own = ownMessage(issue);
  const node = nodeAt(root, path);
  if (!node) return missing(root, path, own);
  const got = node.kind === 'scalar' ? describeScalar(node.value) : node.kind;
  const message = own || `expected ${typeWord(issue.expected)}, found ${got}`;
  return badValue(root, path, { code: 'schema/type', message });
}

function wrongText(root: SourceNode, path: Path, issue: Issue): Mistake {
  const { text } = givenAt(root, path);
  if (issue.code === 'too_big' && !ownMessage(issue))
    return badValue(root, path, { message: `${text} is more than ${issue.maximum}` });
  if (issue.code === 'too_small' && !ownMessage(issue)) {
    const least = issue.origin === 'array' ? 'the list is too short' : '';
    return badValue(root, path, { message: least || `${text} is less than ${issue.minimum}` });
  }
  return badValue(root, path, { message: issue.message });
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  record: 'a map',
  object: 'a map',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

const typeWord = (expected: string): string => TYPE_WORDS[expected] ?? expected;

const describeScalar = (value: string | number | boolean | null): string =>
  value === null ? 'nothing' : typeof value === 'string' ? `'${value}'` : String(value);

/** Messages of the schema library itself say less than ours. */
const ownMessage = (issue: Issue): string =>
  /^(Invalid|Too (big|small)|Unrecognized)/.test(issue.message) ? '' : issue.message;

const SHAPE_COST = 1000;

/** The branch of a union the writer most likely meant: right shape, fewest mistakes. */
function fromUnion(
  root: SourceNode,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
): Mistake[] {
  const branches = issue.errors ?? [];
  if (!nodeAt(root, path)) {
    const discriminator = 'discriminator' in issue;
    return [missing(root, path, discriminator ? optionsText(enumAt(path)) : ownMessage(issue))];
  }
  const ranked = branches
    .map(errors => ({ errors, cost: branchCost(errors) }))
    .sort((a, b) => a.cost - b.cost);
  const best = ranked[0];
  if (!best) return [oneOf(root, path, enumAt(path))];
  if (best.cost < SHAPE_COST) return best.errors.flatMap(error => fromIssue(root, error, path));
  if (ownMessage(issue)) return [badValue(root, path, { message: ownMessage(issue) })];
  return [mergeOptions(root, path, branches)];
}

function branchCost(errors: readonly Issue[]): number {
  let cost = 0;
  for (const error of errors) {
    const atRoot = error.path.length === 0;
    if (atRoot && (error.code === 'invalid_type' || error.code === 'invalid_value'))
      cost += SHAPE_COST;
    else if (error.code === 'unrecognized_keys') cost += 10 * error.keys.length;
    else if (error.code === 'invalid_union')
      cost += atRoot && error.errors.length > 0 ? Math.min(...error.errors.map(branchCost)) : 5;
    else cost += 6;
  }
  return cost;
}

/** No branch has the right shape: one problem that names what all of them would take. */
function mergeOptions(
  root: SourceNode,
  path: Path,
  branches: readonly (readonly Issue[])[],
): Mistake {
  const values = branches.flatMap(errors =>
    errors.flatMap(error => (error.code === 'invalid_value' ? error.values.map(String) : [])),
  );
  if (values.length > 0 && nodeAt(root, path)?.kind === 'scalar') return oneOf(root, path, values);
  const words = branches.flatMap(errors =>
    errors.flatMap(error =>
      error.code === 'invalid_type' && error.path.length === 0
        ? [ownMessage(error).replace(/^expected /, '') || typeWord(error.expected)]
        : [],
    ),
  );
  const message =
    words.length > 0
      ? `expected ${[...new Set(words)].join(', or ')}`
      : 'not a value this place can have';
  return badValue(root, path, { message });
}
