import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { ExploreReport } from '../explore/report.ts';
import { exploreLines } from '../report/explore-text.ts';
import { failureLines, resultLine, summaryLine } from '../report/list.ts';
import type { MatrixCell } from '../report/matrix.ts';
import type { ScenarioResult } from '../runner/run-scenario.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';
import { readText } from './files.ts';
import { type Blob, SHARDED } from './shard.ts';

interface MergeFlags {
  readonly reporter: 'list' | 'json';
}

/** `irqscope merge-reports`: puts the reports of all shards together. */
export function addMergeReports(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('merge-reports')
    .description('put the reports of all shards together; an incomplete set is an error')
    .argument('<dir>', 'folder with what each shard wrote')
    .addOption(
      new Option('--reporter <name>', 'how to report').choices(['list', 'json']).default('list'),
    )
    .action((folder: string, flags: MergeFlags) => finish(mergeCommand(folder, flags)));
}

function mergeCommand(folder: string, flags: MergeFlags): ExitCode {
  const blobs = readBlobs(folder);
  const results = merged(blobs);
  const passed = results.every(isPass);
  if (flags.reporter === 'json')
    process.stdout.write(`${JSON.stringify(jsonOf(blobs[0], results), null, 2)}\n`);
  else {
    for (const result of results) process.stdout.write(`${linesOf(blobs[0], result).join('\n')}\n`);
    process.stdout.write(`${summaryLine(results.map(one => ({ pass: isPass(one) })))}\n`);
  }
  return passed ? EXIT.ok : EXIT.unexpected;
}

function readBlobs(folder: string): [Blob, ...Blob[]] {
  let names: string[];
  try {
    names = readdirSync(folder).filter(name => name.endsWith('.json'));
  } catch {
    throw usageError(`there is no folder ${folder}`);
  }
  const [first, ...rest] = names.sort().map(name => readBlob(join(folder, name)));
  if (!first) throw usageError(`${folder} has no reports of shards: write them with --shard i/n`);
  return [first, ...rest];
}

function readBlob(path: string): Blob {
  try {
    const blob: unknown = JSON.parse(readText(path));
    if (isBlob(blob)) return blob;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw usageError(`${path} is no report of a shard`);
}

const isBlob = (value: unknown): value is Blob =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === 'irqscope-blob/1' &&
  'command' in value &&
  SHARDED.some(command => command === value.command);

/** The results of all units. Throws where the set is not one, or not whole. */
function merged([first, ...rest]: readonly [Blob, ...Blob[]]): unknown[] {
  const all = [first, ...rest];
  for (const { command, shard, list } of rest) {
    if (command !== first.command)
      throw usageError(`reports of ${first.command} and of ${command} can’t be merged`);
    if (shard.count !== first.shard.count || list !== first.list)
      throw usageError('these reports are shards of different work: run all of them again');
  }
  const { count } = first.shard;
  const there = all.map(({ shard }) => shard.index);
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter(i => !there.includes(i));
  if (missing.length > 0)
    throw usageError(`shard ${missing.map(i => `${i}/${count}`).join(', ')} is missing`);
  const results = new Map(
    all.flatMap(blob => blob.results.map(({ unit, result }) => [unit, result])),
  );
  if (results.size !== first.total)
    throw usageError(`${first.total - results.size} of ${first.total} results are missing`);
  return [...results.keys()].sort().map(unit => results.get(unit));
}

const isPass = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'pass' in result && result.pass === true;

/** Results as the command itself reports them. */
function linesOf({ command }: Blob, result: unknown): string[] {
  switch (command) {
    case 'run': {
      const one = result as ScenarioResult;
      return [resultLine(one), ...failureLines(one)];
    }
    case 'explore':
      return exploreLines(result as ExploreReport, []);
    case 'matrix':
      return [cellLine(result as MatrixCell)];
  }
}

const cellLine = (cell: MatrixCell): string =>
  ` ${cell.pass ? 'ok  ' : 'FAIL'}  ${Object.values(cell.cell).join(' ')}`;

const FORMATS = {
  run: 'irqscope-report/1',
  explore: 'irqscope-explore/1',
  matrix: 'irqscope-matrix/1',
};

const jsonOf = ({ command }: Blob, results: readonly unknown[]) =>
  command === 'matrix'
    ? { format: FORMATS.matrix, cells: results }
    : { format: FORMATS[command], results };
