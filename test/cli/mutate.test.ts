import { expect, test } from 'vitest';
import { runCli } from './cli.ts';
import { useFolder } from './folder.ts';

const folder = useFolder();

/** A corpus that knows of compatibility format, and of nothing else. */
const SMALL = `irqscope: 1
name: compat-only
title: compat-only
platform: { ir: vtd }
devices:
  nic0: { bdf: "03:00.0", store: msi }
steps:
  - raise: { device: nic0, message: { format: compat, dest: 0, vector: 0x55 } }
    label: sent
expect:
  always:
    - fault: { step: sent, reason: vtd/0x25 }
`;

test('a corpus that misses checks is told which, and fails', () => {
  const { code, stdout } = runCli(['explore', '--mutate', folder.write('small.yaml', SMALL)]);
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toContainEqual(
    expect.stringMatching(/^ noticed {2}vtd\/compat-format +compat-only$/),
  );
  expect(lines).toContain(' MISSED   vtd/source-id');
  expect(lines).toContainEqual(expect.stringMatching(/^ idle {5}amdvi\/window +a write outside/));
  const [score, wanted] = lines.slice(-2);
  expect(score).toMatch(/^1 of \d+ noticed: \d\.\d %, and 1 that nothing can fail$/);
  expect(wanted).toMatch(/^at least 95\.0 % is wanted: no scenario fails without .*vtd\/source-id/);
  expect(wanted).not.toContain('vtd/compat-format');
  expect(wanted).not.toContain('amdvi/window');
});

test('as JSON, in one order for any number of workers', () => {
  const file = folder.write('small.yaml', SMALL);
  const run = (workers: string) =>
    runCli(['explore', '--mutate', file, '--json', '--workers', workers]);
  const [one, two] = [run('1'), run('2')];
  expect(two).toEqual(one);
  const { format, killed, total, score, missed, mutants } = JSON.parse(one.stdout);
  expect({ format, killed, score }).toEqual({
    format: 'irqscope-mutation/1',
    killed: 1,
    score: 1 / total,
  });
  expect(missed).toContain('vtd/source-id');
  expect(mutants).toContainEqual({ rule: 'vtd/compat-format', killedBy: 'compat-only' });
});

test('a file with mistakes is refused', () => {
  const file = folder.write('bad.yaml', SMALL.replace('ir: vtd', 'ir: vdt'));
  expect(runCli(['explore', '--mutate', file])).toMatchObject({ code: 2, stdout: '' });
});
