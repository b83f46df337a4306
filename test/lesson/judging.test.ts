import { describe, expect, it } from 'vitest';
import { ATTEMPT_FILE } from '../../src/lesson/attempt-file.ts';
import { judge, shownPart } from '../../src/lesson/lesson-part.ts';
import type { Given } from '../../src/lesson/question.ts';
import { runScenario } from '../../src/runner/run-scenario.ts';
import { opened, textOf } from './lessons.ts';

const at = (part: number) => ({ part: part - 1, roll: 0 });

describe('judging an answer', () => {
  const first = opened('01', textOf('01-a-write.yaml'));
  const sixth = opened('06', textOf('06-remapping.yaml'));
  const seventh = opened('07', textOf('07-source-id.yaml'));

  const optionOf = (text: string): string => {
    const { question } = shownPart(first, 0, 0);
    const choices = question?.kind === 'choose' ? question.choices : [];
    return choices.find(choice => choice.text.includes(text))?.key ?? '';
  };

  it('tells a wrong answer the sentence of its misconception, and a right one nothing', () => {
    const wire = judge(first, at(1), [optionOf('pulse')]);
    expect(wire.right).toBe(false);
    expect(wire.said).toBe(first.lesson.misconceptions.wire.trim());
    const write = judge(first, at(1), [optionOf('A write')]);
    expect(write).toMatchObject({ right: true, said: '' });
    expect(write.explain).toBe(first.lesson.parts[0].ask?.explain.trim());
  });

  it('names the record that shows the answer, which lies after what is shown before', () => {
    const { stop } = shownPart(first, 0, 0);
    const { seq } = judge(first, at(1), null);
    const { trace } = first.runs.of(first.scenarios[0].cell, {}).view;
    expect(trace[seq].act).toBe('emit');
    expect(seq).toBeGreaterThan(stop);
  });

  it.each([
    ['0x41', true],
    ['41', true],
    ['0041', true],
    ['41h', true],
    ['65', false],
    ['0x14', false],
    ['', false],
    ['vector', false],
  ])('reads %s as a number in hexadecimal: %s', (text, right) => {
    expect(judge(first, at(3), [text]).right).toBe(right);
  });

  it('knows a wrong number that tells something', () => {
    expect(judge(first, at(3), ['fee00000']).said).toBe(
      first.lesson.misconceptions['address-is-number'].trim(),
    );
    const handle = judge(sixth, at(4), ['41']);
    expect(handle.said).toBe(sixth.lesson.misconceptions['handle-is-vector'].trim());
  });

  it('takes every right answer where there are several, and no other', () => {
    const right = (key: string): boolean => judge(seventh, at(3), [key]).right;
    expect(['sid', 'svt', 'sq'].map(right)).toEqual([true, true, true]);
    expect(['vector', 'dest', 'present'].map(right)).toEqual([false, false, false]);
  });

  it('wants verdict and reason together', () => {
    const { answer } = judge(seventh, at(2), null);
    const [fate, reason] = answer;
    expect(fate).toBe('blocked');
    expect(judge(seventh, at(2), answer).right).toBe(true);
    expect(judge(seventh, at(2), ['delivered', reason])).toMatchObject({
      right: false,
      said: seventh.lesson.misconceptions['valid-is-enough'].trim(),
    });
    const other = String((Number(reason) + 1) % 4);
    expect(judge(seventh, at(2), [fate, other]).right).toBe(false);
  });

  it('wants an order as it is in the run', () => {
    const { answer } = judge(first, at(4), null);
    expect(answer).toEqual(['3', '0', '1', '2']);
    const swapped: Given = [answer[1], answer[0], ...answer.slice(2)];
    expect(judge(first, at(4), swapped).right).toBe(false);
  });
});

describe('a task', () => {
  const first = opened('01', textOf('01-a-write.yaml'));
  const part = 4;
  const { cell } = first.scenarios[0];
  const attempt = (text: string) => first.attempt(part, cell, text);

  it('is shown as it stands in the file, with comments, and with the values of the variant', () => {
    const text = first.taskText(part, cell, 'start');
    expect(text).toMatch(/^steps:\n {2}# A vector of CPU p0/);
    expect(text).toContain('vector: 0x41 }');
    expect(text).not.toContain('$');
  });

  it('is done when its goal is reached, and not before', () => {
    const start = first.taskText(part, cell, 'start');
    const passes = (text: string): boolean => {
      const { scenarios } = attempt(text);
      return scenarios.length > 0 && scenarios.every(scenario => runScenario(scenario).pass);
    };
    expect(passes(start)).toBe(false);
    expect(passes(start.replace('0x41', '0xb5'))).toBe(false);
    expect(passes(start.replace('0x41', '0xb4'))).toBe(true);
  });

  it('says what is wrong, at its line and column', () => {
    const { scenarios, problems } = attempt(
      'steps:\n  - alocate: { irq: nic0.0, cpu: p0 }\n  - raise: nic0.1\n',
    );
    expect(scenarios).toEqual([]);
    const own = problems.filter(({ at }) => at.file === ATTEMPT_FILE);
    expect(own.map(({ at: { line, column }, hint }) => [line, column, hint])).toEqual([
      [2, 5, "did you mean 'allocate'?"],
      [3, 12, 'write nic0.0, or vectors: 2 at the device'],
    ]);
  });

  it('says what the goal misses where it was taken away', () => {
    const start = first.taskText(part, cell, 'start');
    const { problems } = attempt(start.replace(/\n.*label: packet/, ''));
    expect(problems.map(({ at, hint }) => [at.file, hint])).toEqual([
      ['01', 'write label: packet at a step'],
    ]);
  });

  it('can’t be passed by changing what is expected, or anything else that is not asked for', () => {
    const start = first.taskText(part, cell, 'start');
    for (const more of ['expect: { isolated: true }\n', 'platform: { off: [vtd/present] }\n']) {
      const { problems } = attempt(`${start}${more}`);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ code: 'lesson/sections', at: { file: 'your change' } });
    }
  });

  it('survives a learner who deletes everything', () => {
    const { problems } = attempt('');
    expect(problems[0]).toMatchObject({ code: 'yaml/empty', hint: 'begin with: steps' });
  });
});
