import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { CLI } from './cli.ts';
import { useFolder } from './folder.ts';

const CI = join(import.meta.dirname, '..', '..', 'scenarios', 'ci');

function read(name: string) {
  const document = parseDocument(readFileSync(join(CI, name), 'utf8'), { version: '1.2' });
  expect(document.errors).toEqual([]);
  return document.toJS();
}

describe('ready files for people with more than one machine', () => {
  const folder = useFolder();

  /** A project with two scenarios, where `npx irqscope` is the command line under test. */
  function project(): string {
    const bin = folder.path('bin/npx');
    mkdirSync(dirname(bin), { recursive: true });
    mkdirSync(folder.path('scenarios'));
    folder.write('bin/npx', `#!/bin/sh\nshift\nexec "${process.execPath}" "${CLI}" "$@"\n`);
    spawnSync('chmod', ['+x', bin]);
    for (const name of ['one', 'two'])
      folder.write(
        `scenarios/${name}.yaml`,
        `irqscope: 1\nname: ${name}\ntitle: ${name}\ndevices: { nic: { bdf: "00:03.0", store: msi } }\n`,
      );
    return dirname(dirname(bin));
  }

  function shell(script: string, cwd: string, env: Record<string, string>) {
    const PATH = `${join(cwd, 'bin')}:${process.env.PATH}`;
    return spawnSync('/bin/sh', ['-e', '-c', script], {
      cwd,
      env: { ...env, PATH },
      encoding: 'utf8',
    });
  }

  test('GitHub: every shard leaves a report, and the merge is the whole', () => {
    const workflow = read('github-actions.yml');
    const { shard, merge } = workflow.jobs;
    const cwd = project();
    const script = shard.steps.find((step: { run?: string }) =>
      step.run?.includes('irqscope run'),
    ).run;
    for (const index of shard.strategy.matrix.index) {
      const part = shard.env.IRQSCOPE_SHARD.replace(/\$\{\{ matrix\.index \}\}/, index);
      expect(shell(script, cwd, { IRQSCOPE_SHARD: part })).toMatchObject({ status: 0 });
    }
    symlinkSync(join(cwd, '.irqscope/blobs'), join(cwd, 'blobs'));
    const last = merge.steps.at(-1).run;
    expect(shell(last, cwd, {})).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('2 passed, 0 failed'),
    });
  });

  test('Kubernetes: pods count from 0, and write into one volume', () => {
    const { spec } = read('kubernetes-job.yaml');
    const [container] = spec.template.spec.containers;
    expect([spec.completionMode, container.command]).toEqual(['Indexed', ['/bin/sh', '-c']]);
    const env = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    expect(env.IRQSCOPE_SHARDS).toBe(String(spec.completions));
    const cwd = project();
    const script = container.args[0].replaceAll('/reports/', `${cwd}/reports/`);
    folder.write('small.yaml', SMALL);
    for (const pod of [0, 1])
      expect(
        shell(script, cwd, {
          ...env,
          IRQSCOPE_SHARDS: '2',
          JOB_COMPLETION_INDEX: String(pod),
          MATRIX_FILE: 'small.yaml',
        }),
      ).toMatchObject({ status: 0 });
    const merged = shell('npx irqscope merge-reports reports/blobs', cwd, {});
    expect(merged).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('2 passed, 0 failed'),
    });
  });
});

const SMALL = `irqscope: 1
name: small
title: two cells
platform: { preset: x86-vtd }
guests: { g1: { vcpus: { v0: p1 }, behaviour: adversarial } }
devices: { dut: { bdf: "3b:00.1", store: ims-queue, owner: g1 } }
explore: { actors: { g1: { may: [use, raise] } } }
vary: { cache: { never: {}, either: { platform: { ir: { kind: vtd, cache: either } } } } }
`;
