import type { CheckInput, CheckResult } from '../model/check.ts';
import type { Machine } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { Happening, TraceRecord } from '../model/record.ts';
import { createPlaces, inputPlace } from './places.ts';

/** Keeps the whole trace, numbers it, and finds the causes of every record. */
export interface Recorder {
  readonly out: Out;
  readonly trace: TraceRecord[];
  /** What the recorder remembers besides the trace, for a checkpoint. */
  save(): RecorderMemory;
}

/** Who wrote each place last, and where each thread of events left off. */
export interface RecorderMemory {
  readonly writers: Readonly<Record<string, number>>;
  readonly marks: Readonly<Record<string, number>>;
}

const NO_CHECKS: readonly CheckResult[] = [];

/** A recorder, fresh or going on from a checkpoint whose trace so far is given. */
export function createRecorder(
  machine: Machine,
  from: { readonly trace: readonly TraceRecord[]; readonly memory: RecorderMemory } | null = null,
): Recorder {
  const places = createPlaces(machine);
  const trace: TraceRecord[] = from ? [...from.trace] : [];
  const writers = new Map<string, number>(from ? Object.entries(from.memory.writers) : []);
  const marks = new Map<string, number>(from ? Object.entries(from.memory.marks) : []);
  let timeNs = 0;
  let cause = -1;

  const lastWriter = (ref: string): number => {
    for (let place = ref; place; place = place.slice(0, Math.max(0, place.lastIndexOf('.')))) {
      const seq = writers.get(place);
      if (seq !== undefined) return seq;
    }
    return -1;
  };
  const withWriter = (input: CheckInput): CheckInput => ({
    ...input,
    lastWriter: input.ref.startsWith('message.') ? cause : lastWriter(inputPlace(input.ref)),
  });

  const emit = (actor: string, what: Happening, checks: readonly CheckResult[] = NO_CHECKS) => {
    const seq = trace.length;
    const { where, writes, reads } = places(what);
    const causes = new Set<number>();
    if (cause >= 0) causes.add(cause);
    for (const place of reads) {
      const writer = lastWriter(place);
      if (writer >= 0) causes.add(writer);
    }
    trace.push({
      seq,
      timeNs,
      causes: [...causes],
      actor,
      where,
      ...what,
      checks: checks.map(check => ({ ...check, inputs: check.inputs.map(withWriter) })),
    });
    for (const place of writes) writers.set(place, seq);
    return seq;
  };

  return {
    trace,
    out: {
      level: 'full',
      emit: (actor, what, checks) => {
        emit(actor, what, checks);
      },
      at: ns => {
        timeNs = ns;
        cause = -1;
      },
      follow: () => {
        const before = cause;
        cause = trace.length - 1;
        return before;
      },
      back: seq => {
        cause = seq;
      },
      mark: key => {
        marks.set(key, trace.length - 1);
      },
      resume: key => {
        cause = marks.get(key) ?? -1;
      },
    },
    save: () => ({ writers: Object.fromEntries(writers), marks: Object.fromEntries(marks) }),
  };
}
