import {
  MUTATIONS,
  type Mutant,
  type MutationScore,
  SCORE_GOAL,
  scoreOf,
  UNREACHABLE,
} from '../explore/mutate.ts';
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
    const score = scoreOf(mutants);
    const report = { format: 'irqscope-mutation/1', ...score, mutants };
    process.stdout.write(
      flags.json ? `${JSON.stringify(report, null, 2)}\n` : `${summaryOf(score).join('\n')}\n`,
    );
    return score.score >= SCORE_GOAL ? EXIT.ok : EXIT.unexpected;
  });
}

function lineOf({ rule, killedBy }: Mutant): string {
  if (killedBy !== null) return ` noticed  ${rule.padEnd(34)} ${killedBy}`;
  const why = UNREACHABLE[rule];
  return why ? ` idle     ${rule.padEnd(34)} ${why}` : ` MISSED   ${rule}`;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function summaryOf({ killed, total, score, missed, unreachable }: MutationScore): string[] {
  const idle = unreachable.length > 0 ? `, and ${unreachable.length} that nothing can fail` : '';
  const line = `${killed} of ${total} noticed: ${percent(score)}${idle}`;
  if (score >= SCORE_GOAL) return [line];
  const goal = `at least ${percent(SCORE_GOAL)} is wanted`;
  return [line, `${goal}: no scenario fails without ${missed.join(', ')}`];
}
