import { expect, test } from 'vitest';
import { runCli } from './cli.ts';
import { useFolder } from './folder.ts';

const folder = useFolder();

const UNTIDY = `irqscope: 1
name: untidy   # stays
title: untidy

devices:
  nic0: {bdf: 00:03.0,store: msi}
steps:
  - allocate: {irq: nic0.0, vector: 49}
`;
const TIDY = `irqscope: 1
name: untidy   # stays
title: untidy

devices:
  nic0: { bdf: "00:03.0", store: msi }
steps:
  - allocate: { irq: nic0.0, vector: 0x31 }
`;

test('rewrites what is not formatted, once', () => {
  const file = folder.write('a.yaml', UNTIDY);
  expect(runCli(['fmt', file])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^changed /),
  });
  expect(folder.read('a.yaml')).toBe(TIDY);
  expect(runCli(['fmt', file])).toMatchObject({ code: 0, stdout: '1 files, 0 changed\n' });
});

test('--check changes nothing and exits 1', () => {
  const file = folder.write('a.yaml', UNTIDY);
  const { code, stdout } = runCli(['fmt', '--check', file]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^would change .*a\.yaml\n1 files, 1 changed\n$/);
  expect(folder.read('a.yaml')).toBe(UNTIDY);
});

test('the scenarios of the project are formatted', () => {
  expect(runCli(['fmt', '--check', 'scenarios'])).toMatchObject({ code: 0 });
});

test('what is not YAML is told, and no file is touched', () => {
  const good = folder.write('a.yaml', UNTIDY);
  const bad = folder.write('b.yaml', 'a: { b: 1\nc: 2\n');
  const { code, stderr } = runCli(['fmt', good, bad]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/b\.yaml:1:4 error\[yaml\/unclosed\]/);
  expect(folder.read('a.yaml')).toBe(UNTIDY);
});
