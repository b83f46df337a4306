import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashText } from '../report/trace-hash.ts';
import { usageError } from './exit.ts';
import { shown } from './files.ts';

/** A part of the work, from 1; all parts together are the whole. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Commands whose work can be divided. */
export const SHARDED = ['run', 'explore', 'matrix'] as const;
export type ShardedCommand = (typeof SHARDED)[number];

/** What one shard did, to be merged with the others. */
export interface Blob {
  readonly format: 'irqscope-blob/1';
  readonly command: ShardedCommand;
  readonly shard: Shard;
  /** Hash of the names of all units of work, and how many there are. */
  readonly list: string;
  readonly total: number;
  /** By name of the unit. */
  readonly results: readonly { readonly unit: string; readonly result: unknown }[];
}

/** Where reports of shards go unless somebody says otherwise. */
export const BLOBS = '.irqscope/blobs';

const SHARD = /^([1-9]\d*)\/([1-9]\d*)$/;

/** `i/n`, as the flag `--shard` takes it. */
export function shardFlag(text: string): Shard {
  const [, index, count] = SHARD.exec(text) ?? [];
  if (index === undefined || Number(index) > Number(count))
    throw usageError(`--shard takes i/n with i from 1 to n, not '${text}'`);
  return { index: Number(index), count: Number(count) };
}

/** The shard a job scheduler has set in the environment, if one has. */
export function shardOf(env: NodeJS.ProcessEnv): Shard | undefined {
  if (env.IRQSCOPE_SHARD) return shardFlag(env.IRQSCOPE_SHARD);
  // Kubernetes counts from 0, and does not tell how many there are.
  if (env.JOB_COMPLETION_INDEX && env.IRQSCOPE_SHARDS)
    return shardFlag(`${Number(env.JOB_COMPLETION_INDEX) + 1}/${env.IRQSCOPE_SHARDS}`);
  // GitLab counts from 1.
  if (env.CI_NODE_INDEX && env.CI_NODE_TOTAL)
    return shardFlag(`${env.CI_NODE_INDEX}/${env.CI_NODE_TOTAL}`);
  return undefined;
}

/** The units a shard has to do: every n-th, by the order of their hashes. */
export function unitsOf<T>(
  units: readonly T[],
  name: (unit: T) => string,
  shard: Shard | undefined,
): T[] {
  if (!shard) return [...units];
  const order = units
    .map(unit => ({ unit, hash: hashText(name(unit)) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const mine = new Set(
    order.flatMap(({ unit }, i) => (i % shard.count === shard.index - 1 ? [unit] : [])),
  );
  return units.filter(unit => mine.has(unit));
}

/** Writes what a shard did; returns the path. */
export function writeBlob(
  folder: string,
  what: Pick<Blob, 'command' | 'shard' | 'results'> & { readonly units: readonly string[] },
): string {
  const { command, shard, results, units } = what;
  const blob: Blob = {
    format: 'irqscope-blob/1',
    command,
    shard,
    list: hashText([...units].sort().join('\n')),
    total: units.length,
    results,
  };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${command}-${shard.index}-of-${shard.count}.json`);
  writeFileSync(path, `${JSON.stringify(blob)}\n`);
  return shown(path);
}
