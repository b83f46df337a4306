import { createReadStream } from 'node:fs';
import { type Readable, pipeline as unpack } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Command, Option } from 'commander';
import { isBadLine } from '../runner/bad-line.ts';
import { translateAmdLine } from '../runner/translate-amdvi.ts';
import type { TranslateProfile } from '../runner/translate-fields.ts';
import { translateMatrixLine } from '../runner/translate-matrix.ts';
import { translateVtdLine } from '../runner/translate-vtd.ts';
import { suggest } from '../scenario/problem.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';

interface TranslateFlags {
  readonly profile?: TranslateProfile;
}

/** Answers one parsed line. */
type Answer = (line: unknown, profile: TranslateProfile) => unknown;

/** Units by the word that names them; `profiles` of those that have more than one behaviour. */
const UNITS: Readonly<Record<string, { answer: Answer; profiles: boolean }>> = {
  vtd: { answer: translateVtdLine, profiles: true },
  amdvi: { answer: translateAmdLine, profiles: true },
  'vector-matrix': { answer: line => translateMatrixLine(line), profiles: false },
};
const UNIT_NAMES = Object.keys(UNITS);
const PROFILES: readonly TranslateProfile[] = ['spec', 'qemu'];

const HELP = [
  '',
  'Each line is one JSON object: {id, setup, table, request} for vtd, with dte for amdvi, and',
  '{id, config, steps} for vector-matrix. Each answer is one line: {id, outcome, ...} or {id, steps}.',
  'Blank lines are skipped; a bad line ends the run with exit code 2 after the answers before it.',
].join('\n');

/** `irqscope translate`: one JSON line in, what the unit does with it out. */
export function addTranslate(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('translate')
    .description('ask one unit many questions: a line of JSON in, a line of JSON out')
    .argument('<unit>', UNIT_NAMES.join(', '))
    .argument('[file]', 'plain or .gz; standard input where it is left out or -')
    .addOption(new Option('--profile <name>', 'whose behaviour').choices(PROFILES))
    .addHelpText('after', HELP)
    .action(async (unit: string, file: string | undefined, flags: TranslateFlags) =>
      finish(await translateCommand(unit, file, flags)),
    );
}

async function translateCommand(
  name: string,
  file: string | undefined,
  flags: TranslateFlags,
): Promise<ExitCode> {
  const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : null;
  if (!unit) throw usageError(`there is no unit '${name}' to ask; ${suggest(name, UNIT_NAMES)}`);
  if (flags.profile && !unit.profiles) throw usageError(`${name} has no profiles`);
  const source = file ?? '-';
  const profile = flags.profile ?? 'spec';
  const run: Run = { source, answer: line => unit.answer(line, profile), failure: null };
  await pipeline(answers(run), process.stdout, { end: false });
  if (run.failure) throw run.failure;
  return EXIT.ok;
}

/** One run over a source. A failure is kept until all answers before it are written. */
interface Run {
  readonly source: string;
  readonly answer: (line: unknown) => unknown;
  failure: unknown;
}

/** The answers as lines of text; a failure ends them early. */
async function* answers(run: Run): AsyncGenerator<string> {
  let number = 0;
  try {
    for await (const line of linesOf(run.source)) {
      number++;
      if (line.trim() !== '') yield `${JSON.stringify(run.answer(JSON.parse(line)))}\n`;
    }
  } catch (error) {
    run.failure = explained(error, run.source, number);
  }
}

/** A file, unpacked where its name ends in .gz, or standard input. */
function bytesOf(source: string): Readable {
  if (source === '-') return process.stdin;
  const file = createReadStream(source);
  return source.endsWith('.gz') ? unpack(file, createGunzip(), () => {}) : file;
}

/** Lines as they come in; the last one needs no end. */
async function* linesOf(source: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of bytesOf(source).setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Reasons a file cannot be read, by system error code. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'that is a folder, not a file',
  EACCES: 'reading it is not permitted',
  Z_DATA_ERROR: 'it is no gzip file, or damaged',
  Z_BUF_ERROR: 'it ends too early',
};

/** The same failure in the caller's terms, where it is the caller's to mend. */
function explained(error: unknown, source: string, line: number): unknown {
  const name = source === '-' ? 'standard input' : source;
  if (error instanceof SyntaxError)
    return usageError(`${name}, line ${line}: not JSON: ${error.message}`);
  if (isBadLine(error)) return usageError(`${name}, line ${line}: ${error.message}`);
  const reason = FILE_ERRORS[codeOf(error)];
  return reason ? usageError(`${name}: ${reason}`) : error;
}
