import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { atLeast, type Goal, measured } from './goal.ts';
import { median } from './measure.ts';

const ROUNDS = 3;
const WORKERS = 2;
const SPEEDUP = 1.85;
const CLI = join('dist', 'cli', 'irqscope.js');
const SWEEP = ['--cell', 'remap=vtd', '--format', 'json'];

/** Seconds by the clock: what more workers are for. */
function seconds(workers: number, out: string): { readonly taken: number; readonly said: string } {
  const words = ['matrix', ...SWEEP, '--workers', String(workers), '--out', out];
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return { taken: (performance.now() - begin) / 1000, said: stdout };
}

/** A sweep over a matrix by one worker and by two, with equal reports. */
export const P9: Goal = {
  id: 'P9',
  suite: 'explore',
  title: `a quarter of the matrix by ${WORKERS} workers, against one`,
  measure: () => {
    if (availableParallelism() < WORKERS)
      return { verdict: 'left-out', why: `fewer than ${WORKERS} cores here` };
    const out = mkdtempSync(join(tmpdir(), 'irqscope-bench-'));
    try {
      const ratios = Array.from({ length: ROUNDS }, () => {
        const one = seconds(1, out);
        const more = seconds(WORKERS, out);
        if (one.said !== more.said) throw new Error('the number of workers changed the report');
        return one.taken / more.taken;
      });
      return measured([atLeast('times as fast, by the clock', median(ratios), SPEEDUP)], []);
    } finally {
      rmSync(out, { recursive: true });
    }
  },
};
