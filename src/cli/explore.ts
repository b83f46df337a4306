import type { Command } from 'commander';
import { idOf } from '../explore/names.ts';
import type { Reductions } from '../explore/reduce.ts';
import type { ExploreReport } from '../explore/report.ts';
import { exploreLines } from '../report/explore-text.ts';
import { summaryLine } from '../report/list.ts';
import { matchesCell } from '../scenario/resolve.ts';
import { cellFilter } from './cells.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';
import {
  addSearchFlags,
  boundsOf,
  positive,
  reductions,
  type SearchFlags,
} from './explore-flags.ts';
import { shown } from './files.ts';
import { interruptible } from './interrupt.ts';
import type { CompareAnswer, VariantJob } from './jobs.ts';
import { printProblems } from './load.ts';
import { mutateCommand } from './mutate.ts';
import { runJobs } from './pool.ts';
import { unitsOf, writeBlob } from './shard.ts';
import { loadVariants } from './variants.ts';
import { writeFiles } from './write-files.ts';

interface ExploreFlags extends SearchFlags {
  readonly reduce?: Reductions | 'check';
  readonly witness: number;
  readonly out: string;
  readonly json?: true;
  readonly mutate?: true;
}

/** `irqscope explore`: tries every order, every choice and every forgery. */
export function addExplore(program: Command, finish: (code: ExitCode) => void): void {
  addSearchFlags(
    program
      .command('explore')
      .description(
        'try every order, every choice and every forgery, and find the shortest way to go wrong',
      )
      .argument('[paths...]', 'scenario file; files and folders for --mutate'),
  )
    .option(
      '--reduce <list>',
      'slice,sym,por: what makes the search smaller; none; check',
      reductions,
    )
    .option('--witness <k>', 'show sample runs where nothing is found', positive('--witness'), 0)
    .option('--out <dir>', 'folder for counterexamples and sample runs', '.irqscope/explore')
    .option('--json', 'report as JSON')
    .option('--mutate', 'switch each check off in turn: do the scenarios notice?')
    .action(async (paths: string[], flags: ExploreFlags) => finish(await chosen(paths, flags)));
}

function chosen(paths: readonly string[], flags: ExploreFlags): Promise<ExitCode> {
  if (flags.mutate) return mutateCommand(paths.length > 0 ? paths : ['scenarios'], flags);
  if (paths.length !== 1) throw usageError(`explore takes one scenario file, not ${paths.length}`);
  return exploreCommand(shown(paths[0]), flags);
}

async function exploreCommand(file: string, flags: ExploreFlags): Promise<ExitCode> {
  const { variants, problems } = loadVariants(file);
  if (printProblems(problems)) return EXIT.badInput;
  const wanted = cellFilter(flags.cell ?? []);
  const reduce = flags.reduce === 'check' ? undefined : flags.reduce;
  const bounds = boundsOf(flags, reduce);
  const units = variants.flatMap(({ scenario }, index) =>
    matchesCell(wanted, scenario.cell) ? [{ index, name: idOf(scenario) }] : [],
  );
  if (units.length === 0) {
    process.stderr.write('no variant matched\n');
    return EXIT.nothing;
  }
  const jobs = unitsOf(units, ({ name }) => name, flags.shard).map(({ index }) => ({
    kind: 'explore' as const,
    file,
    index,
    bounds,
    witnesses: flags.witness,
  }));
  if (flags.reduce === 'check') return checkReductions(jobs, flags);
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
    if (flags.shard)
      writeBlob(flags.blobs, {
        command: 'explore',
        shard: flags.shard,
        units: units.map(({ name }) => name),
        results: reports.map(result => ({ unit: result.id, result })),
      });
    return codeOf(reports, flags);
  });
}

/** Searches everything twice, with all reductions and with none: both must give one answer. */
function checkReductions(jobs: readonly VariantJob[], flags: ExploreFlags): Promise<ExitCode> {
  return interruptible(async signal => {
    const twice = jobs.map(({ file, index, bounds }) => ({
      kind: 'compare' as const,
      file,
      index,
      bounds,
    }));
    const print = ({ id, comparable, differences, states }: CompareAnswer): void => {
      const verdict = !comparable ? 'BOUNDED' : differences.length > 0 ? 'DIFFER ' : 'agree  ';
      const size = `${states.reduced} states with reductions, ${states.whole} without`;
      process.stdout.write(` ${verdict}  ${id}: ${[size, ...differences].join('; ')}\n`);
    };
    const results = await runJobs(twice, { workers: flags.workers, onResult: print, signal });
    const done = results.flatMap(result => (result ? [result] : []));
    if (done.some(({ differences }) => differences.length > 0)) return EXIT.internal;
    const bounded = done.some(({ comparable }) => !comparable);
    return bounded && flags.requireComplete ? EXIT.incomplete : EXIT.ok;
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
