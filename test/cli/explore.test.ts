import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCli } from './cli.ts';
import { useFolder } from './folder.ts';

const RACE = 'scenarios/regressions/race-01-torn-msi.yaml';
const QUESTION = 'scenarios/matrix/open-question.yaml';
const ONE_CELL = 'remap=vtd,storage=queue,compose=hcall,rid=own,reach=store';
const SHARED_CELL = 'remap=vtd,storage=queue,compose=hcall,rid=shared,reach=store';

describe('irqscope explore', () => {
  const folder = useFolder();

  test('finds what there is by the shortest way, as a scenario that runs', () => {
    const out = folder.path('found');
    const { code, stdout } = runCli(['explore', RACE, '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('complete');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 0 failed');
    expect(readdirSync(out)).toContain('race-01-torn-msi-integrity-torn-message.yaml');
    expect(runCli(['run', out])).toMatchObject({ code: 0 });
  });

  test('reports as JSON, the same for any number of workers', () => {
    const run = (workers: string) =>
      runCli([
        ...['explore', QUESTION, '--json', '--workers', workers, '--out', folder.path('same')],
        ...['--cell', 'remap=vtd,storage=queue,compose=hcall,reach=store'],
      ]);
    const [one, two] = [run('1'), run('2')];
    expect(one.code).toBe(0);
    expect(two.stdout).toBe(one.stdout);
    const { format, results } = JSON.parse(one.stdout);
    expect(format).toBe('irqscope-explore/1');
    expect(
      results.map(({ isolated, complete }: { isolated: boolean; complete: boolean }) => [
        isolated,
        complete,
      ]),
    ).toEqual([
      [true, true],
      [false, true],
    ]);
    expect(results[1].found[0]).toMatchObject({ rule: 'isolation/shared-requester', depth: 3 });
    expect(existsSync(results[1].found[0].counterexample)).toBe(true);
  });

  test('shows sample runs where nothing is found, and what stopped which forgery', () => {
    const out = folder.path('witness');
    const { code, stdout } = runCli([
      'explore',
      QUESTION,
      '--cell',
      ONE_CELL,
      '--witness',
      '3',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/an entry of victim +vtd\/source-id/);
    expect(readdirSync(out)).toHaveLength(3);
    expect(runCli(['run', out])).toMatchObject({ code: 0 });
  });

  test('says when a bound comes before the answer', () => {
    const bounded = [
      'explore',
      QUESTION,
      '--cell',
      ONE_CELL,
      '--max-states',
      '50',
      '--out',
      folder.path('b'),
    ];
    expect(runCli(bounded)).toMatchObject({ code: 0, stdout: expect.stringContaining('BOUNDED') });
    expect(runCli([...bounded, '--require-complete'])).toMatchObject({ code: 4 });
  });

  test('a goal narrows what is looked for; what the file does not say is unexpected', () => {
    const narrow = ['explore', RACE, '--goal', 'integrity/*', '--json', '--out', folder.path('g')];
    const { results } = JSON.parse(runCli(narrow).stdout);
    expect(results[0].found.map(({ rule }: { rule: string }) => rule)).toEqual([
      'integrity/torn-message',
    ]);
    const silent = folder.write(
      'silent.yaml',
      readFileSync(RACE, 'utf8').replace(/\nexpect:[\s\S]*$/, '\n'),
    );
    const { code, stdout } = runCli(['explore', silent, '--out', folder.path('s')]);
    expect(code).toBe(1);
    expect(stdout).toContain('undeclared');
  });

  test('holds its reductions against a search without them', () => {
    const { code, stdout } = runCli([
      ...['explore', QUESTION, '--reduce', 'check'],
      ...['--cell', SHARED_CELL, '--depth', '3'],
    ]);
    expect(stdout).toMatch(/^ agree /);
    expect(code).toBe(0);
  });

  test.each([
    [['explore'], 'explore takes one scenario file'],
    [
      ['explore', RACE, '--goal', 'isolation/foreign-entri'],
      "did you mean 'isolation/foreign-entry'?",
    ],
    [['explore', RACE, '--reduce', 'symm'], "did you mean 'sym'?"],
    [['explore', RACE, '--time', '60'], '--time takes a time such as 60s'],
    [['explore', RACE, '--depth', '0'], '--depth takes a whole number above 0'],
    [['explore', RACE, '--shard', '3/2'], '--shard takes i/n'],
  ])('refuses %j', (args, message) => {
    const { code, stderr } = runCli(args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe('irqscope fuzz', () => {
  const folder = useFolder();
  const WALKS = ['--walks', '150', '--steps', '40'];

  test('finds nothing where nothing is, and comes to the same each time', () => {
    const run = () => runCli(['fuzz', QUESTION, ...WALKS, '--json', '--out', folder.path('f')]);
    const [one, two] = [run(), run()];
    expect(one).toEqual(two);
    expect(JSON.parse(one.stdout)).toMatchObject({
      format: 'irqscope-fuzz/1',
      walks: 150,
      failures: [],
    });
    expect(one.code).toBe(0);
  });

  test('makes what it finds small, and saves it as a scenario that runs', () => {
    const open = folder.write(
      'open.yaml',
      `irqscope: 1
name: claims-too-much
title: source checks are off, and the file says it holds
extends: ${'./base.yaml'}
platform: { ir: { sourceValidation: none } }
`,
    );
    folder.write('base.yaml', BASE);
    const { code, stdout } = runCli(['fuzz', open, ...WALKS, '--json', '--out', folder.path('f')]);
    const { failures } = JSON.parse(stdout);
    expect(code).toBe(1);
    const found = failures.find(({ rule }: { rule: string }) => rule === 'isolation/foreign-entry');
    expect(found?.steps).toBeLessThan(5);
    expect(folder.read('f/claims-too-much-isolation-foreign-entry.yaml')).not.toContain('idle');
    expect(runCli(['run', folder.path('f')])).toMatchObject({ code: 0 });
  });
});

/** Two guests, and a device and a guest that have nothing to do with it. */
const BASE = `irqscope: 1
name: base
title: two guests
platform: { preset: x86-vtd, cpus: 4, ir: { kind: vtd, entries: 4 } }
guests:
  attacker: { vcpus: { v0: p1 }, behaviour: adversarial }
  victim: { vcpus: { v0: p2 } }
  idle: { vcpus: { v0: p3 } }
devices:
  dut: { bdf: "3b:00.1", store: ims-queue, owner: attacker }
  other: { bdf: "3c:00.0", store: ims-queue, owner: victim }
  idle0: { bdf: "3d:00.0", store: ims-queue, owner: idle }
explore:
  actors:
    victim: { may: [use, free, raise] }
    idle: { may: [raise] }
    attacker: { may: [use, free, forge, raise] }
expect: { isolated: true, works: true }
`;

/** Four cells, each answered in no time. */
const SMALL = `irqscope: 1
name: small
title: four cells
platform: { preset: x86-vtd }
guests: { g1: { vcpus: { v0: p1 }, behaviour: adversarial } }
devices: { dut: { bdf: "3b:00.1", store: ims-queue, owner: g1 } }
explore:
  actors: { g1: { may: [use, forge, raise] } }
  forge: { modes: [nmi] }
vary:
  compat:
    block: {}
    pass: { platform: { ir: { kind: vtd, compatFormat: pass } } }
  kernel: { old: {}, new: { platform: { kernel: linux-6.6 } } }
expect:
  cells:
    - { when: { compat: block }, isolated: true, works: true }
    - { when: { compat: pass }, isolated: false, works: true }
`;

describe('shards', () => {
  const folder = useFolder();
  const matrix = (...more: string[]) =>
    runCli(['matrix', folder.write('small.yaml', SMALL), '--out', folder.path('o'), ...more]);

  test('of a matrix merge to the whole; without one of them there is no report', () => {
    const blobs = folder.path('blobs');
    const shard = (i: number) => matrix('--shard', `${i}/3`, '--blobs', blobs);
    for (const i of [1, 3]) expect(shard(i).code).toBe(0);
    expect(runCli(['merge-reports', blobs])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('shard 2/3 is missing'),
    });
    expect(shard(2).code).toBe(0);
    const { code, stdout } = runCli(['merge-reports', blobs, '--reporter', 'json']);
    expect(code).toBe(0);
    const whole = JSON.parse(matrix('--format', 'json').stdout);
    const byCell = (a: { cell: object }, b: { cell: object }) =>
      JSON.stringify(a.cell) < JSON.stringify(b.cell) ? -1 : 1;
    expect(JSON.parse(stdout).cells.toSorted(byCell)).toEqual(whole.cells.toSorted(byCell));
  });

  test('of different work do not merge', () => {
    const blobs = folder.path('blobs');
    matrix('--shard', '1/2', '--blobs', blobs);
    matrix('--cell', 'kernel=old', '--shard', '2/2', '--blobs', blobs);
    expect(runCli(['merge-reports', blobs])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('shards of different work'),
    });
  });

  test('a folder without any says how to make some', () => {
    expect(runCli(['merge-reports', 'nowhere'])).toMatchObject({ code: 2 });
    expect(runCli(['merge-reports', 'scenarios'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--shard i/n'),
    });
  });
});

describe('irqscope matrix', () => {
  const folder = useFolder();
  const run = (...more: string[]) =>
    runCli(['matrix', folder.write('small.yaml', SMALL), '--out', folder.path('o'), ...more]);

  test('says what differs from an earlier report, and exits like diff', () => {
    const report = JSON.parse(run('--format', 'json').stdout);
    expect(run('--diff', folder.write('same.json', JSON.stringify(report)))).toMatchObject({
      code: 0,
      stdout: '',
    });
    report.cells[0].isolated = false;
    const { code, stdout } = run('--diff', folder.write('other.json', JSON.stringify(report)));
    expect(code).toBe(1);
    expect(stdout).toBe('compat=block,kernel=old: not isolated, works -> isolated, works\n');
    expect(run('--diff', folder.write('bad.json', '{}')).code).toBe(2);
  });

  test('a cell that is not as the file says is unexpected', () => {
    const file = folder.write(
      'wrong.yaml',
      SMALL.replace('compat: block }, isolated: true', 'compat: block }, isolated: false'),
    );
    const { code, stderr } = runCli(['matrix', file, '--out', folder.path('o')]);
    expect(code).toBe(1);
    expect(stderr).toContain('not as the file says: compat=block,kernel=old: isolated, works');
  });
});
