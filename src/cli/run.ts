import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { idOf } from '../explore/names.ts';
import { checkLesson } from '../lesson/check-lesson.ts';
import { openLesson } from '../lesson/lesson-file.ts';
import { evidenceLines } from '../report/list.ts';
import type { ScenarioResult } from '../report/result.ts';
import { transcriptLines } from '../report/transcript.ts';
import { chooseRun } from '../runner/choose-run.ts';
import { runsOf } from '../runner/run-scenario.ts';
import type { Scenario } from '../scenario/compile.ts';
import { cellText } from '../scenario/resolve.ts';
import { chooseCells, collect } from './cells.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';
import { positive } from './explore-flags.ts';
import { findScenarios, readRelative, readText } from './files.ts';
import { interruptible } from './interrupt.ts';
import { loadFiles, printProblems } from './load.ts';
import { openReports, REPORTS, type Reports } from './reports.ts';
import { BLOBS, type Shard, shardFlag, shardOf, unitsOf, writeBlob } from './shard.ts';

interface RunFlags {
  readonly reporter?: string[];
  readonly seed?: number;
  readonly cell?: string[];
  readonly grep?: string;
  readonly bail?: number;
  readonly explain?: true;
  readonly trace?: true;
  readonly verifyDeterminism?: true;
  readonly passWithNoTests?: true;
  readonly shard?: Shard;
  readonly blobs: string;
}

/** `irqscope run`: runs scenarios and says whether they came out as their files demand. */
export function addRun(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('run')
    .description('run scenarios and judge them')
    .argument('[paths...]', 'files and folders', ['scenarios'])
    .option('--reporter <name[=file]>', `${REPORTS.join(', ')}; may be repeated`, collect)
    .option('--seed <n>', 'seed of all random streams', wholeNumber)
    .option('--cell <axis=value>', 'only variants with these values; may be repeated', collect)
    .option('--grep <pattern>', 'only scenarios whose id matches')
    .option('--explain', 'show what led to every violation, expected ones included')
    .option('--trace', 'show one run of each, record by record')
    .option('--bail <n>', 'stop after so many failures', positive('--bail'))
    .option('--verify-determinism', 'run everything twice; exit 3 where it differs')
    .option('--pass-with-no-tests', 'exit 0 where no scenario matches')
    .option(
      '--shard <i/n>',
      'a part of the work: write a report to be merged',
      shardFlag,
      shardOf(process.env),
    )
    .option('--blobs <dir>', 'folder for reports of shards', BLOBS)
    .action(async (paths: string[], flags: RunFlags) => finish(await runCommand(paths, flags)));
}

/** A seed: a whole number. */
export function wholeNumber(text: string): number {
  const n = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(n))
    throw usageError(`--seed takes a whole number, not '${text}'`);
  return n;
}

async function runCommand(paths: readonly string[], flags: RunFlags): Promise<ExitCode> {
  const reports = openReports(flags.reporter ?? []);
  const { scenarios, problems } = loadFiles(findScenarios(paths));
  if (printProblems(problems)) return EXIT.badInput;
  const chosen = choose(scenarios, flags);
  if (chosen.length === 0) {
    process.stderr.write('no scenario matched\n');
    if (!flags.passWithNoTests) return EXIT.nothing;
  }
  const mine = unitsOf(chosen, unitName, flags.shard);
  const seeded = mine.map(scenario => ({ ...scenario, seed: flags.seed ?? scenario.seed }));
  return interruptible(async signal => {
    const run = await runAll({ scenarios: seeded, flags, reports, signal });
    if (flags.shard)
      writeBlob(flags.blobs, {
        command: 'run',
        shard: flags.shard,
        units: chosen.map(unitName),
        results: run.results.map((result, i) => ({ unit: unitName(seeded[i]), result })),
      });
    return run.code;
  });
}

/** A variant as a unit of work: names alone need not differ between files. */
const unitName = (scenario: Scenario): string => `${scenario.file} ${idOf(scenario)}`;

/** Runs scenarios one after the other, until a signal ends it. */
async function runAll(run: {
  readonly scenarios: readonly Scenario[];
  readonly flags: RunFlags;
  readonly reports: Reports;
  readonly signal: AbortSignal;
}): Promise<{ readonly code: ExitCode; readonly results: readonly ScenarioResult[] }> {
  const { scenarios, flags, reports, signal } = run;
  const failuresMax = flags.bail ?? Number.POSITIVE_INFINITY;
  const results: ScenarioResult[] = [];
  let failures = 0;
  let drifted = false;
  reports.begin(scenarios.length);
  for (const scenario of scenarios) {
    const result = await finished(scenario, signal);
    if (!result) break;
    reports.add(result, moreLines(scenario, result, flags));
    results.push(result);
    if (!result.pass) failures++;
    if (flags.verifyDeterminism) drifted = (await drifts(scenario, result, signal)) || drifted;
    if (failures >= failuresMax) break;
  }
  const skipped = scenarios.length - results.length;
  reports.end({ version: packageJson.version, skipped, interrupted: signal.aborted });
  if (drifted) return { code: EXIT.internal, results };
  return { code: failures > 0 ? EXIT.unexpected : EXIT.ok, results };
}

/** Runs of a variant between two looks at what has come from outside. */
const RUNS_AT_ONCE = 64;

/** The result of a variant; null when a signal came first. */
async function finished(scenario: Scenario, signal: AbortSignal): Promise<ScenarioResult | null> {
  const runs = runsOf(scenario);
  for (let count = 0; ; count++) {
    if (count % RUNS_AT_ONCE === 0) await setImmediate();
    if (signal.aborted) return null;
    const next = runs.next();
    if (next.done) return withLesson(scenario, next.value);
  }
}

/** The first variant of a file with a lesson answers for the lesson as well. */
function withLesson(scenario: Scenario, result: ScenarioResult): ScenarioResult {
  if (!scenario.lesson) return result;
  const { file } = openLesson(scenario.file, readText(scenario.file), readRelative);
  if (!file || cellText(file.scenarios[0].cell) !== cellText(scenario.cell)) return result;
  const asserts = [...result.asserts, ...checkLesson(file)];
  return { ...result, asserts, pass: asserts.every(({ pass }) => pass) };
}

/** Whether a second run gives another trace, which is told. */
async function drifts(
  scenario: Scenario,
  first: ScenarioResult,
  signal: AbortSignal,
): Promise<boolean> {
  const second = await finished(scenario, signal);
  if (!second || second.traceHash === first.traceHash) return false;
  process.stderr.write(
    `${first.id}: seed ${first.seed} gave trace ${first.traceHash}, then ${second.traceHash}\n`,
  );
  return true;
}

/** What `--explain` and `--trace` show beneath a result; a failure has its evidence anyway. */
function moreLines(scenario: Scenario, result: ScenarioResult, flags: RunFlags): string[] {
  const evidence = flags.explain && result.pass ? evidenceLines(result) : [];
  if (!flags.trace) return evidence;
  const { view } = chooseRun(scenario);
  return [...evidence, ...transcriptLines(scenario.machine, view.trace)];
}

/** Scenarios that satisfy `--cell` and `--grep`. */
function choose(scenarios: readonly Scenario[], flags: RunFlags): Scenario[] {
  const pattern = flags.grep === undefined ? null : regExp(flags.grep);
  return chooseCells(scenarios, flags.cell ?? []).filter(
    scenario => !pattern || pattern.test(idOf(scenario)),
  );
}

function regExp(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw usageError(`--grep takes a regular expression, and '${text}' is none`);
  }
}
