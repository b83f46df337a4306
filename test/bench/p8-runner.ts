import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEMPLATES, templateText } from '../../src/scenario/templates.ts';
import { atMost, type Goal, measured } from './goal.ts';
import { median } from './measure.ts';

const ROUNDS = 3;
const STARTS = 15;
const FILES = 1000;
const SECONDS_MAX = 5;
const START_MS_MAX = 300;
const CLI = join('dist', 'cli', 'irqscope.js');

/** Scenarios of one variant, of every kind there is to begin with. */
const SMALL = TEMPLATES.filter(({ body }) => !/^(vary|explore):/m.test(body));

function writeFiles(folder: string): void {
  for (let i = 0; i < FILES; i++) {
    const name = `small-${i}`;
    const text = templateText(SMALL[i % SMALL.length], { name, schema: '' });
    writeFileSync(join(folder, `${name}.yaml`), text);
  }
}

/** Seconds of processor time of the command line, and the last line it prints. */
function spent(...args: readonly string[]): { readonly seconds: number; readonly last: string } {
  const script = '"$@" | tail -n 1; times';
  const words = ['-c', script, 'sh', process.execPath, CLI, ...args];
  const { stdout } = spawnSync('sh', words, { encoding: 'utf8' });
  const [last, , children] = stdout.trim().split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = parts.reduce((sum, [, min, sec]) => sum + 60 * Number(min) + Number(sec), 0);
  return { seconds, last };
}

/** What a folder of scenarios takes: what one core has to give. */
function runSeconds(folder: string): number {
  const { seconds, last } = spent('run', folder);
  if (last !== `${FILES} passed, 0 failed`) throw new Error(last);
  return seconds;
}

const startMs = (): number => 1000 * spent('--version').seconds;

const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);

/** The command line as people and CI use it. */
export const P8: Goal = {
  id: 'P8',
  suite: 'runner',
  title: 'the command line: 1,000 small scenarios on one core, and its start',
  measure: () => {
    const folder = mkdtempSync(join(tmpdir(), 'irqscope-bench-'));
    try {
      writeFiles(folder);
      const seconds = median(times(ROUNDS, () => runSeconds(folder)));
      const start = median(times(STARTS, startMs));
      return measured(
        [
          atMost('s of processor time', seconds, SECONDS_MAX),
          atMost('ms of it to start', start, START_MS_MAX),
        ],
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
