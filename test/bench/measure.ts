import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Where the benchmark is built, from the project's folder, where npm starts scripts. */
export const BUILT = join('dist', 'bench');

/**
 * Processor time this process has had, milliseconds. Whatever else runs on the machine does not
 * count, which by the clock makes a run up to ten times as long.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One timed run: how long, of how many events, and a checksum of what came out. */
export interface Round {
  readonly ms: number;
  readonly events: number;
  readonly check: number;
}

export interface Contender {
  readonly name: string;
  readonly run: () => Round;
}

/** What a contender needed for an event: median, best and worst of its rounds. */
export interface Timing {
  readonly name: string;
  readonly nsPerEvent: number;
  readonly bestNs: number;
  readonly worstNs: number;
  readonly check: number;
  /** Nanoseconds an event, round by round. */
  readonly rounds: readonly number[];
}

/** Median of a list that is not empty. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs the contenders in turn, so that whatever disturbs the machine disturbs all of them, and
 * gives their timings in the same order. Throws when a checksum changes from run to run.
 */
export function alternate(contenders: readonly Contender[], rounds: number): Timing[] {
  const taken = contenders.map((): Round[] => []);
  for (let round = 0; round < rounds; round++)
    contenders.forEach((contender, index) => {
      taken[index].push(contender.run());
    });
  return contenders.map(({ name }, index) => timing(name, taken[index]));
}

function timing(name: string, rounds: readonly Round[]): Timing {
  const { check } = rounds[0];
  if (rounds.some(round => round.check !== check))
    throw new Error(`${name} gave different checksums for the same run`);
  const ns = rounds.map(round => (round.ms * 1e6) / round.events);
  const [bestNs, worstNs] = [Math.min(...ns), Math.max(...ns)];
  return { name, nsPerEvent: median(ns), bestNs, worstNs, check, rounds: ns };
}

/** Throws unless all contenders computed the same. */
export function requireSameCheck(timings: readonly Timing[]): void {
  if (timings.some(({ check }) => check !== timings[0].check))
    throw new Error(`checksums differ: ${timings.map(t => `${t.name} ${t.check}`).join(', ')}`);
}

/** A contender of contender.ts, in a node process of its own. */
export const nodeContender = (name: string, args: readonly string[]): Contender => ({
  name,
  run: () => runProgram(process.execPath, [join(BUILT, 'contender.js'), ...args]),
});

/** Runs a program that prints milliseconds, events and checksum. Throws when it does not. */
export function runProgram(program: string, args: readonly string[]): Round {
  const [ms, events, check] = numbersOf(program, args);
  return { ms, events, check };
}

/** Numbers that something of contender.ts prints, in a node process with flags of its own. */
export const runNode = (flags: readonly string[], args: readonly string[]): number[] =>
  numbersOf(process.execPath, [...flags, join(BUILT, 'contender.js'), ...args]);

function numbersOf(program: string, args: readonly string[]): number[] {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  return stdout.trim().split(' ').map(Number);
}

/**
 * How many times as long one contender took as another: the median over rounds, since what
 * disturbs a round disturbs both.
 */
export const ratioOf = (one: Timing, other: Timing): number =>
  median(one.rounds.map((ns, round) => ns / other.rounds[round]));
