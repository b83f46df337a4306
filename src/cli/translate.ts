import { createReadStream } from 'node:fs';
import { Readable, pipeline as unpack } from 'node:stream';
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
  'Numbers are hexadecimal strings. What a setup does not say: all memory can be read, compatibility',
  'format is blocked, entries of AMD-Vi have 32 bits and 8-bit destinations. A register may be given',
  'by its fields: root, entries and x2apicMode for irta, iv, intCtl and so on for dte.raw.',
].join('\n');

/** `irqscope translate`: one JSON line in, what the unit does with it out. */
export function addTranslate(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('translate')
    .description('ask one unit many questions: a line of JSON in, a line of JSON out')
    .argument('<unit>', UNIT_NAMES.join(', '))
    .argument('[file]', 'plain or gzip; standard input where it is left out or -')
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

/** First bytes of a gzip file. */
const GZIP_MAGIC = [0x1f, 0x8b];

/** A file or standard input; unpacked where the name ends in .gz, or the bytes say so. */
async function bytesOf(source: string): Promise<Readable> {
  const raw: Readable = source === '-' ? process.stdin : createReadStream(source);
  if (source.endsWith('.gz')) return unpack(raw, createGunzip(), () => {});
  const chunks = raw[Symbol.asyncIterator]();
  const first = await chunks.next();
  const all = Readable.from(
    (async function* () {
      if (!first.done) yield first.value;
      yield* { [Symbol.asyncIterator]: () => chunks };
    })(),
    { objectMode: false },
  );
  const packed = !first.done && GZIP_MAGIC.every((byte, i) => first.value[i] === byte);
  return packed ? unpack(all, createGunzip(), () => {}) : all;
}

/** Editors put it before the first line. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Lines as they come in; the last one needs no end. */
async function* linesOf(source: string): AsyncGenerator<string> {
  let rest = '';
  let begun = false;
  for await (const chunk of (await bytesOf(source)).setEncoding('utf8')) {
    const text: string = begun || !chunk.startsWith(BYTE_ORDER_MARK) ? chunk : chunk.slice(1);
    begun = true;
    const lines = `${rest}${text}`.split('\n');
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
