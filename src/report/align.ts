import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import { contentOf, kindOfEvent, type Likeness } from './event-likeness.ts';
import type { Film } from './film.ts';

/** One of two runs that are laid side by side. */
export interface Side {
  readonly machine: Machine;
  readonly trace: readonly TraceRecord[];
  readonly film: Film;
  /** The script as written. */
  readonly steps: readonly { readonly text: string; readonly label: string }[];
}

/** A moment of both runs: an event and its twin, or one that has none. */
export interface Row {
  /** Records of the first and the second run; -1 for none. */
  readonly a: number;
  readonly b: number;
  /** `alike`: nothing that counts differs. `unlike`: twins that differ. `alone`: it has no twin. */
  readonly kind: 'alike' | 'unlike' | 'alone';
}

/** Two runs laid side by side. */
export interface Alignment {
  readonly rows: readonly Row[];
  /** The last record of each run up to and including each row; -1 before its first. */
  readonly upTo: readonly { readonly a: number; readonly b: number }[];
  /** Rows that are not alike, ascending. */
  readonly differences: readonly number[];
  /**
   * The row where the runs part: the first difference in a step of the script, or, where there is
   * none, the first one while the machine is built; -1 for runs that never part.
   */
  readonly parting: number;
}

/**
 * Lays two runs side by side: steps of the script that read the same belong together, and in them
 * the n-th event of a kind in one run is the twin of the n-th of that kind in the other. Twins
 * that would cross are given up, so that time goes forward in both. A run beside itself is alike
 * all the way.
 */
export function alignRuns(a: Side, b: Side, likeness: Likeness): Alignment {
  const twins = forward(twinsOf(a, b));
  const rows = rowsOf(a.trace.length, b.trace.length, twins).map((row): Row => {
    if (row.a < 0 || row.b < 0) return { ...row, kind: 'alone' };
    const same = contentOf(a.trace[row.a], likeness) === contentOf(b.trace[row.b], likeness);
    return { ...row, kind: same ? 'alike' : 'unlike' };
  });
  const at = { a: -1, b: -1 };
  const upTo = rows.map(row => {
    if (row.a >= 0) at.a = row.a;
    if (row.b >= 0) at.b = row.b;
    return { ...at };
  });
  const differences = rows.flatMap(({ kind }, i) => (kind === 'alike' ? [] : [i]));
  const inScript = differences.find(i => stepOfRow(a, b, rows[i]) >= 0);
  return { rows, upTo, differences, parting: inScript ?? differences[0] ?? -1 };
}

/** The step a row belongs to, by the script of the side that has it; -1 before the script. */
const stepOfRow = (a: Side, b: Side, row: Pair): number =>
  row.a >= 0 ? a.film.stepOf[row.a] : b.film.stepOf[row.b];

interface Pair {
  readonly a: number;
  readonly b: number;
}

/** Candidates for twins: same step, same kind, same turn. */
function twinsOf(a: Side, b: Side): Pair[] {
  const stepOfB = stepsOf(a, b);
  const waiting = new Map<string, number[]>();
  for (const record of b.trace) {
    const key = `${b.film.stepOf[record.seq]} ${kindOfEvent(b.machine, record)}`;
    const list = waiting.get(key);
    if (list) list.push(record.seq);
    else waiting.set(key, [record.seq]);
  }
  const turns = new Map<string, number>();
  return a.trace.flatMap((record): Pair[] => {
    const step = a.film.stepOf[record.seq];
    const other = step < 0 ? -1 : stepOfB.get(step);
    if (other === undefined) return [];
    const key = `${other} ${kindOfEvent(a.machine, record)}`;
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    const twin = waiting.get(key)?.[turn];
    return twin === undefined ? [] : [{ a: record.seq, b: twin }];
  });
}

/**
 * The step of the second script that belongs to each of the first: those that read the same, in
 * order, as many as possible.
 */
function stepsOf(a: Side, b: Side): Map<number, number> {
  const textOf = ({ text, label }: Side['steps'][number]): string => `${text} ${label}`;
  const candidates = new Map<string, number[]>();
  for (const [i, step] of b.steps.entries()) {
    const list = candidates.get(textOf(step));
    if (list) list.push(i);
    else candidates.set(textOf(step), [i]);
  }
  const turns = new Map<string, number>();
  const pairs = a.steps.flatMap((step, i): Pair[] => {
    const text = textOf(step);
    const turn = turns.get(text) ?? 0;
    turns.set(text, turn + 1);
    const twin = candidates.get(text)?.[turn];
    return twin === undefined ? [] : [{ a: i, b: twin }];
  });
  return new Map(forward(pairs).map(pair => [pair.a, pair.b]));
}

/** Most of the pairs such that both numbers rise: the longest rising row. */
function forward(pairs: readonly Pair[]): Pair[] {
  /** By length: the place of the pair with the least end, and the pair before each. */
  const ends: number[] = [];
  const before: number[] = [];
  for (const [i, { b }] of pairs.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (pairs[ends[middle]].b < b) low = middle + 1;
      else high = middle;
    }
    before.push(low > 0 ? ends[low - 1] : -1);
    ends[low] = i;
  }
  const found: Pair[] = [];
  for (let i = ends[ends.length - 1] ?? -1; i >= 0; i = before[i]) found.push(pairs[i]);
  return found.reverse();
}

/** Everything in order: what stands between two pairs of twins has none. */
function rowsOf(lengthA: number, lengthB: number, twins: readonly Pair[]): Pair[] {
  const rows: Pair[] = [];
  let [a, b] = [0, 0];
  for (const twin of [...twins, { a: lengthA, b: lengthB }]) {
    for (; a < twin.a; a++) rows.push({ a, b: -1 });
    for (; b < twin.b; b++) rows.push({ a: -1, b });
    if (a < lengthA && b < lengthB) rows.push(twin);
    a++;
    b++;
  }
  return rows;
}
