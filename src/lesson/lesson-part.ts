import type { Cell } from '../scenario/resolve.ts';
import { ASK_KINDS, type AskKind, type AskYaml, type PartYaml } from '../scenario/schema-lesson.ts';
import { numberFrom } from './kind-fill.ts';
import { askedOf } from './kinds.ts';
import { cellOf, rollsOf } from './lesson-cells.ts';
import type { LessonFile } from './lesson-file.ts';
import type { Answer, Given, Question } from './question.ts';
import { recordAt, standAt } from './select.ts';
import { type Library, runIn } from './value.ts';

/** A part of a lesson as it is shown before its question is answered: nothing tells the answer. */
export interface ShownPart {
  readonly title: string;
  readonly text: string;
  readonly cell: Cell;
  /** The record the picture stands at; -1 before the first. */
  readonly stop: number;
  readonly show: PartYaml['show'] | null;
  readonly table: PartYaml['table'] | null;
  /** The question in words; empty where there is none. */
  readonly asks: string;
  readonly question: Question | null;
}

/** A lesson as its table of contents has it. */
export interface ShownLesson {
  readonly name: string;
  readonly title: string;
  readonly goal: string;
  readonly parts: readonly { readonly title: string; readonly kind: AskKind | null }[];
  /** How many sets of numbers it can be done with. */
  readonly rolls: number;
}

/** What the run says about an answer. */
export interface Judgement {
  readonly right: boolean;
  readonly answer: Given;
  /** What the misconception behind a wrong answer is told; empty where there is nothing to tell. */
  readonly said: string;
  readonly explain: string;
  /** The record up to which the run plays to show the answer. */
  readonly seq: number;
}

/** The kind of question a part asks; null for none. */
export const kindOf = ({ ask }: PartYaml): AskKind | null =>
  ASK_KINDS.find(kind => ask?.[kind] !== undefined) ?? null;

/** The table of contents of a lesson. */
export const shownLesson = (file: LessonFile): ShownLesson => ({
  name: file.name,
  title: file.title,
  goal: file.lesson.goal,
  parts: file.lesson.parts.map(part => ({ title: part.title, kind: kindOf(part) })),
  rolls: rollsOf(file).length,
});

/** Where the answers of a part are looked up. */
export const libraryOf = (file: LessonFile, part: number, roll: number): Library => ({
  runs: file.runs,
  cell: cellOf(file, part, roll),
});

/** A part of a lesson, from 0, with one of its sets of numbers. */
export function shownPart(file: LessonFile, part: number, roll: number): ShownPart {
  const { title, text, at, show, table, ask } = file.lesson.parts[part];
  const library = libraryOf(file, part, roll);
  return {
    title,
    text: text.trim(),
    cell: library.cell,
    stop: standAt(runIn(library), at) ?? -1,
    show: show ?? null,
    table: table ?? null,
    asks: ask?.question ?? '',
    question: ask ? questionOf(file, library, { ask, part }) : null,
  };
}

function questionOf(
  file: LessonFile,
  library: Library,
  { ask, part }: { readonly ask: AskYaml; readonly part: number },
): Question | null {
  if (ask.repair)
    return {
      kind: 'repair',
      text: file.taskText(part, library.cell, 'start'),
      hint: ask.repair.hint ?? '',
    };
  return askedOf(library, ask)?.question() ?? null;
}

/** Judges an answer; null asks only for the right one. The part must ask something but a repair. */
export function judge(
  file: LessonFile,
  at: { readonly part: number; readonly roll: number },
  given: Given | null,
): Judgement {
  const { ask, at: place } = file.lesson.parts[at.part];
  const library = libraryOf(file, at.part, at.roll);
  const asked = ask && askedOf(library, ask);
  if (!ask || !asked) throw new Error(`part ${at.part + 1} asks nothing that could be judged`);
  const answer = asked.answer();
  const right = given !== null && isRight(ask, answer, given);
  const name = right || given === null ? '' : asked.misconception(given);
  return {
    right,
    answer: answer.right[0] ?? [],
    said: file.lesson.misconceptions[name]?.trim() ?? '',
    explain: ask.explain.trim(),
    seq: shownAt(library, ask, answer) ?? standAt(runIn(library), place) ?? -1,
  };
}

/** Numbers count by their value, everything else by its keys. */
function isRight(ask: AskYaml, { right }: Answer, given: Given): boolean {
  const base = ask.fill?.as ?? 'hex';
  const plain = (answer: Given): string =>
    ask.fill ? String(numberFrom(answer[0] ?? '', base)) : JSON.stringify(answer);
  return right.some(answer => plain(answer) === plain(given));
}

function shownAt(library: Library, ask: AskYaml, answer: Answer): number | null {
  if (ask.until) return recordAt(runIn(library), ask.until)?.seq ?? null;
  return answer.seq >= 0 ? answer.seq : null;
}
