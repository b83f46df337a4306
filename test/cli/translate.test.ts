import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { sharedFile, sharedLines, testShared } from '../shared.ts';
import { CLI, runCli } from './cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'irqscope-translate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`;

const parsed = (stdout: string): unknown[] =>
  stdout
    .split('\n')
    .filter(line => line !== '')
    .map((line): unknown => JSON.parse(line));

/** Only the keys `wanted` has, all the way down; lists must have the same length. */
function restricted(got: unknown, wanted: unknown): unknown {
  if (Array.isArray(got) && Array.isArray(wanted))
    return got.length === wanted.length ? got.map((value, i) => restricted(value, wanted[i])) : got;
  if (!isRecord(got) || !isRecord(wanted)) return got;
  return Object.fromEntries(
    Object.keys(wanted).flatMap(key =>
      key in got ? [[key, restricted(got[key], wanted[key])]] : [],
    ),
  );
}

const VTD = {
  id: 'v',
  setup: { irEnabled: true, compatFormatAllowed: false, irta: '0x12345803', tableReadable: true },
  table: [{ index: 3, lo: '0x0000000200220009', hi: '0x0000000000040200' }],
  request: { sourceId: '0x0200', address: '0xfee00078', data: '0x00000000' },
};
const ANSWER = { id: 'v', outcome: 'remapped', message: { vector: 0x22, dest: 2 } };
const MATRIX = {
  id: 'm',
  config: { matrixBits: 64, allocStart: 8, allocEnd: 12, cpus: 1 },
  steps: [
    { op: 'online', cpu: 0 },
    { op: 'alloc', cpus: [0], reserved: false },
  ],
};

/** A question without the answers that stand beside it in the file. */
function question(line: unknown, answerKeys: readonly string[]): unknown {
  if (!isRecord(line)) return line;
  return Object.fromEntries(Object.entries(line).filter(([key]) => !answerKeys.includes(key)));
}

describe('every graded answer of the vector files, through the bundled command line', () => {
  const GRADED = ['expect', 'emulator', 'note', 'spec', 'agreesWithSpec', 'grade'];

  describe.each([
    ['vtd', 'vectors/vtd.jsonl.gz', 2830],
    ['amdvi', 'vectors/amdvi.jsonl.gz', 2609],
  ])('%s', (unit, path, count) => {
    const all = sharedLines(path)?.filter(isRecord) ?? null;

    testShared(path)(`profile spec agrees with ${path}`, () => {
      const lines = all ?? [];
      const input = lines.map(line => lineOf(question(line, GRADED))).join('');
      const { code, stdout, stderr } = runCli(['translate', unit], input);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const answers = parsed(stdout);
      expect(answers).toHaveLength(count);
      const wrong = lines.flatMap(({ id, expect: wanted }, i) => {
        if (!isRecord(wanted)) return [];
        // Reasons of AMD-Vi name a category in words; they are not compared.
        const { reason, ...graded } = wanted;
        const got = restricted(answers[i], { id, ...graded });
        return JSON.stringify(got) === JSON.stringify({ id, ...graded }) ? [] : [{ graded, got }];
      });
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(lines.filter(line => isRecord(line.expect)).length).toBeGreaterThan(2000);
    });

    testShared(path)(`${path} is read packed, answers and all`, () => {
      const { code, stdout } = runCli(['translate', unit, sharedFile(path) ?? '']);
      expect(code).toBe(0);
      expect(parsed(stdout)).toHaveLength(count);
    });
  });

  const sequences = sharedLines('vectors/matrix.jsonl.gz')?.filter(isRecord) ?? null;

  testShared('vectors/matrix.jsonl.gz')('vector-matrix agrees with vectors/matrix.jsonl.gz', () => {
    const RESULTS = ['result', 'warned', 'overReservedWarning', 'after'];
    const split = (line: Record<string, unknown>, keep: (key: string) => boolean) =>
      (Array.isArray(line.steps) ? line.steps : []).map(step =>
        Object.fromEntries(Object.entries(step).filter(([key]) => keep(key))),
      );
    const lines = sequences ?? [];
    const input = lines.map(line =>
      lineOf({ ...line, steps: split(line, key => !RESULTS.includes(key)) }),
    );
    const { code, stdout } = runCli(['translate', 'vector-matrix'], input.join(''));
    expect(code).toBe(0);
    expect(parsed(stdout)).toEqual(
      lines.map(line => ({ id: line.id, steps: split(line, key => RESULTS.includes(key)) })),
    );
  });
});

describe('where lines come from', () => {
  const text = `${lineOf(VTD)}\n \n${JSON.stringify({ ...VTD, id: 'w' })}`;
  const both = [{ id: 'v' }, { id: 'w' }];

  test('standard input, with blank lines and no end of the last line', () => {
    expect(parsed(runCli(['translate', 'vtd'], text).stdout)).toMatchObject(both);
    expect(parsed(runCli(['translate', 'vtd', '-'], text).stdout)).toMatchObject(both);
  });

  test('lines that end in carriage return and line feed', () => {
    const { code, stdout } = runCli(['translate', 'vtd'], text.replaceAll('\n', '\r\n'));
    expect(code).toBe(0);
    expect(parsed(stdout)).toMatchObject(both);
  });

  test('a plain file, and a packed one', () => {
    const plain = join(folder, 'lines.jsonl');
    writeFileSync(plain, text);
    writeFileSync(`${plain}.gz`, gzipSync(text));
    expect(parsed(runCli(['translate', 'vtd', plain]).stdout)).toMatchObject(both);
    expect(parsed(runCli(['translate', 'vtd', `${plain}.gz`]).stdout)).toMatchObject(both);
  });

  test('a packed file under another name, and a byte order mark', () => {
    const packed = join(folder, 'lines.packed');
    writeFileSync(packed, gzipSync(text));
    expect(parsed(runCli(['translate', 'vtd', packed]).stdout)).toMatchObject(both);
    expect(parsed(runCli(['translate', 'vtd'], `\uFEFF${text}`).stdout)).toMatchObject(both);
  });

  test('packed lines from standard input', async () => {
    const child = spawn(process.execPath, [CLI, 'translate', 'vtd']);
    child.stdin.end(gzipSync(text));
    let stdout = '';
    child.stdout.on('data', chunk => {
      stdout += String(chunk);
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(parsed(stdout)).toMatchObject(both);
  });

  test.each(['vtd', 'amdvi', 'vector-matrix'])('%s: nothing in, nothing out', unit => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '');
    writeFileSync(`${empty}.gz`, gzipSync(''));
    const nothing = { code: 0, stdout: '', stderr: '' };
    expect(runCli(['translate', unit], '')).toEqual(nothing);
    expect(runCli(['translate', unit], '\n \n')).toEqual(nothing);
    expect(runCli(['translate', unit, empty])).toEqual(nothing);
    expect(runCli(['translate', unit, `${empty}.gz`])).toEqual(nothing);
  });
});

test('an answer is the whole answer on one line', () => {
  const { stdout } = runCli(['translate', 'vtd'], lineOf(VTD));
  expect(stdout.split('\n')).toHaveLength(2);
  expect(parsed(stdout)).toMatchObject([ANSWER]);
  const [steps] = parsed(runCli(['translate', 'vector-matrix'], lineOf(MATRIX)).stdout);
  expect(steps).toMatchObject({ id: 'm', steps: [{ after: {} }, { result: { cpu: 0, bit: 8 } }] });
});

test('--profile qemu answers as the emulator does', () => {
  const compat = { ...VTD, request: { ...VTD.request, address: '0xfee00000', data: '0x20' } };
  const ask = (...flags: string[]) =>
    parsed(runCli(['translate', 'vtd', ...flags], lineOf(compat)).stdout);
  expect(ask()).toMatchObject([{ outcome: 'blocked', faultReason: '0x25' }]);
  expect(ask('--profile', 'spec')).toEqual(ask());
  expect(ask('--profile', 'qemu')).toMatchObject([{ outcome: 'passthrough' }]);
});

describe('bad lines: exit code 2, the line number, and the answers before it', () => {
  test.each<[string, string, RegExp]>([
    ['not JSON', '{"id":', /standard input, line 3: not JSON/],
    ['a field is missing', '{"id":"x"}', /standard input, line 3: setup: /],
    ['not an object', '7', /standard input, line 3: line: /],
    [
      'a number is wrong',
      JSON.stringify({ ...VTD, request: { ...VTD.request, data: '0x100000000' } }),
      /standard input, line 3: request.data: .*32 bits/,
    ],
  ])('%s', (_name, bad, message) => {
    const input = `${lineOf(VTD)}\n${bad}\n${lineOf(VTD)}`;
    const { code, stdout, stderr } = runCli(['translate', 'vtd'], input);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(parsed(stdout)).toMatchObject([ANSWER]);
  });

  test('many answers are written before it', () => {
    const { code, stdout } = runCli(['translate', 'vtd'], `${lineOf(VTD).repeat(5000)}nonsense\n`);
    expect(code).toBe(2);
    expect(parsed(stdout)).toHaveLength(5000);
  });
});

describe('bad calls: exit code 2', () => {
  const noGzip = join(folder, 'plain.gz');
  const cut = join(folder, 'cut.gz');
  writeFileSync(noGzip, 'plain text');
  writeFileSync(cut, gzipSync(lineOf(VTD).repeat(1000)).subarray(0, 100));

  test.each<[string, string[], RegExp]>([
    ['no unit', [], /missing required argument/],
    ['unknown unit', ['vdt'], /no unit 'vdt'.*did you mean 'vtd'/],
    ['unknown profile', ['vtd', '--profile', 'kvm'], /spec, qemu/],
    ['profile of the allocator', ['vector-matrix', '--profile', 'spec'], /has no profiles/],
    ['missing file', ['vtd', join(folder, 'nowhere')], /nowhere: there is no such file/],
    ['missing packed file', ['vtd', join(folder, 'nowhere.gz')], /there is no such file/],
    ['folder', ['vtd', folder], /a folder, not a file/],
    ['no gzip file', ['vtd', noGzip], /no gzip file/],
    ['gzip file that was cut off', ['vtd', cut], /ends too early/],
  ])('%s', (_name, args, message) => {
    const { code, stderr } = runCli(['translate', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('a stream, not a batch', () => {
  test('an answer comes before the next question is asked', async () => {
    const child = spawn(process.execPath, [CLI, 'translate', 'vtd']);
    child.stdin.write(lineOf(VTD));
    const [first] = await once(child.stdout, 'data');
    expect(parsed(String(first))).toMatchObject([ANSWER]);
    child.stdin.end();
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
  });

  test('a reader that has seen enough ends it quietly', async () => {
    const child = spawn(process.execPath, [CLI, 'translate', 'vtd']);
    let stderr = '';
    child.stderr.on('data', chunk => {
      stderr += String(chunk);
    });
    // The child stops reading when it ends: writing to it may fail then, as it should.
    child.stdin.on('error', () => {});
    child.stdout.once('data', () => child.stdout.destroy());
    child.stdin.write(lineOf(VTD).repeat(50_000));
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
