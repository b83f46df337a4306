import { type Cell, matchesCell } from '../scenario/resolve.ts';
import type { LessonFile } from './lesson-file.ts';

/** The sets of numbers a lesson can be done with: values of the axes that bring nothing else. */
export function rollsOf({ lesson, scenarios }: LessonFile): Cell[] {
  const { numbers = [] } = lesson;
  const rolls = new Map<string, Cell>();
  for (const { cell } of scenarios) {
    const roll = Object.fromEntries(numbers.map(axis => [axis, cell[axis]]));
    rolls.set(JSON.stringify(roll), roll);
  }
  return [...rolls.values()];
}

/** The variant of a part: the first that fits it, with the numbers of a roll where there is one. */
export function cellOf(file: LessonFile, part: number, roll: number): Cell {
  const rolls = rollsOf(file);
  const about = file.lesson.parts[part].cell ?? {};
  const fitting = file.scenarios.filter(({ cell }) => matchesCell(about, cell));
  const numbers = rolls[roll % rolls.length];
  const found = fitting.find(({ cell }) => matchesCell(numbers, cell)) ?? fitting[0];
  if (!found) throw new Error(`no variant fits part ${part + 1}`);
  return found.cell;
}
