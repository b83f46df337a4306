/** Lessons, apart from the rest of the public interface: whoever has none need not load them. */

export { checkLesson } from './lesson/check-lesson.ts';
export { cellOf, rollsOf } from './lesson/lesson-cells.ts';
export { ATTEMPT_FILE, type LessonFile, openLesson } from './lesson/lesson-file.ts';
export { judge, shownLesson, shownPart } from './lesson/lesson-part.ts';
export type { Loaded } from './scenario/load.ts';
