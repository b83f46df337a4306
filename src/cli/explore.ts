import type { Command } from 'commander';
import type { Reductions } from '../explore/reduce.ts';
import type { ExploreReport } from '../explore/report.ts';
import { exploreLines } from '../report/explore-text.ts';
import { summaryLine } from '../report/list.ts';
import { matchesCell } from '../scenario/resolve.ts';
import { cellFilter } from './cells.ts';
import { EXIT, type ExitCode } from './exit.ts';
import {
  addSearchFlags,
  boundsOf,
  positive,
  reductions,
  type SearchFlags,
} from './explore-flags.ts';
import { shown } from './files.ts';
import { interruptible } from './interrupt.ts';
import type { Job } from './jobs.ts';
import { printProblems } from './load.ts';
import { runJobs } from './pool.ts';
import { loadVariants } from './variants.ts';
import { writeFiles } from './write-files.ts';

interface ExploreFlags extends SearchFlags {
  readonly reduce?: Reductions | 'check';
  readonly witness: number;
  readonly out: string;
  readonly json?: true;
}

/** `irqscope explore`: tries every order, every choice and every forgery. */
export function addExplore(program: Command, finish: (code: ExitCode) => void): void {
  addSearchFlags(
    program
      .command('explore')
      .description(
        'try every order, every choice and every forgery, and find the shortest way to go wrong',
      )
      .argument('<file>', 'scenario file'),
  )
    .option(
      '--reduce <list>',
      'slice,sym,por: what makes the search smaller; none; check',
      reductions,
    )
    .option('--witness <k>', 'show sample runs where nothing is found', positive('--witness'), 0)
    .option('--out <dir>', 'folder for counterexamples and sample runs', '.irqscope/explore')
    .option('--json', 'report as JSON')
    .action(async (file: string, flags: ExploreFlags) =>
      finish(await exploreCommand(shown(file), flags)),
    );
}

async function exploreCommand(file: string, flags: ExploreFlags): Promise<ExitCode> {
  const { variants, problems } = loadVariants(file);
  if (printProblems(problems)) return EXIT.badInput;
  const wanted = cellFilter(flags.cell ?? []);
  const reduce = flags.reduce === 'check' ? undefined : flags.reduce;
  const bounds = boundsOf(flags, reduce);
  const jobs = variants.flatMap(({ scenario }, index) =>
    matchesCell(wanted, scenario.cell)
      ? [{ kind: 'explore' as const, file, index, bounds, witnesses: flags.witness }]
      : [],
  ) satisfies Job[];
  if (jobs.length === 0) {
    process.stderr.write('no variant matched\n');
    return EXIT.nothing;
  }
  return interruptible(async signal => {
    const print = (report: ExploreReport): void => {
      const paths = writeFiles(flags.out, filesOf(report));
      if (!flags.json) process.stdout.write(`${exploreLines(report, paths).join('\n')}\n`);
    };
    const results = await runJobs(jobs, { workers: flags.workers, onResult: print, signal });
    const reports = results.flatMap(report => (report ? [report] : []));
    if (flags.json)
      process.stdout.write(`${JSON.stringify(jsonOf(reports, flags.out), null, 2)}\n`);
    else process.stdout.write(`${summaryLine(reports, jobs.length - reports.length)}\n`);
    return codeOf(reports, flags);
  });
}

const filesOf = ({ found, witnesses }: ExploreReport) => [
  ...found.map(({ name, text }) => ({ name, text })),
  ...witnesses,
];

function codeOf(reports: readonly ExploreReport[], flags: ExploreFlags): ExitCode {
  if (reports.some(({ pass }) => !pass)) return EXIT.unexpected;
  const bounded = reports.some(({ complete }) => !complete);
  return bounded && flags.requireComplete ? EXIT.incomplete : EXIT.ok;
}

const jsonOf = (reports: readonly ExploreReport[], out: string) => ({
  format: 'irqscope-explore/1',
  results: reports.map(({ found, witnesses, ...report }) => ({
    ...report,
    found: found.map(({ name, text: _, ...one }) => ({
      ...one,
      counterexample: `${out}/${name}.yaml`,
    })),
    witnesses: witnesses.map(({ name }) => `${out}/${name}.yaml`),
  })),
});
