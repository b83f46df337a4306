import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLI, runCli } from './cli.ts';
import { useFolder } from './folder.ts';

/** A device that sends to a vector nobody asked for; `expects` is what the file says of it. */
const file = (name: string, expects: string): string => `irqscope: 1
name: ${name}
title: ${name}
devices:
  nic0: { bdf: "00:03.0", store: msi }
steps:
  - allocate: { irq: nic0.0, cpu: $cpu }
  - store: nic0.0
  - raise: nic0.0
vary:
  cpu: [p0, p1]
expect:
${expects}
`;
const GOOD = file('good', '  works: true');
const BAD = file(
  'bad',
  `  cells:
    - { when: { cpu: p0 }, works: true }
    - { when: { cpu: p1 }, works: false }`,
);

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

describe('exit codes of run', () => {
  const folder = useFolder();

  test('0: everything is as the files say', () => {
    const { code, stdout, stderr } = runCli(['run', folder.write('good.yaml', GOOD)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ ok {4}good\[cpu=p0\] +isolated, works +1 run\n/);
    expect(lastLine(stdout)).toBe('2 passed, 0 failed');
  });

  test('1: something is not; the way back is a command that shows the same', () => {
    const path = folder.write('bad.yaml', BAD);
    const { code, stdout } = runCli(['run', path, '--seed', '7']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/bad\.yaml:15 expected works: false: works: true\n/);
    expect(lastLine(stdout)).toBe('1 passed, 1 failed');
    const again = /again: irqscope (.+)\n/.exec(stdout)?.[1].split(' ') ?? [];
    expect(again.slice(-3)).toEqual(['cpu=p1', '--seed', '7']);
    const repeated = runCli(again);
    expect(repeated.code).toBe(1);
    expect(stdout).toContain(repeated.stdout.slice(0, repeated.stdout.indexOf('0 passed')));
  });

  test.each([
    ['an unknown command', ['runn'], 'Did you mean run?'],
    ['an unknown flag', ['run', '--reportr', 'json'], 'Did you mean --reporter?'],
    ['an unknown reporter', ['run', '--reporter', 'jsn'], "did you mean 'json'?"],
    ['a reporter without its file', ['run', '--reporter', 'junit='], 'the name of a file'],
    ['a file that can’t be written', ['run', '--reporter', 'json=/no/such/x'], 'be written'],
    ['two reports for one place', ['run', '--reporter', 'list', '--reporter', 'json'], 'json=FILE'],
    ['a seed that is no number', ['run', '--seed', 'x'], "not 'x'"],
    ['a cell without a value', ['run', '--cell', 'remap'], "not 'remap'"],
    ['a pattern that is none', ['run', '--grep', '['], "'['"],
    ['a missing file', ['run', 'scenarios/teaching/tglx-basik.yaml'], "tglx-basic.yaml'?"],
  ])('2: %s', (_name, args, text) => {
    const { code, stdout, stderr } = runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(text);
  });

  test('3: the same seed gives another trace', () => {
    const path = folder.write('good.yaml', GOOD);
    const sound = runCli(['run', path, '--verify-determinism']);
    expect(sound).toMatchObject({ code: 0, stderr: '' });
    // What is written of a step depends on how often that was done.
    const sabotage = folder.write(
      'sabotage.mjs',
      `const plain = JSON.stringify;
let count = 0;
JSON.stringify = (value, ...rest) => plain(value === 'step' ? value + count++ : value, ...rest);`,
    );
    const options = { NODE_OPTIONS: `--import ${sabotage}` };
    const { code, stderr } = runCli(['run', path, '--verify-determinism'], '', options);
    expect(stderr).toMatch(/^good\[cpu=p0\]: seed 0 gave trace [0-9a-f]{64}, then [0-9a-f]{64}\n/);
    expect(code).toBe(3);
  });

  test('5: nothing matched, unless that will do', () => {
    expect(runCli(['run', '--grep', 'no such name']).code).toBe(5);
    expect(runCli(['run', '--grep', 'no such name', '--pass-with-no-tests']).code).toBe(0);
  });

  test('130: interrupted, with a report of what there is', async () => {
    const good = folder.write('a-good.yaml', GOOD);
    const threads = ['a', 'b', 'c'].map(
      name => `      ${name}: [{ raise: nic0.0 }, { raise: nic0.0 }]`,
    );
    const endless = folder.write(
      'b-endless.yaml',
      `${GOOD.slice(0, GOOD.indexOf('vary:'))}  - race:
${threads.join('\n')}
time: { mode: interleave, flight: split }
`.replace('$cpu', 'p0'),
    );
    const report = folder.path('report.json');
    const args = ['run', good, endless, '--reporter', 'list', '--reporter', `json=${report}`];
    const child = spawn(process.execPath, [CLI, ...args]);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (!child.killed && stdout.includes('good[cpu=p1]')) child.kill('SIGINT');
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(lastLine(stdout)).toBe('2 passed, 0 failed, 1 skipped');
    expect(JSON.parse(folder.read('report.json'))).toMatchObject({
      skipped: 1,
      interrupted: true,
      results: [{ pass: true }, { pass: true }],
    });
  });
});

describe('what run chooses and shows', () => {
  const folder = useFolder();
  const SID = 'scenarios/regressions/sid-01-no-source-check.yaml';
  const idsOf = (args: readonly string[]): string[] => {
    const { stdout } = runCli(['run', ...args, '--reporter', 'json']);
    return JSON.parse(stdout).results.map(({ id }: { id: string }) => id);
  };

  test('--cell may be repeated, take commas, and name several values of an axis', () => {
    const file = 'scenarios/teaching/tglx-cpuid-hidden.yaml';
    const one = ['tglx-cpuid-hidden[knows=true,remap=none]'];
    expect(idsOf([file, '--cell', 'knows=true,remap=none'])).toEqual(one);
    expect(idsOf([file, '--cell', 'knows=true', '--cell', 'remap=none'])).toEqual(one);
    expect(idsOf([file, '--cell', 'remap=none', '--cell', 'remap=blocked'])).toHaveLength(4);
  });

  test('--cell tells of axes and values that are not there', () => {
    const axis = runCli(['run', SID, '--cell', 'desing=broken']);
    expect(axis).toMatchObject({ code: 5, stdout: '' });
    expect(axis.stderr).toContain("there is no axis 'desing'; did you mean 'design'?");
    const value = runCli(['run', SID, '--cell', 'design=fixd']);
    expect(value.stderr).toContain("axis design has no value 'fixd'; did you mean 'fixed'?");
  });

  test('--grep goes by id', () => {
    expect(idsOf([SID, '--grep', 'fixed\\]$'])).toEqual(['sid-01-no-source-check[design=fixed]']);
  });

  test('--bail stops after so many failures, and counts what was left', () => {
    const paths = ['a', 'b'].map(name =>
      folder.write(`${name}.yaml`, BAD.replaceAll('bad', `bad-${name}`)),
    );
    const { code, stdout } = runCli(['run', ...paths, '--bail', '1']);
    expect(code).toBe(1);
    expect(lastLine(stdout)).toBe('1 passed, 1 failed, 2 skipped');
  });

  test('a report goes into a file beside what is shown', () => {
    const report = folder.path('report.json');
    const { stdout } = runCli(['run', SID, '--reporter', 'list', '--reporter', `json=${report}`]);
    expect(lastLine(stdout)).toBe('2 passed, 0 failed');
    expect(JSON.parse(folder.read('report.json')).results).toHaveLength(2);
  });

  test('--shard does a part; all parts together are the whole, and a missing one is told', () => {
    const paths = ['scenarios/guests', '--reporter', 'json'];
    const blobs = folder.path('blobs');
    const part = (shard: string) => runCli(['run', ...paths, '--shard', shard, '--blobs', blobs]);
    const [first, second] = ['1/2', '2/2'].map(shard => {
      const { code, stdout } = part(shard);
      expect(code).toBe(0);
      return JSON.parse(stdout).results.length;
    });
    const whole = JSON.parse(runCli(['run', ...paths]).stdout).results;
    expect(first).toBeGreaterThan(0);
    expect(first + second).toBe(whole.length);
    const merged = runCli(['merge-reports', blobs, '--reporter', 'json']);
    const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
    expect(JSON.parse(merged.stdout).results.sort(byId)).toEqual(whole.sort(byId));
    part('1/3');
    expect(runCli(['merge-reports', blobs])).toMatchObject({ code: 2, stdout: '' });
  });

  test('--explain shows the whole chain of an expected violation', () => {
    const { stdout } = runCli(['run', SID, '--explain', '--cell', 'design=broken']);
    const lines = readFileSync(SID, 'utf8').split('\n');
    const lineOf = (text: string) => lines.findIndex(line => line.includes(text)) + 1;
    const links = [
      /isolation\/foreign-entry: da of a used entry 1 of b \(db\.0\): vector 0x21 on p2/,
      `a, step 6: attack da (${SID}:${lineOf('kind: dma-write')})`,
      /store +host writes entry 1, words from 0: 0{8} 0{8} -> 00210009 00000200/,
      /emit +da sends fee00038:00000000 as 03:00\.0: remappable, index 1/,
      /ir +vtd\/source-id passed: message\.rid 03:00\.0, .*ir\.irte\[1\]\.svt 0x0/,
      /ir +entry 1 makes it vector 0x21 to APIC 2/,
      /effect +p2 gets vector 0x21 to APIC 2: accepted/,
      `da belongs to a and may signal a only (${SID}:${lineOf('da: {')})`,
      /counterfactual would have been stopped by: requester ids checked, SVT=1 \(fault 0x26\)/,
    ];
    const at = links.map(link =>
      typeof link === 'string' ? stdout.indexOf(link) : stdout.search(link),
    );
    expect(at).not.toContain(-1);
    expect(at.toSorted((a, b) => a - b)).toEqual(at);
  });

  test('--trace shows a run record by record', () => {
    const { stdout } = runCli(['run', 'scenarios/teaching/tglx-basic.yaml', '--trace']);
    expect(stdout).toMatch(/step 1: allocate\n +vector gives vector 0x21 on p0 to nic0\.0\n/);
    expect(stdout).toMatch(/ 10500ns {4}p0 gets vector 0x21 to APIC 0: accepted\n/);
  });
});

test.each([
  [],
  ['run'],
  ['check'],
  ['decode'],
  ['translate'],
  ['show'],
  ['fmt'],
  ['new'],
  ['schema'],
])('%s --help and --version', (...command) => {
  const help = runCli([...command, '--help']);
  expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(/^Usage: irqscope/);
  const version = runCli([...command, '--version']);
  expect(version).toMatchObject({ code: 0, stderr: '' });
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
