import { MUTATIONS, type Mutant, SCORE_GOAL } from '../explore/mutate.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { findScenarios } from './files.ts';
import { interruptible } from './interrupt.ts';
import { loadFiles, printProblems } from './load.ts';
import { runJobs } from './pool.ts';

/** `explore --mutate`: switches each check off in turn, and says whether the scenarios notice. */
export function mutateCommand(
  paths: readonly string[],
  flags: { readonly workers: number; readonly json?: true },
): Promise<ExitCode> {
  const files = findScenarios(paths);
  if (printProblems(loadFiles(files).problems)) return Promise.resolve(EXIT.badInput);
  return interruptible(async signal => {
    const jobs = MUTATIONS.map(rule => ({ kind: 'mutate' as const, files, rule }));
    const print = (mutant: Mutant): void => {
      if (!flags.json) process.stdout.write(`${lineOf(mutant)}\n`);
    };
    const results = await runJobs(jobs, { workers: flags.workers, onResult: print, signal });
    const mutants = results.flatMap(mutant => (mutant ? [mutant] : []));
    const killed = mutants.filter(({ killedBy }) => killedBy !== null).length;
    const score = mutants.length === 0 ? 0 : killed / mutants.length;
    const report = { format: 'irqscope-mutation/1', killed, total: mutants.length, score, mutants };
    process.stdout.write(
      flags.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : `${killed} of ${mutants.length} noticed: ${(score * 100).toFixed(1)} %\n`,
    );
    return score >= SCORE_GOAL ? EXIT.ok : EXIT.unexpected;
  });
}

const lineOf = ({ rule, killedBy }: Mutant): string =>
  killedBy === null ? ` MISSED   ${rule}` : ` noticed  ${rule.padEnd(34)} ${killedBy}`;
