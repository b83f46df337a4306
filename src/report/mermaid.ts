import { describe } from '../model/describe.ts';
import type { Machine } from '../model/machine.ts';
import type { TraceRecord } from '../model/record.ts';
import type { Film } from './film.ts';
import { laneStepOf, lanesOf, marksBefore } from './lanes.ts';

/** What is drawn: a run, its film, and the steps of its script as they are written. */
export interface Told {
  readonly title: string;
  readonly machine: Machine;
  readonly trace: readonly TraceRecord[];
  readonly film: Film;
  readonly steps: readonly { readonly text: string }[];
}

/** Acts that say nothing a reader of a diagram would miss. */
const LEFT_OUT: readonly TraceRecord['act'][] = ['step', 'result', 'choice', 'create', 'right'];

/**
 * A run as text for Mermaid: a sequence diagram. Only lanes that have a part in it are drawn, in
 * the order of the wire.
 */
export function mermaidText(told: Told): string {
  const { machine, trace, film, title } = told;
  const before = marksBefore(film.journeys);
  const shown = trace.filter(record => !LEFT_OUT.includes(record.act));
  const moves = new Map(
    shown.map(record => [record.seq, laneStepOf(machine, record, before.get(record.seq) ?? null)]),
  );
  const used = new Set([...moves.values()].flatMap(({ from, to }) => [from, to]));
  const every = lanesOf(machine);
  const lanes = used.size === 0 ? every : every.filter(({ key }) => used.has(key));
  const ids = new Map(lanes.map(({ key }, i) => [key, `p${i}`]));
  const id = (key: string): string => ids.get(key) ?? 'p0';
  const [first, last] = ['p0', `p${Math.max(0, lanes.length - 1)}`];
  const lines = trace.flatMap(record => {
    if (record.act === 'step') {
      const text = `${record.step + 1} ${told.steps[record.step]?.text ?? record.verb}`;
      return [`  Note over ${first}${last === first ? '' : `,${last}`}: ${escaped(text)}`];
    }
    const move = moves.get(record.seq);
    if (!move) return [];
    const text = escaped(describe(machine, record.actor, record));
    const decided = film.journeys[film.journeyOf[record.seq]];
    const fate = decided?.fateSeq === record.seq ? decided.fate : null;
    return [
      `  ${id(move.from)}->>${id(move.to)}: ${text}`,
      ...(fate ? [`  Note right of ${id(move.to)}: ${fate}`] : []),
    ];
  });
  return `${[
    '---',
    `title: ${JSON.stringify(title)}`,
    '---',
    'sequenceDiagram',
    ...lanes.map(({ key, name }) => `  participant ${id(key)} as ${escaped(name)}`),
    ...lines,
  ].join('\n')}\n`;
}

/** Characters and words Mermaid reads as its own: `;` and `#` end or escape, `end` closes a block. */
const escaped = (text: string): string =>
  text
    .replaceAll('#', '#35;')
    .replaceAll(/;(?<!#35;)/g, '#59;')
    .replaceAll(/\bend\b/gi, word => `${word[0]}#${word.charCodeAt(1)};${word[2]}`)
    .replaceAll(/[<>]/g, sign => `#${sign.charCodeAt(0)};`);
