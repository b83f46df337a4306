import { type Position, type Problem, problem, suggest } from './problem.ts';
import { axesOf, type Cell, matchesCell, productOf } from './resolve.ts';
import { locateKey, nodeAt, type Path, plainValue, type SourceNode } from './source-tree.ts';

/** Most combinations that are counted out before `exclude` takes some away. */
export const PRODUCT_MAX = 65_536;

/**
 * What is wrong with the variants of a document as a whole. `others` are problems found before:
 * patterns are not held against an axis whose values are wrong themselves.
 */
export function checkVariants(
  tree: SourceNode,
  cells: readonly Cell[],
  how: { readonly most: number; readonly others: readonly Problem[] },
): Problem[] {
  const problems = [
    ...checkCount(tree, cells, how.most),
    ...checkAxes(tree),
    ...checkNames(tree),
    ...checkPatterns(tree, how.others),
  ];
  const sound = problems.length === 0 && patternPaths(tree).every(path => isSound(tree, path));
  return sound ? checkCover(tree, cells) : problems;
}

/** The schema has nothing to say against a pattern, nor against the axes it names. */
function isSound(tree: SourceNode, path: Path): boolean {
  const pattern = nodeAt(tree, path);
  if (pattern?.kind !== 'map') return false;
  return [...pattern.entries].every(([axis, { node }]) => {
    const parts = node.kind === 'list' ? node.items : [node];
    return parts.every(part => part.kind === 'scalar') && isSoundAxis(tree, axis);
  });
}

function isSoundAxis(tree: SourceNode, axis: string): boolean {
  const values = nodeAt(tree, ['vary', axis]);
  if (values?.kind === 'list') return values.items.every(item => item.kind === 'scalar');
  return values?.kind === 'map';
}

function checkCount(tree: SourceNode, cells: readonly Cell[], most: number): Problem[] {
  const tooMany = cells.length > most || productOf(tree) > PRODUCT_MAX;
  if (cells.length === 0 && !tooMany)
    return [problem('vary/cells', locateKey(tree, ['exclude']), 'no variant is left')];
  if (!tooMany) return [];
  const hint = 'leave some out with exclude, or split the file';
  return [problem('vary/cells', locateKey(tree, ['vary']), `more than ${most} variants`, hint)];
}

/** Every axis has values, each once. */
function checkAxes(tree: SourceNode): Problem[] {
  const vary = nodeAt(tree, ['vary']);
  if (vary?.kind !== 'map') return [];
  return [...vary.entries].flatMap(([axis, { keyAt, node }]) => {
    if (node.kind === 'map' && node.entries.size === 0)
      return [problem('vary/empty', keyAt, `axis ${axis} has no values`)];
    if (node.kind !== 'list' || !isSoundAxis(tree, axis)) return [];
    const texts = node.items.map(item => String(plainValue(item)));
    return node.items
      .filter((_, i) => texts.indexOf(texts[i]) < i)
      .map(item => problem('vary/twice', item.at, `axis ${axis} has this value already`));
  });
}

/** A name stands for one thing: an axis, or a value. */
function checkNames(tree: SourceNode): Problem[] {
  const values = nodeAt(tree, ['values']);
  if (values?.kind !== 'map') return [];
  const axes = axesOf(tree).map(([axis]) => axis);
  return [...values.entries]
    .filter(([name]) => axes.includes(name))
    .map(([name, { keyAt }]) =>
      problem('vary/twice', keyAt, `$${name} is an axis already`, 'give it another name'),
    );
}

/** Patterns name axes and values that exist. */
function checkPatterns(tree: SourceNode, others: readonly Problem[]): Problem[] {
  const axes = new Map(axesOf(tree));
  const vary = nodeAt(tree, ['vary']);
  if (vary && vary.kind !== 'map') return [];
  return patternPaths(tree).flatMap(path => {
    const pattern = nodeAt(tree, path);
    if (pattern?.kind !== 'map') return [];
    return [...pattern.entries].flatMap(([axis, { keyAt, node }]) => {
      const values = axes.get(axis);
      if (!values) {
        const hint = suggest(axis, [...axes.keys()]);
        return [problem('ref/axis', keyAt, `there is no axis '${axis}' under vary`, hint)];
      }
      const wanted = node.kind === 'list' ? node.items : [node];
      return wanted
        .filter(item => item.kind === 'scalar')
        .map(item => ({ at: item.at, value: String(plainValue(item)) }))
        .filter(({ value }) => isSoundAxis(tree, axis) && !values.includes(value))
        .filter(() => !hasProblem(tree, axis, others))
        .map(({ at, value }) => {
          const message = `axis ${axis} has no value '${value}'`;
          return problem('ref/axis-value', at, message, suggest(value, values));
        });
    });
  });
}

function hasProblem(tree: SourceNode, axis: string, others: readonly Problem[]): boolean {
  const values = nodeAt(tree, ['vary', axis]);
  const items = values?.kind === 'list' ? values.items : [];
  return items.some(({ at }) =>
    others.some(other => other.at.line === at.line && other.at.column === at.column),
  );
}

function patternPaths(tree: SourceNode): Path[] {
  const count = (path: Path): number => {
    const node = nodeAt(tree, path);
    return node?.kind === 'list' ? node.items.length : 0;
  };
  const indices = (path: Path): number[] => Array.from({ length: count(path) }, (_, i) => i);
  return [
    ...indices(['expect', 'cells']).map((i): Path => ['expect', 'cells', i, 'when']),
    ...indices(['exclude']).map((i): Path => ['exclude', i]),
  ];
}

const SHOWN = 3;

/** Every variant has a line under `expect.cells`, where there are such lines. */
function checkCover(tree: SourceNode, cells: readonly Cell[]): Problem[] {
  const lines = nodeAt(tree, ['expect', 'cells']);
  if (lines?.kind !== 'list' || lines.items.length === 0) return [];
  const patterns = lines.items.map(line =>
    line.kind === 'map' ? plainValue(line.entries.get('when')?.node ?? line) : null,
  );
  const used = new Set(cells.map(cell => patterns.findIndex(one => matchesCell(one, cell))));
  const unused = lines.items.filter((_, i) => !used.has(i)).map(({ at }) => unusedLine(at));
  const bare = cells.filter(cell => !patterns.some(pattern => matchesCell(pattern, cell)));
  if (bare.length === 0) return unused;
  const texts = bare.slice(0, SHOWN).map(cell => `{ ${textOf(cell)} }`);
  const more = bare.length > SHOWN ? ` and ${bare.length - SHOWN} more` : '';
  const message = `no line under expect.cells matches ${texts.join(', ')}${more}`;
  const at = locateKey(tree, ['expect', 'cells']);
  const hint = 'end with a line that has when: {}';
  return [...unused, problem('matrix/uncovered-cell', at, message, hint)];
}

const unusedLine = (at: Position): Problem => ({
  severity: 'warning',
  code: 'matrix/unused-line',
  at,
  message: 'no variant comes to this line: an earlier one matches first, or none does',
  hint: 'leave it out, or move it up',
});

const textOf = (cell: Cell): string =>
  Object.entries(cell)
    .map(([axis, value]) => `${axis}: ${value}`)
    .join(', ');
