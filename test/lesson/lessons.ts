import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LessonFile, openLesson } from '../../src/lesson/lesson-file.ts';
import { problemText } from '../../src/scenario/problem-text.ts';
import type { ReadFile } from '../../src/scenario/resolve.ts';

export const LESSONS = join(import.meta.dirname, '..', '..', 'scenarios', 'lessons');

/** Names of the shipped lessons, in order. */
export const LESSON_FILES = readdirSync(LESSONS).filter(name => name.endsWith('.yaml'));

export const textOf = (name: string): string => readFileSync(join(LESSONS, name), 'utf8');

const read: ReadFile = (path, from) => {
  const file = join(dirname(from), path);
  return existsSync(file) ? { file, text: readFileSync(file, 'utf8') } : null;
};

/** Opens a lesson; throws with all problems where it can’t be. */
export function opened(name: string, text: string): LessonFile {
  const { file, problems } = openLesson(name, text, read);
  if (!file) throw new Error(problems.map(problem => problemText(problem, text)).join('\n'));
  return file;
}
