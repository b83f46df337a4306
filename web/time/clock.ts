import type { TraceRecord } from '../../src/index.ts';

/**
 * Presentation time: when each record is shown, in milliseconds from the beginning at normal speed.
 * A monotone warp of simulated time that gives every record time to be followed.
 */
export interface Clock {
  /** When a record begins to show, by sequence number; never falls. */
  readonly start: readonly number[];
  /** When what it shows has come to rest. */
  readonly end: readonly number[];
  readonly total: number;
}

/** Least time a record is shown, and the time of those that move something. */
const LEAST_MS = 600;
const MOVE_MS = 1000;
/** Simulated time that passes between records shows as a pause, at most this long. */
const GAP_MS = 400;
/** Records of one moment beyond this number are shown in groups, each as one. */
const SINGLE_MAX = 60;

type Act = TraceRecord['act'];

const MOVES: readonly Act[] = [
  'compose',
  'put',
  'forge',
  'trap',
  'hypercall',
  'emit',
  'retag',
  'translate',
  'fault',
  'deliver',
  'post',
];

/** Records of a crowded moment that show together. */
const GROUPS: readonly (readonly Act[])[] = [
  ['raise', 'emit', 'stray'],
  ['retag', 'translate', 'fault', 'post'],
  ['deliver', 'service', 'eoi'],
];

const groupOf = (act: Act): number => GROUPS.findIndex(group => group.includes(act));

/** The presentation times of a trace. */
export function clockOf(trace: readonly TraceRecord[]): Clock {
  const start: number[] = [];
  const end: number[] = [];
  let now = 0;
  for (let first = 0; first < trace.length; ) {
    let last = first + 1;
    while (last < trace.length && trace[last].timeNs === trace[first].timeNs) last++;
    if (first > 0) now += gapMs(trace[first].timeNs - trace[first - 1].timeNs);
    now = showMoment(trace.slice(first, last), { start, end, now });
    first = last;
  }
  return { start, end, total: now };
}

const gapMs = (passedNs: number): number =>
  Math.min(GAP_MS, Math.round(100 * Math.log10(1 + passedNs)));

/** Shows the records of one moment one after another, or a crowd of them in groups. */
function showMoment(
  moment: readonly TraceRecord[],
  at: { readonly start: number[]; readonly end: number[]; readonly now: number },
): number {
  const crowded = moment.length > SINGLE_MAX;
  let now = at.now;
  let begun = at.now;
  for (const [i, record] of moment.entries()) {
    const shared = crowded && i > 0 && groupOf(record.act) === groupOf(moment[i - 1].act);
    if (!shared) begun = now;
    now = Math.max(now, begun + lengthOf(record));
    at.start.push(begun);
    at.end.push(now);
  }
  return now;
}

/** That a step is done shows nothing; everything else has its time. */
function lengthOf(record: TraceRecord): number {
  if (record.act === 'result' && !record.error) return 0;
  return MOVES.includes(record.act) ? MOVE_MS : LEAST_MS;
}

/** When everything up to record `seq` has come to rest; -1 is the beginning. */
export const restAt = (clock: Clock, seq: number): number => (seq < 0 ? 0 : clock.end[seq]);

/** The last record that has begun to show at a time; -1 for none. */
export function seqAt(clock: Clock, timeMs: number): number {
  let low = 0;
  let high = clock.start.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (clock.start[middle] <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How much of a record has been shown at a time: 0 not begun, 1 at rest. */
export function shareAt(clock: Clock, seq: number, timeMs: number): number {
  const length = clock.end[seq] - clock.start[seq];
  return length === 0 ? 1 : Math.min(1, Math.max(0, (timeMs - clock.start[seq]) / length));
}
