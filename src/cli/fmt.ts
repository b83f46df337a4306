import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { formatScenario } from '../scenario/format.ts';
import type { Problem } from '../scenario/problem.ts';
import { parseSource } from '../scenario/source-tree.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { findScenarios, readText } from './files.ts';
import { printProblems } from './load.ts';

interface FmtFlags {
  readonly check?: true;
}

/** Mistakes that do not keep a file from being formatted; the first of them is mended by it. */
const FORMATTED = new Set(['yaml/plain-bus-address', 'yaml/leading-zero', 'yaml/long-number']);

/** `irqscope fmt`: writes scenario files in the one way all are written. */
export function addFmt(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('fmt')
    .description('write scenario files in the one way all are written; comments stay')
    .argument('<paths...>', 'files and folders')
    .option('--check', 'change nothing; exit 1 where something would change')
    .action((paths: string[], flags: FmtFlags) => finish(fmtCommand(paths, flags)));
}

function fmtCommand(paths: readonly string[], flags: FmtFlags): ExitCode {
  const files = findScenarios(paths, 'all').map(file => ({ file, text: readText(file) }));
  if (files.length === 0) {
    process.stderr.write('no scenario matched\n');
    return EXIT.nothing;
  }
  if (printProblems(files.flatMap(({ file, text }) => obstacles(file, text)))) return EXIT.badInput;
  const changed = files
    .map(({ file, text }) => ({ file, text, formatted: formatScenario(text) }))
    .filter(({ text, formatted }) => text !== formatted);
  for (const { file, formatted } of changed) {
    if (!flags.check) writeFileSync(file, formatted);
    process.stdout.write(`${flags.check ? 'would change' : 'changed'} ${file}\n`);
  }
  process.stdout.write(`${files.length} files, ${changed.length} changed\n`);
  return flags.check && changed.length > 0 ? EXIT.unexpected : EXIT.ok;
}

/** What keeps a file from being formatted: it is not YAML as it is used here. */
const obstacles = (file: string, text: string): Problem[] =>
  parseSource(file, text).problems.filter(({ code }) => !FORMATTED.has(code));
