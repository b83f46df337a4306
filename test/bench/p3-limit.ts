import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { atLeast, type Goal, measured } from './goal.ts';
import {
  alternate,
  BUILT,
  nodeContender,
  ratioOf,
  requireSameCheck,
  runProgram,
} from './measure.ts';

const ROUNDS = 7;
const SHARE = 0.4;
const SOURCE = join('test', 'bench', 'c', 'msi64.c');
const BINARY = join(BUILT, 'msi64');

/** Compiles msi64 in C; says why where it cannot, else an empty string. */
function compile(): string {
  const { error, status, stderr } = spawnSync('cc', ['-O3', '-o', BINARY, SOURCE, '-lm'], {
    encoding: 'utf8',
  });
  if (error) return 'no C compiler called cc (Debian: apt install gcc libc6-dev)';
  return status === 0 ? '' : `cc failed: ${stderr.trim()}`;
}

/** The layered API against what the machine can do. */
export const P3: Goal = {
  id: 'P3',
  suite: 'engine',
  title: 'msi64 through the layered API, against a timing wheel in C',
  measure: () => {
    const why = compile();
    if (why) return { verdict: 'left-out', why };
    const c = { name: 'C, timing wheel', run: () => runProgram(BINARY, []) };
    const timings = alternate([nodeContender('irqscope', ['msi64-kernel']), c], ROUNDS);
    requireSameCheck(timings);
    const [ours, limit] = timings;
    return measured([atLeast('share of its speed', ratioOf(limit, ours), SHARE)], timings);
  },
};
