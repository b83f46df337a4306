import { describe } from '../model/describe.ts';
import { HOST, type Machine, NONE } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import type { Alignment, Row, Side } from './align.ts';
import type { Fate } from './film.ts';
import { layerName, layerTitle } from './picture.ts';

/** What two designs are held against each other by. */
export type Aspect =
  | 'stacks'
  | 'creation'
  | 'composes'
  | 'stores'
  | 'traps'
  | 'hypercalls'
  | 'faults'
  | 'isolated'
  | 'works';

/** One aspect of both runs. */
export interface AspectRow {
  readonly aspect: Aspect;
  readonly a: string;
  readonly b: string;
}

/** What became of the messages of a step in both runs. */
export interface StepRow {
  /** The step as written. */
  readonly text: string;
  readonly a: readonly Fate[];
  readonly b: readonly Fate[];
}

/** Two runs, held against each other. */
export interface Summary {
  readonly aspects: readonly AspectRow[];
  readonly steps: readonly StepRow[];
}

/** A run with the verdicts that hold of it. */
export interface JudgedSide extends Side {
  readonly isolated: boolean;
  readonly works: boolean;
}

const NOBODY = 'nobody';
const listOf = (items: readonly string[]): string => [...new Set(items)].join(', ') || NOBODY;

/** Holds two runs against each other, aspect by aspect and step by step. */
export function summaryOf(a: JudgedSide, b: JudgedSide): Summary {
  const row = (aspect: Aspect, of: (side: JudgedSide) => string): AspectRow => ({
    aspect,
    a: of(a),
    b: of(b),
  });
  const count = (act: TraceRecord['act']) => (side: JudgedSide) =>
    String(side.trace.filter(record => record.act === act).length);
  return {
    aspects: [
      row('stacks', ({ machine }) => stacksText(machine)),
      row('creation', creationText),
      row('composes', composersText),
      row('stores', storersText),
      row('traps', count('trap')),
      row('hypercalls', count('hypercall')),
      row('faults', count('fault')),
      row('isolated', ({ isolated }) => (isolated ? 'yes' : 'no')),
      row('works', ({ works }) => (works ? 'yes' : 'no')),
    ],
    steps: stepRows(a, b),
  };
}

/** The stacks of every realm, from the device to the CPU. */
function stacksText(machine: Machine): string {
  const texts = machine.realms.flatMap(({ name }, realm) => {
    const stacks = machine.stacks[realm]
      .filter(top => top !== NONE)
      .map(top => stackText(machine, top));
    return [...new Set(stacks)].map(stack => `${name}: ${stack}`);
  });
  return texts.join('; ');
}

function stackText(machine: Machine, top: number): string {
  const kinds: string[] = [];
  for (let at = top; at !== NONE; at = machine.domains[at].parent)
    kinds.push(machine.domains[at].kind);
  return kinds.join(' – ');
}

/** Layers that could not be created, and why. */
function creationText({ trace }: Side): string {
  const refused = trace.flatMap(record =>
    record.act === 'create' && record.error ? [`${record.domain}: ${record.error}`] : [],
  );
  return refused.length > 0 ? [...new Set(refused)].join(', ') : 'all layers';
}

const byHand = (actor: string): string => `${actor}, by hand`;

function composersText({ machine, trace }: Side): string {
  return listOf(
    trace.flatMap(record => {
      if (record.act === 'forge') return [byHand(record.actor)];
      if (record.act !== 'compose' || !record.message) return [];
      const index = machine.domains.findIndex(({ name }) => name === record.domain);
      const { kind, realm } = machine.domains[index];
      return [realm === HOST ? layerTitle(kind) : layerName(machine, index)];
    }),
  );
}

/** Whose writes reached the stores devices send from. */
const storersText = ({ trace }: Side): string =>
  listOf(
    trace.flatMap(record =>
      record.act === 'write' && record.unit === 'store' ? [record.actor] : [],
    ),
  );

/** Steps of either script that sent something, in the order of the first, then of the second. */
function stepRows(a: Side, b: Side): StepRow[] {
  const fates = ({ film, steps }: Side): Map<string, Fate[]> => {
    const found = new Map<string, Fate[]>();
    for (const { id, fate } of film.journeys) {
      const step = steps[film.stepOf[id]];
      const text = step ? `${step.text}${step.label ? ` (${step.label})` : ''}` : '';
      found.set(text, [...(found.get(text) ?? []), fate]);
    }
    return found;
  };
  const [first, second] = [fates(a), fates(b)];
  return [...new Set([...first.keys(), ...second.keys()])].map(text => ({
    text,
    a: first.get(text) ?? [],
    b: second.get(text) ?? [],
  }));
}

/** Names of the two sides in sentences. */
export interface SideNames {
  readonly a: string;
  readonly b: string;
}

/** What happens in a row, in a sentence that names both sides. */
export function rowSentence(
  a: Side,
  b: Side,
  at: { readonly row: Row; readonly names: SideNames },
): string {
  const { row, names } = at;
  const say = (side: Side, seq: number): string =>
    describe(side.machine, side.trace[seq].actor, side.trace[seq]);
  const step = stepText(a, row.a) ?? stepText(b, row.b) ?? '';
  if (row.kind === 'alone') {
    const [mine, seq, name] = row.a >= 0 ? [a, row.a, names.a] : [b, row.b, names.b];
    return `${step}only ${name}: ${say(mine, seq)}`;
  }
  const [left, right] = [say(a, row.a), say(b, row.b)];
  if (row.kind === 'alike' || left === right) return `${step}${left}`;
  return `${step}${names.a}: ${left}; ${names.b}: ${right}`;
}

function stepText({ film, steps }: Side, seq: number): string | null {
  if (seq < 0) return null;
  const step = film.stepOf[seq];
  return step < 0 ? 'before the script, ' : `step ${step + 1} (${steps[step].text}), `;
}

/**
 * Where two runs part, in a sentence: what one side does there, with what the other side does
 * in its place. Null where they never part.
 */
export function partingSentence(
  a: Side,
  b: Side,
  at: { readonly alignment: Alignment; readonly names: SideNames },
): string | null {
  const { rows, parting } = at.alignment;
  if (parting < 0) return null;
  const row = rows[parting];
  if (row.kind === 'unlike') return rowSentence(a, b, { row, names: at.names });
  const mine = row.a >= 0;
  const step = mine ? a.film.stepOf[row.a] : b.film.stepOf[row.b];
  const instead = rows.find(
    (other, i) =>
      i > parting &&
      other.kind === 'alone' &&
      (mine ? other.b >= 0 : other.a >= 0) &&
      (mine ? b.film.stepOf[other.b] : a.film.stepOf[other.a]) === step,
  );
  const [left, right] = mine ? [row, instead] : [instead, row];
  const say = (side: Side, seq: number | undefined): string =>
    seq === undefined || seq < 0
      ? 'nothing of the kind'
      : describe(side.machine, side.trace[seq].actor, side.trace[seq]);
  const where = (mine ? stepText(a, row.a) : stepText(b, row.b)) ?? '';
  return `${where}${at.names.a}: ${say(a, left?.a)}; ${at.names.b}: ${say(b, right?.b)}`;
}

/** The moment of another run that belongs to one of this: its twin, or the last before it. */
export function twinOf({ upTo, rows }: Alignment, seq: number): number {
  const row = rows.findIndex(({ a }) => a === seq);
  return row < 0 ? -1 : upTo[row].b;
}
