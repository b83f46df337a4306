import {
  cellOf,
  judge,
  type LessonFile,
  type Loaded,
  openLesson,
  shownLesson,
  shownPart,
} from '../../src/index.ts';
import { readOf } from './answer-path.ts';
import type { LessonRequest, Reply, RunRequest, Source } from './protocol.ts';

/** The lesson asked about last: its parts are asked for one after another. */
let last: { readonly source: Source; readonly file: LessonFile } | null = null;

const isSame = (a: Source, b: Source): boolean => a.file === b.file && a.text === b.text;

/** The lesson of a file that is known to load. Throws where it has none. */
function lessonOf(source: Source): LessonFile {
  if (last && isSame(last.source, source)) return last.file;
  const { file } = openLesson(source.file, source.text, readOf(source));
  if (!file) throw new Error('this file has no lesson');
  last = { source, file };
  return file;
}

/** Tells what a part shows, whether an answer is right, or how a task is done. */
export function answerLesson(
  { id, source, lesson }: LessonRequest,
  say: (reply: Reply) => void,
): void {
  const file = lessonOf(source);
  const { want, roll, given } = lesson;
  const part = Math.min(lesson.part, file.lesson.parts.length - 1);
  switch (want) {
    case 'part':
      return say({
        id,
        kind: 'part',
        lesson: shownLesson(file),
        part: shownPart(file, part, roll),
      });
    case 'judgement':
      return say({ id, kind: 'judgement', judgement: judge(file, { part, roll }, given) });
    case 'solution':
      return say({
        id,
        kind: 'solution',
        text: file.taskText(part, cellOf(file, part, roll), 'solution'),
        explain: file.lesson.parts[part].ask?.explain.trim() ?? '',
      });
  }
}

/** The scenario of a task as a learner changed it. */
export function loadedAttempt({ source, attempt }: RunRequest): Loaded {
  if (!attempt) throw new Error('nothing was attempted');
  const file = lessonOf(source);
  const { part, roll, text } = attempt;
  return file.attempt(part, cellOf(file, part, roll), text);
}
