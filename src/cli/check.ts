import type { Command } from 'commander';
import { problemText } from '../scenario/problem-text.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { findScenarios, readText } from './files.ts';
import { loadFiles } from './load.ts';

/** `irqscope check`: says what is wrong with scenario files, without running them. */
export function addCheck(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('check')
    .description('say what is wrong with scenario files, without running them')
    .argument('[paths...]', 'files and folders', ['scenarios'])
    .action((paths: string[]) => finish(checkCommand(paths)));
}

function checkCommand(paths: readonly string[]): ExitCode {
  const files = findScenarios(paths, 'all');
  if (files.length === 0) {
    process.stderr.write('no scenario matched\n');
    return EXIT.nothing;
  }
  const { problems } = loadFiles(files);
  const texts = new Map<string, string>();
  for (const problem of problems) {
    const { file } = problem.at;
    const text = texts.get(file) ?? readText(file);
    texts.set(file, text);
    process.stdout.write(`${problemText(problem, text)}\n`);
  }
  const errors = problems.filter(problem => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  process.stdout.write(`${files.length} files, ${errors} errors, ${warnings} warnings\n`);
  return errors > 0 ? EXIT.badInput : EXIT.ok;
}
