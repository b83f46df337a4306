import type { Command } from 'commander';
import type { FuzzFailure } from '../explore/fuzz.ts';
import { failureKey } from '../explore/fuzz.ts';
import { matchesCell } from '../scenario/resolve.ts';
import { cellFilter, collect } from './cells.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { duration, goal, positive } from './explore-flags.ts';
import { shown } from './files.ts';
import { interruptible } from './interrupt.ts';
import type { FuzzAnswer } from './jobs.ts';
import { printProblems } from './load.ts';
import { coreCount, runJobs } from './pool.ts';
import { wholeNumber } from './run.ts';
import { loadVariants } from './variants.ts';
import { writeFiles } from './write-files.ts';

interface FuzzFlags {
  readonly seed: number;
  readonly time: number;
  readonly walks?: number;
  readonly steps: number;
  readonly goal?: string;
  readonly cell?: string[];
  readonly workers: number;
  readonly out: string;
  readonly json?: true;
}

const DEFAULT_TIME_MS = 10_000;
const DEFAULT_STEPS = 60;
/** Walks a worker takes at a time, and most pieces of work where only time ends it. */
const PIECE = 50;
const PIECES_MAX = 100_000;

/** `irqscope fuzz`: random walks through spaces too large to search, with settings drawn too. */
export function addFuzz(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('fuzz')
    .description('walk at random through every variant, and make what goes wrong small')
    .argument('<file>', 'scenario file')
    .option('--seed <n>', 'seed of all walks', wholeNumber, 0)
    .option('--time <time>', 'how long, such as 60s', duration, DEFAULT_TIME_MS)
    .option('--walks <n>', 'so many walks instead, however long they take', positive('--walks'))
    .option('--steps <n>', 'most events of a walk', positive('--steps'), DEFAULT_STEPS)
    .option('--goal <rule>', 'look for this rule or pattern only', goal)
    .option('--cell <axis=value>', 'only variants with these values; may be repeated', collect)
    .option('--workers <n>', 'worker threads', positive('--workers'), coreCount())
    .option('--out <dir>', 'folder for what was found', '.irqscope/fuzz')
    .option('--json', 'report as JSON')
    .action(async (file: string, flags: FuzzFlags) =>
      finish(await fuzzCommand(shown(file), flags)),
    );
}

async function fuzzCommand(file: string, flags: FuzzFlags): Promise<ExitCode> {
  const { variants, problems } = loadVariants(file);
  if (printProblems(problems)) return EXIT.badInput;
  const wanted = cellFilter(flags.cell ?? []);
  if (!variants.some(({ scenario }) => matchesCell(wanted, scenario.cell))) {
    process.stderr.write('no variant matched\n');
    return EXIT.nothing;
  }
  const total = flags.walks ?? PIECE * PIECES_MAX;
  const { seed, steps } = flags;
  const jobs = Array.from({ length: Math.ceil(total / PIECE) }, (_, i) => ({
    kind: 'fuzz' as const,
    file,
    cell: wanted,
    seed,
    stepsMax: steps,
    goal: flags.goal ?? '',
    from: i * PIECE,
    count: Math.min(PIECE, total - i * PIECE),
  }));
  return interruptible(async signal => {
    const clock = new AbortController();
    const timer =
      flags.walks === undefined ? setTimeout(() => clock.abort(), flags.time) : undefined;
    const results = await runJobs(jobs, {
      workers: flags.workers,
      signal: AbortSignal.any([signal, clock.signal]),
    });
    clearTimeout(timer);
    return report(
      results.flatMap(answer => (answer ? [answer] : [])),
      flags,
    );
  });
}

/** The first failure of each rule and variant, by the number of its walk. */
function report(answers: readonly FuzzAnswer[], flags: FuzzFlags): ExitCode {
  const failures = new Map<string, FuzzFailure>();
  for (const { failures: found } of answers)
    for (const failure of found) {
      const key = failureKey(failure.rule, failure.id);
      const known = failures.get(key);
      if (!known || failure.walk < known.walk) failures.set(key, failure);
    }
  const list = [...failures.values()].sort((a, b) => a.walk - b.walk);
  const paths = writeFiles(flags.out, list);
  const walks = answers.reduce((sum, answer) => sum + answer.walks, 0);
  const moves = answers.reduce((sum, answer) => sum + answer.moves, 0);
  if (flags.json) {
    const told = list.map(({ text: _, name: __, ...failure }, i) => ({
      ...failure,
      scenario: paths[i],
    }));
    const whole = { format: 'irqscope-fuzz/1', seed: flags.seed, walks, moves, failures: told };
    process.stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
  } else {
    for (const [i, { rule, id, sentence, walk, moves: long, steps, settings }] of list.entries()) {
      const drawn = settings.length > 0 ? ` with ${settings.join(', ')}` : '';
      process.stdout.write(` ${rule}  ${id}\n       ${sentence}\n`);
      process.stdout.write(
        `       walk ${walk} of seed ${flags.seed}${drawn}: ${long} events, made ${steps} steps\n`,
      );
      process.stdout.write(`       irqscope run ${paths[i]}\n`);
    }
    process.stdout.write(`${walks} walks, ${moves} events, ${list.length} failures\n`);
  }
  return list.length > 0 ? EXIT.unexpected : EXIT.ok;
}
