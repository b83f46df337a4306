import type { Source } from '../model/program.ts';
import { checkAssertion, checkRule, type Naming } from './expect-names.ts';
import type { Linker } from './linker.ts';
import { type Cell, matchesCell } from './resolve.ts';
import type { ScenarioYaml } from './schema.ts';
import type { AssertionYaml } from './schema-expect.ts';
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
  readonly isolated: Demand | null;
  readonly works: Demand | null;
  /** Whether twin runs shall show that a hostile guest is noticed. */
  readonly interference: Demand | null;
}

/** A verdict a file demands, and where it does. */
export interface Demand {
  readonly is: boolean;
  readonly source: Source;
}

/** What applies to one variant: the general list, and the first line under `cells` that fits. */
export function compileExpect(
  linker: Linker,
  yaml: ScenarioYaml,
  naming: Naming & { readonly cell: Cell },
): Expectations {
  const general = yaml.expect ?? {};
  const assertions = quantified(linker, general, ['expect'], naming);
  const cells = general.cells ?? [];
  const at = cells.findIndex(cell => matchesCell(cell.when, naming.cell));
  const demand = (key: 'isolated' | 'works' | 'interference'): Demand | null => {
    const own = at < 0 ? undefined : cells[at][key];
    const is = own ?? general[key];
    if (is === undefined) return null;
    const path = own === undefined ? ['expect', key] : ['expect', 'cells', at, key];
    return { is, source: sourceAt(linker, path) };
  };
  const verdicts = {
    isolated: demand('isolated'),
    works: demand('works'),
    interference: demand('interference'),
  };
  if (at < 0) return { assertions, ...verdicts };
  const line = cells[at];
  const path = ['expect', 'cells', at];
  const own = quantified(linker, line, path, naming);
  const declared = line.violation
    ? [violationLine(linker, line.violation, [...path, 'violation'])]
    : [];
  return { assertions: [...assertions, ...own, ...declared], ...verdicts };
}

function sourceAt(linker: Linker, path: Path): Source {
  const { file, line, column } = locate(linker.root, path);
  return { file, line, column };
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
      return { quantifier, what, text: textOf(what), source: sourceAt(linker, at) };
    }),
  );
}

function violationLine(linker: Linker, rule: string, path: Path): Assertion {
  checkRule(linker, rule, path);
  const what: AssertionYaml = { violation: rule };
  return { quantifier: 'sometimes', what, text: textOf(what), source: sourceAt(linker, path) };
}

/** The assertion on one line. */
function textOf(what: AssertionYaml): string {
  const [kind, value] = Object.entries(what).find(([, v]) => v !== undefined) ?? ['', ''];
  return `${kind} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}
