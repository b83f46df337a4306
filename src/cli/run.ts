import type { Command } from 'commander';
import { failureLines, resultLine, summaryLine } from '../report/list.ts';
import { runScenario, type ScenarioResult } from '../runner/run-scenario.ts';
import type { Scenario } from '../scenario/compile.ts';
import { cellText, matchesCell } from '../scenario/resolve.ts';
import { cellFilter, collect } from './cells.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';
import { findScenarios } from './files.ts';
import { loadFiles, printProblems } from './load.ts';
import { singlePage } from './page-files.ts';
import { FAILED_FOLDER, writeFailed } from './run-html.ts';

interface RunFlags {
  readonly reporter: 'list' | 'json' | 'html';
  readonly out: string;
  readonly seed?: number;
  readonly cell?: string[];
  readonly grep?: string;
}

const REPORTERS = ['list', 'json', 'html'];

/** `irqscope run`: runs scenarios and says whether they came out as their files demand. */
export function addRun(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('run')
    .description('run scenarios and judge them')
    .argument('[paths...]', 'files and folders', ['scenarios'])
    .option('--reporter <name>', `how to report: ${REPORTERS.join(', ')}`, 'list')
    .option('--out <dir>', 'folder for the pages of --reporter html', FAILED_FOLDER)
    .option('--seed <n>', 'seed of all random streams', wholeNumber)
    .option('--cell <axis=value>', 'only variants with these values; may be repeated', collect)
    .option('--grep <pattern>', 'only scenarios whose id matches')
    .action((paths: string[], flags: RunFlags) => finish(runCommand(paths, flags)));
}

/** A seed: a whole number. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw usageError(`--seed takes a whole number, not '${text}'`);
  return Number(text);
}

function runCommand(paths: readonly string[], flags: RunFlags): ExitCode {
  if (!REPORTERS.includes(flags.reporter))
    throw usageError(`there is no reporter '${flags.reporter}': ${REPORTERS.join(', ')}`);
  const { scenarios, problems } = loadFiles(findScenarios(paths));
  if (printProblems(problems)) return EXIT.badInput;
  const chosen = choose(scenarios, flags);
  if (chosen.length === 0) {
    process.stderr.write('no scenario matched\n');
    return EXIT.nothing;
  }
  if (flags.reporter === 'html') singlePage();
  const report = flags.reporter === 'json' ? () => {} : printResult;
  const results = chosen.map(scenario => {
    const seed = flags.seed ?? scenario.seed;
    const result = runScenario({ ...scenario, seed });
    report(result);
    return result;
  });
  if (flags.reporter === 'json')
    process.stdout.write(`${JSON.stringify({ format: 'irqscope-report/1', results }, null, 2)}\n`);
  else process.stdout.write(`${[...pages(results, flags), summaryLine(results)].join('\n')}\n`);
  return results.every(result => result.pass) ? EXIT.ok : EXIT.unexpected;
}

/** Where the pages of failed scenarios are, one line each. */
const pages = (results: readonly ScenarioResult[], { reporter, out }: RunFlags): string[] =>
  reporter === 'html' ? writeFailed(results, out).map(path => `see ${path}`) : [];

function printResult(result: ScenarioResult): void {
  process.stdout.write(`${[resultLine(result), ...failureLines(result)].join('\n')}\n`);
}

/** Scenarios that satisfy `--cell` and `--grep`. */
function choose(scenarios: readonly Scenario[], flags: RunFlags): Scenario[] {
  const wanted = cellFilter(flags.cell ?? []);
  const pattern = flags.grep === undefined ? null : regExp(flags.grep);
  return scenarios.filter(({ name, cell }) => {
    const text = cellText(cell);
    const id = text ? `${name}[${text}]` : name;
    return matchesCell(wanted, cell) && (!pattern || pattern.test(id));
  });
}

function regExp(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw usageError(`--grep takes a regular expression, and '${text}' is none`);
  }
}
