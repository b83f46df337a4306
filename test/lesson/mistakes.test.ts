import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLesson } from '../../src/lesson/check-lesson.ts';
import { openLesson } from '../../src/lesson/lesson-file.ts';
import { LESSONS } from './lessons.ts';

const handbook = readFileSync(join(LESSONS, 'README.md'), 'utf8');
const [, GOOD] = /^```yaml\n([\s\S]*?)^```$/m.exec(handbook) ?? [];

/** A slip in a lesson: what stands there, what is written instead, and what is said about it. */
interface Slip {
  readonly from: string;
  readonly to: string;
  readonly code: string;
  /** The text the place begins with. */
  readonly at: string;
  readonly says: RegExp;
}

const SLIPS: readonly Slip[] = [
  {
    from: 'goal: "Who',
    to: 'gaol: "Who',
    code: 'schema/unknown-key',
    at: 'gaol',
    says: /did you mean 'goal'/,
  },
  {
    from: 'at: { act: emit, step: packet }',
    to: 'at: { act: emitt, step: packet }',
    code: 'schema/value',
    at: 'emitt',
    says: /did you mean 'emit'/,
  },
  {
    from: 'at: { act: emit, step: packet }',
    to: 'at: { act: emit, step: paket }',
    code: 'ref/label',
    at: 'paket',
    says: /did you mean 'packet'/,
  },
  {
    from: 'at: { act: emit, step: packet }',
    to: 'at: { act: emit, layer: vektor }',
    code: 'ref/layer',
    at: 'vektor',
    says: /did you mean 'vector'/,
  },
  {
    from: 'at: { act: emit, step: packet }',
    to: 'at: { act: translate, check: vtd/sourceid }',
    code: 'ref/check',
    at: 'vtd/sourceid',
    says: /did you mean 'vtd\/source-id'/,
  },
  {
    from: 'at: { act: emit, step: packet }',
    to: 'at: { act: emit, unit: store }',
    code: 'lesson/unit',
    at: 'unit',
    says: /act is emit/,
  },
  {
    from: 'at: { act: emit, step: packet }',
    to: 'at: { before: pakcet }',
    code: 'ref/label',
    at: 'pakcet',
    says: /did you mean 'packet'/,
  },
  {
    from: 'numbers: [cpu]',
    to: 'numbers: [cpus]',
    code: 'ref/axis',
    at: 'cpus',
    says: /did you mean 'cpu'/,
  },
  {
    from: '      at: { act: emit, step: packet }',
    to: '      cell: { cpu: p7 }\n      at: { act: emit, step: packet }',
    code: 'ref/axis',
    at: 'p7',
    says: /no value 'p7'.*did you mean/s,
  },
  {
    from: 'device: sender, cpu: other }',
    to: 'device: sendr, cpu: other }',
    code: 'ref/misconception',
    at: 'sendr',
    says: /did you mean 'sender'/,
  },
  {
    from: 'wrong: { bridge: carrier,',
    to: 'wrong: { brigde: carrier,',
    code: 'ref/answer',
    at: 'brigde',
    says: /did you mean 'bridge'/,
  },
  {
    from: '        component:\n',
    to: '        fill: { value: 3 }\n        component:\n',
    code: 'lesson/kind',
    at: 'component',
    says: /one is asked at a time, found fill and component/,
  },
  {
    from: '          at: { act: deliver, step: packet }\n',
    to: '          at: { act: deliver, step: packet }\n          boundary: true\n',
    code: 'lesson/kind',
    at: 'boundary',
    says: /found at and boundary/,
  },
  {
    from: '            steps:\n              - allocate: nic0.0\n              - store: nic0.0\n              - mask',
    to: '            steps:\n              - allocate: nic0.7\n              - store: nic0.0\n              - mask',
    code: 'ref/slot',
    at: 'nic0.7',
    says: /write nic0.0/,
  },
  {
    from: '              - delivered: { irq: nic0.0 }',
    to: '              - delivered: { irq: nic1.0 }',
    code: 'ref/unknown',
    at: 'nic1.0',
    says: /did you mean 'nic0'/,
  },
  {
    from: '          solution:\n',
    to: '          solution:\n            policy: { modes: [fixed] }\n',
    code: 'lesson/sections',
    at: 'policy',
    says: /does not change 'policy'/,
  },
  {
    from: 'text: "The card has sent its message: an address and some data."',
    to: `text: "${'word '.repeat(81)}"`,
    code: 'lesson/words',
    at: '"word',
    says: /at most 80 words, this one has 81/,
  },
];

const problemsOf = (text: string) => openLesson('lesson.yaml', text, () => null).problems;

describe('a slip in a lesson', () => {
  it('there is none in the lesson of the handbook', () => {
    expect(problemsOf(GOOD)).toEqual([]);
  });

  it.each(SLIPS)('$to', ({ from, to, code, at, says }) => {
    expect(GOOD).toContain(from);
    const text = GOOD.replace(from, to);
    const problems = problemsOf(text);
    expect(problems.map(problem => problem.code)).toEqual([code]);
    const [{ at: place, message, hint }] = problems;
    expect(`${message}\n${hint}`).toMatch(says);
    const line = text.split('\n')[place.line - 1];
    expect(line.slice(place.column - 1)).toMatch(new RegExp(`^${at.replaceAll('/', '\\/')}`));
  });

  it('all of them at once are all told', () => {
    const chosen = SLIPS.filter(({ code }) =>
      ['ref/label', 'ref/misconception', 'ref/axis', 'ref/answer'].includes(code),
    ).filter(({ from }, i, list) => !list.slice(0, i).some(one => from.includes(one.from)));
    const text = chosen.reduce((now, { from, to }) => now.replace(from, to), GOOD);
    expect(
      problemsOf(text)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(chosen.map(({ code }) => code).sort());
  });
});

/** What only the runs can tell: found by `irqscope run`. */
const FAULTS: readonly { readonly from: string; readonly to: string; readonly found: RegExp }[] = [
  { from: ', cpu: other }', to: ' }', found: /is wrong, and is told nothing/ },
  {
    from: 'at: { act: deliver, step: packet }',
    to: 'at: { act: fault, step: packet }',
    found: /no answer is right/,
  },
  {
    from: 'at: { act: emit, step: packet }',
    to: 'at: { act: trap }',
    found: /at: there is no such record/,
  },
  {
    from: '              - mask: nic0.0\n',
    to: '',
    found: /the solution does not reach the goal/,
  },
  {
    from: '              - raise: nic0.0\n',
    to: '              - mask: nic0.0\n              - raise: nic0.0\n',
    found: /the task is done before anything is changed/,
  },
];

describe('a lesson that can’t be done as it stands', () => {
  it.each(FAULTS)('$found', ({ from, to, found }) => {
    const { file, problems } = openLesson('lesson.yaml', GOOD.replace(from, to), () => null);
    expect(problems).toEqual([]);
    if (!file) throw new Error('no lesson');
    const faults = checkLesson(file).filter(({ pass }) => !pass);
    expect(faults.map(fault => fault.found).join()).toMatch(found);
  });
});
