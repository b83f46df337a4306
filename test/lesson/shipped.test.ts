import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLesson } from '../../src/lesson/check-lesson.ts';
import { rollsOf } from '../../src/lesson/lesson-cells.ts';
import { judge, kindOf, shownPart } from '../../src/lesson/lesson-part.ts';
import { ASK_KINDS } from '../../src/scenario/schema-lesson.ts';
import { LESSON_FILES, LESSONS, opened, textOf } from './lessons.ts';

const files = LESSON_FILES.map(name => ({ name, file: opened(name, textOf(name)) }));
const parts = files.flatMap(({ name, file }) =>
  file.lesson.parts.map((part, index) => ({ name, file, part, index })),
);

describe('the shipped lessons', () => {
  it('are twelve, in an order of their own, with more than forty questions of every kind', () => {
    expect(files.map(({ file }) => file.lesson.order)).toEqual(files.map((_, i) => i + 1));
    expect(files).toHaveLength(12);
    const kinds = parts.map(({ part }) => kindOf(part)).filter(kind => kind !== null);
    expect(kinds.length).toBeGreaterThanOrEqual(40);
    expect([...new Set(kinds)].sort()).toEqual([...ASK_KINDS].sort());
  });

  it.each(files)('$name ends with a task the runner judges', ({ file }) => {
    const kinds = file.lesson.parts.map(kindOf);
    expect(kinds.at(-1)).toBe('repair');
    expect(kinds.filter(kind => kind === 'repair')).toHaveLength(1);
  });

  it.each(files)(
    '$name: every question has an answer, every wrong one is told something',
    ({ file }) => {
      expect(checkLesson(file).filter(({ pass }) => !pass)).toEqual([]);
    },
  );

  it.each(files)('$name can be done again with other numbers, or has none', ({ file }) => {
    const { numbers = [] } = file.lesson;
    expect(rollsOf(file).length > 1).toBe(numbers.length > 0);
  });

  it.each(files)('$name uses every misconception it names', ({ name, file }) => {
    const text = textOf(name);
    const used = text.slice(text.indexOf('  parts:'));
    const unused = Object.keys(file.lesson.misconceptions).filter(
      misconception => !new RegExp(`[:{,] ${misconception}\\b`).test(used),
    );
    expect(unused).toEqual([]);
  });

  it('show nothing of the answer before it is given', () => {
    for (const { name, file, part, index } of parts) {
      if (!part.ask || part.ask.repair) continue;
      const shown = JSON.stringify(shownPart(file, index, 0));
      const { explain } = judge(file, { part: index, roll: 0 }, null);
      expect(shown, name).not.toContain(explain.slice(0, 40));
      expect(shown, name).not.toMatch(/"(when|misconception|right|answer)"/);
    }
  });

  it('put the right option first no more often than chance would', () => {
    const firsts = parts.flatMap(({ file, part, index }) => {
      const { question } = shownPart(file, index, 0);
      if (!part.ask?.choose || question?.kind !== 'choose') return [];
      return [question.choices[0].key === judge(file, { part: index, roll: 0 }, null).answer[0]];
    });
    expect(firsts.length).toBeGreaterThan(10);
    const share = firsts.filter(Boolean).length / firsts.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.6);
  });
});

describe('the lesson of the handbook', () => {
  const text = readFileSync(join(LESSONS, 'README.md'), 'utf8');
  const [, example] = /^```yaml\n([\s\S]*?)^```$/m.exec(text) ?? [];

  it('is a lesson that can be done', () => {
    expect(checkLesson(opened('example.yaml', example)).filter(({ pass }) => !pass)).toEqual([]);
  });
});
