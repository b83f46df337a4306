import type { CheckInput, CheckResult } from '../model/check.ts';
import type { Machine } from '../model/machine.ts';
import type { Out } from '../model/out.ts';
import type { Happening, TraceRecord } from '../model/record.ts';
import { createPlaces, inputPlace } from './places.ts';

/** Keeps the trace, numbers it, and finds the causes of every record. */
export interface Recorder {
  readonly out: Out;
  /** Records made by this recorder, those of an earlier one not included. */
  readonly trace: TraceRecord[];
  /** What the recorder remembers between two events, besides its records. */
  save(): RecorderImage;
}

/** Who wrote each place last, and where each thread of events left off, by record. */
export interface RecorderImage {
  /** Number of the next record. */
  readonly seq: number;
  readonly writers: Readonly<Record<string, number>>;
  readonly marks: Readonly<Record<string, number>>;
}

const NO_CHECKS: readonly CheckResult[] = [];

/** The same function, which works out each answer once. */
function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>();
  return text => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const fresh = answer(text);
    answers.set(text, fresh);
    return fresh;
  };
}

/** A place and all it is part of: `nic0.msi[0].data`, `nic0.msi[0]`, `nic0`. */
function enclosingPlaces(place: string): readonly string[] {
  const names = place.split('.');
  return names.map((_, i) => names.slice(0, names.length - i).join('.'));
}

/** A recorder, fresh or going on where another one was. */
export function createRecorder(machine: Machine, from: RecorderImage | null = null): Recorder {
  const places = createPlaces(machine);
  const enclosing = remembered(enclosingPlaces);
  const placeOf = remembered(inputPlace);
  const trace: TraceRecord[] = [];
  const writers = new Map(Object.entries(from?.writers ?? {}));
  const marks = new Map(Object.entries(from?.marks ?? {}));
  let seq = from?.seq ?? 0;
  let timeNs = 0;
  let cause = -1;

  const lastWriter = (place: string): number => {
    for (const part of enclosing(place)) {
      const writer = writers.get(part);
      if (writer !== undefined) return writer;
    }
    return -1;
  };
  const withWriter = ({ ref, value }: CheckInput): CheckInput => ({
    ref,
    value,
    lastWriter: ref.startsWith('message.') ? cause : lastWriter(placeOf(ref)),
  });

  const emit = (actor: string, what: Happening, checks: readonly CheckResult[] = NO_CHECKS) => {
    const { where, writes, reads } = places(what);
    const causes = cause >= 0 ? [cause] : [];
    for (const place of reads) {
      const writer = lastWriter(place);
      if (writer >= 0 && !causes.includes(writer)) causes.push(writer);
    }
    trace.push({
      seq,
      timeNs,
      causes,
      actor,
      where,
      ...what,
      checks: checks.map(check => ({ ...check, inputs: check.inputs.map(withWriter) })),
    });
    for (const place of writes) writers.set(place, seq);
    seq++;
  };

  return {
    trace,
    out: {
      level: 'full',
      emit,
      at: ns => {
        timeNs = ns;
        cause = -1;
      },
      follow: () => {
        const before = cause;
        cause = seq - 1;
        return before;
      },
      back: before => {
        cause = before;
      },
      mark: key => {
        marks.set(key, seq - 1);
      },
      resume: key => {
        cause = marks.get(key) ?? -1;
      },
    },
    save: () => ({ seq, writers: Object.fromEntries(writers), marks: Object.fromEntries(marks) }),
  };
}
