import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildEnvironment,
  buildScript,
  modelText,
  readSearch,
  type SpinTools,
  sizeDefines,
} from '../spin/spin.ts';
import type { ModelSize } from './explore-model.ts';
import { BUILT, type Contender } from './measure.ts';

/**
 * Ways SPIN can search exhaustively, exact all of them. Breadth first is the fastest on this model;
 * partial order reduction finds nothing to leave out, as every step touches what all share.
 */
export const SPIN_VARIANTS = {
  'breadth first': ['-DNOREDUCE', '-DBFS'],
  'breadth first, partial order': ['-DBFS'],
  'depth first': ['-DNOREDUCE'],
  'depth first, partial order': [],
  'depth first, collapse': ['-DNOREDUCE', '-DCOLLAPSE'],
} as const satisfies Record<string, readonly string[]>;
export type SpinVariant = keyof typeof SPIN_VARIANTS;

/** Log2 of the slots of the hash table, and the deepest stack, enough for millions of states. */
const SEARCH = ['-w22', '-m10000000', '-c0', '-n'];

/**
 * SPIN on the model of a size, compiled for speed, as a contender: milliseconds are those the
 * searcher itself reports, an event is a stored state, and so is the checksum. Throws where it does
 * not compile, and where a search is not exhaustive.
 */
export function spinContender(tools: SpinTools, size: ModelSize, variant: SpinVariant): Contender {
  const name = `SPIN, ${variant}`;
  const folder = join(BUILT, `${name.replaceAll(/\W+/g, '-')}-${size.victims}-${size.entries}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.pml'), modelText(tools, sizeDefines(size)));
  const script = buildScript(['-O3', '-w', '-DSAFETY', ...SPIN_VARIANTS[variant]]);
  runIn(folder, 'sh', ['-c', script], buildEnvironment(tools));
  return {
    name,
    run: () => {
      const { elapsedMs, states } = readSearch(runIn(folder, './pan', SEARCH, process.env));
      return { ms: elapsedMs, events: states, check: states };
    },
  };
}

function runIn(cwd: string, program: string, args: string[], env: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
  });
  if (error || status !== 0)
    throw new Error(`${program} ${args.join(' ')} in ${cwd}: ${error ?? `${stdout}${stderr}`}`);
  return stdout;
}
