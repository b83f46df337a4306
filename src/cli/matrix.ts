import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type MatrixCell, type MatrixReport, verdictWords } from '../report/matrix.ts';
import { changeLine, diffMatrices } from '../report/matrix-diff.ts';
import { matrixHtml, matrixSvg } from '../report/matrix-page.ts';
import { matrixMarkdown, matrixTable } from '../report/matrix-text.ts';
import { cellText, matchesCell } from '../scenario/resolve.ts';
import { cellFilter } from './cells.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';
import { addSearchFlags, boundsOf, type SearchFlags } from './explore-flags.ts';
import { readText, shown } from './files.ts';
import { interruptible } from './interrupt.ts';
import type { MatrixAnswer } from './jobs.ts';
import { printProblems } from './load.ts';
import { runJobs } from './pool.ts';
import { unitsOf, writeBlob } from './shard.ts';
import { loadVariants } from './variants.ts';
import { writeFiles } from './write-files.ts';

const FORMATS = {
  table: matrixTable,
  md: matrixMarkdown,
  html: matrixHtml,
  json: (report: MatrixReport): string => `${JSON.stringify(report, null, 2)}\n`,
  svg: matrixSvg,
} as const;

interface MatrixFlags extends SearchFlags {
  readonly format: keyof typeof FORMATS;
  readonly diff?: string;
  readonly out: string;
}

const OPEN_QUESTION = 'scenarios/matrix/open-question.yaml';

/** The matrix that ships: that of the project one is in, else the program's own. */
const shipped = (): string =>
  existsSync(OPEN_QUESTION)
    ? OPEN_QUESTION
    : join(import.meta.dirname, '..', '..', ...OPEN_QUESTION.split('/'));

/** `irqscope matrix`: answers every combination of a file's axes. */
export function addMatrix(program: Command, finish: (code: ExitCode) => void): void {
  addSearchFlags(
    program
      .command('matrix')
      .description('explore every combination of the axes of a file, and say what holds where')
      .argument('[file]', 'scenario file with axes; the open question of 2020'),
  )
    .addOption(
      new Option('--format <format>', 'how to report')
        .choices(Object.keys(FORMATS))
        .default('table'),
    )
    .option('--diff <json>', 'say only what differs from an earlier report; exits like diff')
    .option('--out <dir>', 'folder for counterexamples', '.irqscope/matrix')
    .action(async (file: string | undefined, flags: MatrixFlags) =>
      finish(await matrixCommand(shown(file ?? shipped()), flags)),
    );
}

async function matrixCommand(file: string, flags: MatrixFlags): Promise<ExitCode> {
  const before = flags.diff === undefined ? null : readReport(flags.diff);
  const { variants, problems } = loadVariants(file);
  if (printProblems(problems)) return EXIT.badInput;
  const wanted = cellFilter(flags.cell ?? []);
  const bounds = boundsOf(flags);
  const units = variants.flatMap(({ scenario }, index) =>
    matchesCell(wanted, scenario.cell) ? [{ index, name: cellText(scenario.cell) }] : [],
  );
  if (units.length === 0) {
    process.stderr.write('no variant matched\n');
    return EXIT.nothing;
  }
  const jobs = unitsOf(units, unit => unit.name, flags.shard).map(({ index }) => ({
    kind: 'matrix' as const,
    file,
    index,
    bounds,
  }));
  return interruptible(async signal => {
    const answers = await runJobs(jobs, { workers: flags.workers, signal });
    const cells = answers.flatMap(answer => (answer ? [cellOf(answer, flags.out)] : []));
    const { name, title } = variants[0].scenario;
    const report = { format: 'irqscope-matrix/1', name, title, file, cells } as const;
    if (flags.shard)
      writeBlob(flags.blobs, {
        command: 'matrix',
        shard: flags.shard,
        units: units.map(unit => unit.name),
        results: cells.map(result => ({ unit: cellText(result.cell), result })),
      });
    if (before) return printDiff(before, report);
    process.stdout.write(FORMATS[flags.format](report));
    if (cells.some(({ pass }) => !pass)) return unexpected(cells);
    const bounded = cells.some(({ complete }) => !complete);
    return bounded && flags.requireComplete ? EXIT.incomplete : EXIT.ok;
  });
}

/** A cell with the path of its counterexample, which is written. */
function cellOf({ cell, counterexample }: MatrixAnswer, out: string): MatrixCell {
  const [path = null] = counterexample ? writeFiles(out, [counterexample]) : [];
  return { ...cell, counterexample: path };
}

function unexpected(cells: readonly MatrixCell[]): ExitCode {
  for (const cell of cells.filter(({ pass }) => !pass))
    process.stderr.write(`not as the file says: ${cellText(cell.cell)}: ${verdictWords(cell)}\n`);
  return EXIT.unexpected;
}

function printDiff(before: MatrixReport, after: MatrixReport): ExitCode {
  const changes = diffMatrices(before, after);
  for (const change of changes) process.stdout.write(`${changeLine(change)}\n`);
  return changes.length > 0 ? EXIT.unexpected : EXIT.ok;
}

function readReport(path: string): MatrixReport {
  const report: unknown = parse(path, readText(path));
  const isReport =
    typeof report === 'object' &&
    report !== null &&
    'format' in report &&
    report.format === 'irqscope-matrix/1';
  if (!isReport) throw usageError(`${path} is no report of irqscope matrix --format json`);
  return report as MatrixReport;
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError(`${path} is not JSON`);
  }
}
