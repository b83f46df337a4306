import type { Source } from '../model/program.ts';
import { checkAssertion, checkRule, type Naming } from './expect-names.ts';
import type { Linker } from './linker.ts';
import { type Cell, matchesCell } from './resolve.ts';
import type { ScenarioYaml } from './schema.ts';
import type { AssertionYaml, ExpectYaml } from './schema-expect.ts';
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

export type VerdictKey = 'isolated' | 'works' | 'interference';

/** Everything a variant expects. */
export interface Expectations {
  readonly assertions: readonly Assertion[];
  /** Demanded verdicts; null where the file does not say. */
  readonly isolated: boolean | null;
  readonly works: boolean | null;
  /** Whether twin runs shall show that a hostile guest is noticed. */
  readonly interference: boolean | null;
  /** Where verdicts are demanded. */
  readonly places: { readonly [K in VerdictKey]?: Source };
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
  const verdicts = verdictsOf(linker, general, { at, line: cells[at] ?? {} });
  if (at < 0) return { assertions, ...verdicts };
  const line = cells[at];
  const path = ['expect', 'cells', at];
  const own = quantified(linker, line, path, naming);
  const declared = line.violation
    ? [violationLine(linker, line.violation, [...path, 'violation'])]
    : [];
  return { assertions: [...assertions, ...own, ...declared], ...verdicts };
}

type Verdicts = Pick<ExpectYaml, VerdictKey>;

/** Demanded verdicts: those of a variant's own line, else the general ones. */
function verdictsOf(
  linker: Linker,
  general: Verdicts,
  own: { readonly at: number; readonly line: Verdicts },
): Omit<Expectations, 'assertions'> {
  const places: { [K in VerdictKey]?: Source } = {};
  const demand = (key: VerdictKey): boolean | null => {
    const said = own.line[key] ?? general[key];
    if (said === undefined) return null;
    const isOwn = own.line[key] !== undefined;
    places[key] = sourceAt(linker, ['expect', ...(isOwn ? ['cells', own.at] : []), key]);
    return said;
  };
  const [isolated, works, interference] = [
    demand('isolated'),
    demand('works'),
    demand('interference'),
  ];
  return { isolated, works, interference, places };
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
