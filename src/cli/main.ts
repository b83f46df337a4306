import { isMainThread } from 'node:worker_threads';
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { addCheck } from './check.ts';
import { addDecode } from './decode.ts';
import { EXIT, type ExitCode, isUsageError } from './exit.ts';
import { addExplore } from './explore.ts';
import { addFmt } from './fmt.ts';
import { addFuzz } from './fuzz.ts';
import { addMatrix } from './matrix.ts';
import { addMergeReports } from './merge-reports.ts';
import { addNew } from './new.ts';
import { quietPipes } from './pipe.ts';
import { serveJobs } from './pool.ts';
import { addRun } from './run.ts';
import { addSchema } from './schema.ts';
import { addShow } from './show.ts';
import { addTranslate } from './translate.ts';
import { addView } from './view.ts';

/** The whole command line. `finish` takes the exit code of the command that ran. */
function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command('irqscope')
    .description('simulate MSI and IMS interrupt domain hierarchies, bit for bit')
    .version(packageJson.version)
    .exitOverride();
  addRun(program, finish);
  addCheck(program, finish);
  addExplore(program, finish);
  addMatrix(program, finish);
  addMergeReports(program, finish);
  addFuzz(program, finish);
  addDecode(program, finish);
  addTranslate(program, finish);
  addShow(program, finish);
  addFmt(program, finish);
  addNew(program, finish);
  addSchema(program, finish);
  addView(program, finish);
  for (const command of program.commands) command.exitOverride().version(packageJson.version);
  return program;
}

/** Exit code for whatever ended a command. */
function codeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  if (isUsageError(error)) {
    process.stderr.write(`irqscope: ${error.message}\n`);
    return EXIT.badInput;
  }
  process.stderr.write(
    `irqscope: a bug of ours: ${error instanceof Error ? error.stack : error}\n`,
  );
  return EXIT.internal;
}

async function main(): Promise<void> {
  quietPipes();
  try {
    await createProgram(code => {
      process.exitCode = code;
    }).parseAsync();
  } catch (error) {
    process.exitCode = codeOf(error);
  }
}

if (isMainThread) await main();
else serveJobs();
