import { messageWords } from '../model/wire.ts';
import { evaluate } from '../runner/assert.ts';
import { type BitView, bitsAt, messageIn } from '../runner/bits-view.ts';
import { readPlace } from '../runner/state-path.ts';
import type { Cell } from '../scenario/resolve.ts';
import type { ConditionYaml, ValueYaml } from '../scenario/schema-lesson.ts';
import type { CellPattern, LessonRun, LessonRuns } from './lesson-runs.ts';
import { counted, recordAt } from './select.ts';

/** Where the answers of a part are looked up: its variant, and the others of the file. */
export interface Library {
  readonly runs: LessonRuns;
  readonly cell: Cell;
}

/** The run of the part’s variant, or of another one. */
export const runIn = ({ runs, cell }: Library, pattern?: CellPattern): LessonRun =>
  runs.of(cell, pattern);

/** A number as a lesson names it; null where the run has none. */
export function numberOf(library: Library, value: ValueYaml): number | null {
  if (typeof value === 'number') return value;
  const run = runIn(library, value.cell);
  if ('count' in value) return counted(run, value.count).count;
  if ('state' in value) {
    const found = readPlace(run.scenario.machine, run.view.state, value.state);
    return typeof found === 'boolean' ? Number(found) : typeof found === 'number' ? found : null;
  }
  const record = recordAt(run, value.of);
  if (!record) return null;
  if ('key' in value) {
    const found = Object.entries(record).find(([key]) => key === value.key)?.[1];
    return typeof found === 'number' ? found : null;
  }
  return fieldOf(run, record.seq, value.field);
}

/** Words of a message by the names of its registers. */
const WORDS: Readonly<Record<string, number>> = { address: 0, addressHigh: 1, data: 2 };

function fieldOf({ scenario, view }: LessonRun, seq: number, name: string): number | null {
  const message = messageIn(view.trace[seq]);
  const bits = bitsAt(scenario.machine, view.trace, seq);
  const field = bits?.decoding.document.fields.find(one => one.name === name);
  if (field && !(name in WORDS)) return field.value;
  const words = message ? messageWords(message) : wordsOf(bits);
  return words?.[WORDS[name]] ?? field?.value ?? null;
}

const wordsOf = (bits: BitView | null): readonly number[] | null =>
  bits?.subject === 'message' ? (bits.decoding.entry?.words ?? null) : null;

/** Whether what an option claims is so. */
export function isSo(library: Library, when: ConditionYaml): boolean {
  const run = runIn(library, when.cell);
  const there: Library = { ...library, cell: run.scenario.cell };
  return holds(there, run, when) !== (when.not ?? false);
}

function holds(library: Library, run: LessonRun, when: ConditionYaml): boolean {
  if (when.holds) return evaluate(run.scenario, run.view, when.holds).holds;
  if (when.record) return counted(run, when.record).fits;
  if (!when.equal) throw new Error('a condition without a claim');
  const [a, b] = when.equal.map(value => numberOf(library, value));
  return a !== null && a === b;
}
