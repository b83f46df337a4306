import { describe, expect, test } from 'vitest';
import { runCli } from './cli.ts';
import { useFolder } from './folder.ts';

const GOOD = `irqscope: 1
name: good
title: good
devices:
  nic0: { bdf: "00:03.0", store: msi }
`;
const BAD = `${GOOD}steps:
  - alocate: nic0.0
  - raise: nic1.0
`;
const ODD = `${GOOD}expect:
  cells:
    - { when: {}, isolated: true }
    - { when: {}, isolated: false }
`;

describe('check', () => {
  const folder = useFolder();

  test('the scenarios of the project have no mistakes', () => {
    const { code, stdout } = runCli(['check', 'scenarios']);
    expect(stdout).toMatch(/^\d+ files, 0 errors, \d+ warnings\n$/);
    expect(code).toBe(0);
  });

  test('tells every mistake of every file, and counts them', () => {
    const good = folder.write('good.yaml', GOOD);
    const bad = folder.write('bad.yaml', BAD);
    const { code, stdout } = runCli(['check', good, bad]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/bad\.yaml:7:5 error\[schema\/unknown-key\]/);
    expect(stdout).toMatch(/bad\.yaml:8:12 error\[ref\/unknown\]/);
    expect(stdout.trimEnd().split('\n').pop()).toBe('2 files, 2 errors, 0 warnings');
  });

  test('warnings are no errors', () => {
    folder.write('odd.yaml', ODD);
    const { code, stdout } = runCli(['check', folder.path('.')]);
    expect(stdout).toMatch(/odd\.yaml:9:7 warning\[matrix\/unused-line\]/);
    expect(stdout.trimEnd().split('\n').pop()).toBe('1 files, 0 errors, 1 warnings');
    expect(code).toBe(0);
  });

  test('run tells the same mistakes and runs nothing', () => {
    const bad = folder.write('bad.yaml', BAD);
    const { code, stdout, stderr } = runCli(['run', bad]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/:7:5 error[\s\S]*:8:12 error/);
  });

  test('a file that is not there', () => {
    const { code, stderr } = runCli(['check', 'scenarios/teaching/tglx-basik.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean 'scenarios/teaching/tglx-basic.yaml'?");
  });

  test('nothing to check', () => {
    folder.write('notes.txt', 'none');
    expect(runCli(['check', folder.path('.')]).code).toBe(5);
  });
});
