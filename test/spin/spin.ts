import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The model, from the project's folder, where npm starts scripts. */
export const MODEL = join('test', 'spin', 'open-question.pml');

/** What SPIN needs: itself, and a C compiler for the searcher it writes. */
export interface SpinTools {
  readonly spin: string;
  readonly cc: string;
}

/** What one search found out. */
export interface SpinSearch {
  /** "states, stored": different projections, the initial one included. */
  readonly states: number;
  readonly transitions: number;
  /** Violated assertions, one for each step that violates. */
  readonly errors: number;
  /** Steps before the first violating one; null where there is none. */
  readonly firstErrorDepth: number | null;
  readonly elapsedMs: number;
}

/** Chosen for speed of compilation; breadth first, so that the first error is a nearest one. */
const QUICK = ['-O0', '-w', '-DSAFETY', '-DNOREDUCE', '-DBFS'];

/** Options of every search: errors are counted and not stopped at, no list of unreached lines. */
const SEARCH = ['-c0', '-n'];
const SMALL_TABLE = '-w14';

const asDefines = (names: readonly string[]): string[] => names.map(name => `-D${name}`);

/** The command lines that ask SPIN the same by hand. */
export const byHand = (defines: readonly string[]): string =>
  [
    `spin -a ${asDefines(defines).join(' ')} ${MODEL}`,
    `cc ${QUICK.join(' ')} -o pan pan.c`,
    `./pan ${[SMALL_TABLE, ...SEARCH].join(' ')}`,
  ].join(' && ');

/** The model with these names defined, as one text without directives. */
export function modelText({ cc }: SpinTools, defines: readonly string[]): string {
  const args = ['-E', '-P', '-x', 'c', ...asDefines(defines), MODEL];
  const { status, stdout, stderr, error } = spawnSync(cc, args, { encoding: 'utf8' });
  if (error || status !== 0) throw new Error(`${cc} ${args.join(' ')}: ${error ?? stderr}`);
  return stdout;
}

/** The model at another size, over VT-d as it should be: what P6 measures. */
export const sizeDefines = (size: {
  readonly victims: number;
  readonly entries: number;
}): string[] => ['SOURCE_VALIDATION', `VICTIMS=${size.victims}`, `ENTRIES=${size.entries}`];

/** Shell lines that turn `model.pml` in the working folder into the searcher `pan`. */
export const buildScript = (flags: readonly string[]): string =>
  `"$SPIN" -a model.pml >spin.out || { cat spin.out; exit 1; }; "$CC" ${flags.join(' ')} -o pan pan.c`;

/** Environment in which `buildScript` runs. */
export const buildEnvironment = ({ spin, cc }: SpinTools): NodeJS.ProcessEnv => ({
  ...process.env,
  SPIN: spin,
  CC: cc,
});

/** Reads what a searcher prints. Throws where the search was not exhaustive. */
export function readSearch(text: string): SpinSearch {
  const number = (pattern: RegExp): number | null => {
    const found = pattern.exec(text);
    return found ? Number(found[1]) : null;
  };
  const states = number(/(\d+) states, stored/);
  const transitions = number(/(\d+) transitions/);
  const errors = number(/errors: (\d+)/);
  const seconds = number(/elapsed time ([\d.e+-]+) seconds/);
  if (states === null || transitions === null || errors === null || seconds === null)
    throw new Error(`SPIN's searcher printed something else:\n${text}`);
  if (/Search not completed|max search depth too small|out of memory/.test(text))
    throw new Error(`SPIN's search was not exhaustive:\n${text}`);
  const firstErrorDepth = number(/violated .*\(at depth (\d+)\)/);
  return { states, transitions, errors, firstErrorDepth, elapsedMs: seconds * 1000 };
}

/** Searches the model with names defined; models of the same text are searched once. */
export function createSpin(tools: SpinTools): (defines: readonly string[]) => Promise<SpinSearch> {
  const answers = new Map<string, Promise<SpinSearch>>();
  return defines => {
    const text = modelText(tools, defines);
    const known = answers.get(text) ?? searchText(tools, text);
    answers.set(text, known);
    return known;
  };
}

const run = promisify(execFile);

/** One shell does it all, so that nothing waits for an event loop that is busy exploring. */
async function searchText(tools: SpinTools, text: string): Promise<SpinSearch> {
  const folder = mkdtempSync(join(tmpdir(), 'irqscope-spin-'));
  try {
    writeFileSync(join(folder, 'model.pml'), text);
    const search = `./pan ${[SMALL_TABLE, ...SEARCH].join(' ')}`;
    const script = `set -e; ${buildScript(QUICK)}; ${search}`;
    const env = buildEnvironment(tools);
    const { stdout } = await run('sh', ['-c', script], { cwd: folder, env });
    return readSearch(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
