import type { Command } from 'commander';
import { REDUCTIONS, type Reductions } from '../explore/reduce.ts';
import { matchesRule, RULE_ORDER } from '../model/rules.ts';
import { suggest } from '../scenario/problem.ts';
import { parseTime } from '../scenario/values.ts';
import { collect } from './cells.ts';
import { usageError } from './exit.ts';
import type { Bounds } from './jobs.ts';
import { coreCount } from './pool.ts';
import { BLOBS, type Shard, shardFlag, shardOf } from './shard.ts';

/** Flags every search has. */
export interface SearchFlags {
  readonly depth?: number;
  readonly maxStates?: number;
  readonly time?: number;
  readonly goal?: string;
  readonly cell?: string[];
  readonly workers: number;
  /** Null: all of the work. */
  readonly shard?: Shard;
  readonly blobs: string;
  readonly requireComplete?: true;
}

const NS_PER_MS = 1_000_000;

/** A whole number above 0, for the flag of this name. */
export const positive =
  (flag: string) =>
  (text: string): number => {
    if (!/^[1-9]\d*$/.test(text))
      throw usageError(`${flag} takes a whole number above 0, not '${text}'`);
    return Number(text);
  };

/** A time with its unit, in milliseconds. */
export function duration(text: string): number {
  const timeNs = parseTime(text);
  if (timeNs === null) throw usageError(`--time takes a time such as 60s, not '${text}'`);
  return timeNs / NS_PER_MS;
}

/** Adds the flags all searches share. */
export const addSearchFlags = (command: Command): Command =>
  command
    .option('--depth <n>', 'most actions of a path', positive('--depth'))
    .option('--max-states <n>', 'most states of a variant', positive('--max-states'))
    .option('--time <time>', 'most time for a variant, such as 60s', duration)
    .option('--goal <rule>', 'look for this rule or pattern only', goal)
    .option('--cell <axis=value>', 'only variants with these values; may be repeated', collect)
    .option('--workers <n>', 'worker threads', positive('--workers'), coreCount())
    .option(
      '--shard <i/n>',
      'a part of the work: write a report to be merged',
      shardFlag,
      shardOf(process.env),
    )
    .option('--blobs <dir>', 'folder for reports of shards', BLOBS)
    .option('--require-complete', 'exit with 4 where a bound comes before the answer');

/** A rule there is, or a pattern that fits one. */
export function goal(text: string): string {
  if (RULE_ORDER.some(rule => matchesRule(text, rule))) return text;
  const hint = suggest(text, RULE_ORDER);
  throw usageError(`there is no rule '${text}'${hint ? `; ${hint}` : ''}`);
}

/** `sym,por` and the like; `none`. */
export function reductions(text: string): Reductions | 'check' {
  if (text === 'check') return 'check';
  if (text === 'none') return [];
  const asked = text.split(',');
  const unknown = asked.find(name => !REDUCTIONS.some(known => known === name));
  if (unknown !== undefined) {
    const hint = suggest(unknown, [...REDUCTIONS, 'none', 'check']);
    throw usageError(`there is no reduction '${unknown}'${hint ? `; ${hint}` : ''}`);
  }
  return REDUCTIONS.filter(name => asked.includes(name));
}

/** Bounds as a search takes them. */
export const boundsOf = (flags: SearchFlags, reduce?: Reductions): Bounds => ({
  ...(flags.depth !== undefined && { depthMax: flags.depth }),
  ...(flags.maxStates !== undefined && { statesMax: flags.maxStates }),
  ...(flags.goal !== undefined && { goal: flags.goal }),
  ...(flags.time !== undefined && { timeMs: flags.time }),
  ...(reduce !== undefined && { reduce }),
});
