import { alignRuns, twinOf } from '../../src/index.ts';
import type { LoadedRun } from '../app/loaded-run.ts';
import type { RunData } from '../worker/protocol.ts';

/** The moment of another run that is the same as one of this: where its twin is, or would be. */
export function sameMoment(from: LoadedRun, to: LoadedRun, seq: number): number {
  if (seq < 0 || from.data === to.data) return seq;
  return twinOf(alignRuns(from.data, to.data, 'kind'), seq);
}

const PARTINGS = new WeakMap<RunData, WeakMap<RunData, number>>();

/** The first record of a fork that is other than in the run it was forked from. */
export function partingOf(from: LoadedRun, fork: LoadedRun): number {
  const known = PARTINGS.get(fork.data) ?? new WeakMap<RunData, number>();
  PARTINGS.set(fork.data, known);
  let parting = known.get(from.data);
  if (parting === undefined) {
    const { rows, differences, upTo } = alignRuns(from.data, fork.data, 'bits');
    const [first] = differences;
    const row = rows[first];
    parting = row ? Math.max(row.b, upTo[first].b) : fork.data.trace.length - 1;
    known.set(from.data, parting);
  }
  return parting;
}
