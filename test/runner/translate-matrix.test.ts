import { describe, expect, test } from 'vitest';
import { isBadLine } from '../../src/runner/bad-line.ts';
import { translateMatrixLine } from '../../src/runner/translate-matrix.ts';
import { sharedLines, testShared } from '../shared.ts';

interface RecordedStep {
  readonly op: string;
  readonly result?: unknown;
  readonly warned?: boolean;
  readonly overReservedWarning?: boolean;
  readonly after: unknown;
}
interface Recorded {
  readonly id: string;
  readonly config: unknown;
  readonly steps: readonly RecordedStep[];
}

const ANSWER_KEYS: readonly string[] = ['result', 'warned', 'overReservedWarning', 'after'];

const only = (step: RecordedStep, keep: (key: string) => boolean): Record<string, unknown> =>
  Object.fromEntries(Object.entries(step).filter(([key]) => keep(key)));

const question = ({ id, config, steps }: Recorded) => ({
  id,
  config,
  steps: steps.map(step => only(step, key => !ANSWER_KEYS.includes(key))),
});

const answer = ({ id, steps }: Recorded) => ({
  id,
  steps: steps.map(step => only(step, key => ANSWER_KEYS.includes(key))),
});

const FILE = 'vectors/matrix.jsonl.gz';
const recorded = sharedLines(FILE) as Recorded[] | null;

describe('sequences recorded from the kernel', () => {
  testShared(FILE)('all 224 agree in every step', () => {
    const sequences = recorded ?? [];
    expect(sequences).toHaveLength(224);
    for (const sequence of sequences) {
      expect(translateMatrixLine(question(sequence))).toStrictEqual(answer(sequence));
    }
  });

  testShared(FILE)('answers in the line are not looked at', () => {
    const sequence = (recorded ?? [])[0];
    const wrong = sequence.steps.map(step => ({ ...step, result: 'wrong', after: null }));
    expect(translateMatrixLine({ ...sequence, steps: wrong })).toStrictEqual(answer(sequence));
  });

  testShared(FILE)('every operation and every warning occurs', () => {
    const steps = (recorded ?? []).flatMap(sequence => sequence.steps);
    expect(new Set(steps.map(step => step.op)).size).toBe(13);
    expect(steps.some(step => step.overReservedWarning)).toBe(true);
    const warned = steps.filter(step => step.warned).map(step => step.op);
    expect([...new Set(warned)].sort()).toEqual(['assign', 'free', 'removeManaged']);
  });
});

const config = { matrixBits: 64, allocStart: 8, allocEnd: 12, cpus: 2 };
const line = (...steps: unknown[]) => ({ id: 'x', config, steps });

function messageOf(input: unknown): string {
  try {
    translateMatrixLine(input);
  } catch (error) {
    if (isBadLine(error)) return error.message;
    throw error;
  }
  return 'accepted';
}

test('a mask is a set: the order it is written in does not matter', () => {
  const online = [
    { op: 'online', cpu: 0 },
    { op: 'online', cpu: 1 },
  ];
  const written = (cpus: number[]) =>
    translateMatrixLine(line(...online, { op: 'alloc', cpus, reserved: false }));
  expect(written([1, 0])).toEqual(written([0, 1]));
});

describe('malformed lines name the field and what it should be', () => {
  const online = { op: 'online', cpu: 0 };
  test.each<[string, unknown, RegExp]>([
    ['not an object', 7, /^line: .*expected object/],
    ['no line at all', null, /^line: .*expected object/],
    ['no id', { config, steps: [] }, /^id: .*expected string/],
    ['no config', { id: 'x', steps: [] }, /^config: .*expected object/],
    ['no steps', { id: 'x', config }, /^steps: .*expected array/],
    [
      'too wide',
      { id: 'x', config: { ...config, matrixBits: 257 }, steps: [] },
      /matrixBits: .*256/,
    ],
    ['no CPU', { id: 'x', config: { ...config, cpus: 0 }, steps: [] }, /^config.cpus: .*>=1/],
    [
      'end first',
      { id: 'x', config: { ...config, allocStart: 13 }, steps: [] },
      /allocEnd: .*allocStart/,
    ],
    [
      'end outside',
      { id: 'x', config: { ...config, allocEnd: 65 }, steps: [] },
      /allocEnd: .*matrixBits/,
    ],
    ['unknown operation', line(online, { op: 'grab' }), /^steps\[1\]\.op: .*'alloc' \| 'free'/],
    ['missing CPU', line({ op: 'online' }), /^steps\[0\]\.cpu: .*expected number/],
    ['negative CPU', line({ op: 'online', cpu: -1 }), /^steps\[0\]\.cpu: .*>=0/],
    [
      'fractional bit',
      line({ op: 'assign', cpu: 0, bit: 8.5 }),
      /^steps\[0\]\.bit: .*expected int/,
    ],
    ['missing flag', line({ op: 'alloc', cpus: [0] }), /^steps\[0\]\.reserved: .*boolean/],
    ['repeated CPU', line({ op: 'reserveManaged', cpus: [1, 1] }), /cpus: .*once/],
    ['two faults', line({ op: 'free', cpu: 0 }), /and 1 more/],
    ['no such CPU', line({ op: 'online', cpu: 2 }), /^steps\[0\]\.cpu: .*at most 1/],
    ['no such CPU in mask', line({ op: 'allocManaged', cpus: [0, 2] }), /cpus: .*at most 1/],
    ['online twice', line(online, online), /^steps\[1\]\.cpu: .*not online/],
    [
      'late system vector',
      line(online, { op: 'assignSystem', bit: 9 }),
      /^steps\[1\]\.op: .*no CPU/,
    ],
    ['no such vector', line({ op: 'assignSystem', bit: 64 }), /^steps\[0\]\.bit: .*below.*64/],
  ])('%s', (_name, input, message) => {
    expect(messageOf(input)).toMatch(message);
  });
});
