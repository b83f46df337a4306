import type { Command } from 'commander';
import { policyText, type WhereIs } from '../runner/policy-text.ts';
import { stacksText } from '../runner/stacks-text.ts';
import type { Scenario } from '../scenario/compile.ts';
import { flatten } from '../scenario/flatten.ts';
import { loadScenario } from '../scenario/load.ts';
import { cellsOf, cellText, resolveFile } from '../scenario/resolve.ts';
import { resolvedText } from '../scenario/resolved-text.ts';
import { nodeAt, type SourceNode } from '../scenario/source-tree.ts';
import { chooseCells, collect } from './cells.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';
import { readRelative, readText, shown } from './files.ts';
import { printProblems } from './load.ts';

interface ShowFlags {
  readonly resolved?: true;
  readonly policy?: true;
  readonly domains?: true;
  readonly cell?: string[];
}

/** `irqscope show`: what a scenario file comes to. */
export function addShow(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('show')
    .description('show what a scenario file comes to')
    .argument('<file>', 'scenario file')
    .option('--resolved', 'the whole document, with the line each part comes from')
    .option('--domains', 'the stacks of irq domains: who allocates, composes, stores and uses')
    .option('--policy', 'what belongs to whom, and what each source may signal')
    .option('--cell <axis=value>', 'only variants with these values; may be repeated', collect)
    .action((file: string, flags: ShowFlags) => finish(showCommand(shown(file), flags)));
}

function showCommand(file: string, flags: ShowFlags): ExitCode {
  const views = (['resolved', 'domains', 'policy'] as const).filter(view => flags[view]);
  if (views.length !== 1) throw usageError('show takes one of --resolved, --domains and --policy');
  const text = readText(file);
  const { tree } = resolveFile(file, text, readRelative);
  const loaded = loadScenario(file, text, readRelative);
  if (printProblems(loaded.problems) || !tree) return EXIT.badInput;
  const [view] = views;
  const texts =
    view === 'resolved'
      ? resolvedTexts(tree, flags.cell)
      : chooseCells(loaded.scenarios, flags.cell ?? []).map(scenario => {
          const show = view === 'domains' ? stacksText : policyText;
          const { machine, program } = scenario;
          return titled(scenario, show(machine, program, whereIn(tree, scenario)));
        });
  if (texts.length === 0) {
    process.stderr.write('no variant matched\n');
    return EXIT.nothing;
  }
  process.stdout.write(texts.join(view === 'resolved' ? '---\n' : '\n'));
  return EXIT.ok;
}

/** The document with its axes, or as each chosen variant has it. */
function resolvedTexts(tree: SourceNode, cells: readonly string[] | undefined): string[] {
  if (!cells) return [resolvedText(tree)];
  return chooseCells(
    cellsOf(tree).map(cell => ({ cell })),
    cells,
  ).map(({ cell }) => `# ${cellText(cell)}\n${resolvedText(flatten(tree, cell))}`);
}

/** Where a part of a variant was written. */
function whereIn(tree: SourceNode, { cell }: Scenario): WhereIs {
  const document = flatten(tree, cell);
  return path => {
    const at = nodeAt(document, path)?.at;
    return at ? `${at.file}:${at.line}` : '';
  };
}

/** A variant among several says which one it is. */
function titled({ cell }: Scenario, text: string): string {
  const name = cellText(cell);
  return name ? `${name}\n${'='.repeat(name.length)}\n\n${text}` : text;
}
