import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'irqscope-package-'));
/** The package as a user has it, among what it depends on. */
const INSTALLED = join(folder, 'node_modules', 'irqscope');

const npm = (...args: readonly string[]): string =>
  execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

/** Node in the user's folder. */
const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

beforeAll(() => {
  for (const error of [inject('cliBuildError'), inject('webBuildError')])
    if (error) throw new Error(error);
  npm('run', 'build:lib');
  npm('run', 'build:schema');
  const report = npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  [packed] = JSON.parse(report);
  mkdirSync(INSTALLED, { recursive: true });
  const archive = join(folder, packed.filename);
  execFileSync('tar', ['-xzf', archive, '-C', INSTALLED, '--strip-components=1']);
  const manifest = JSON.parse(readFileSync(join(INSTALLED, 'package.json'), 'utf8'));
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('the package', () => {
  test('holds what users need and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const expected = [
      /^README\.md$/,
      /^package\.json$/,
      /^dist\/cli\/irqscope\.js$/,
      /^dist\/lib\/.+\.(js|d\.ts)$/,
      /^dist\/scenario\.v1\.json$/,
      /^dist\/web\/index\.html$/,
      /^dist\/web\/irqscope\.html$/,
      /^dist\/web\/(service-worker\.js|manifest\.webmanifest|icon\.svg)$/,
      /^dist\/web\/assets\/.+\.(js|css|svg)$/,
      /^scenarios\/.+$/,
    ];
    expect(paths.filter(path => !expected.some(pattern => pattern.test(path)))).toEqual([]);
    for (const pattern of expected)
      expect(paths.filter(path => pattern.test(path)).length, `${pattern}`).toBeGreaterThan(0);
    expect(
      paths.filter(path => /\/(cli|explore)\//.test(path) && path.startsWith('dist/lib')),
    ).toEqual([]);
  });

  test('is there for `import`, and runs a scenario', () => {
    writeFileSync(
      join(folder, 'use.mjs'),
      `import { readFileSync } from 'node:fs';
import { loadScenario, runScenario } from 'irqscope';
const file = 'node_modules/irqscope/scenarios/teaching/tglx-basic.yaml';
const { scenarios } = loadScenario(file, readFileSync(file, 'utf8'), () => null);
const { id, pass } = runScenario(scenarios[0]);
console.log(id, pass);
`,
    );
    expect(node('use.mjs')).toMatchObject({ status: 0, stdout: 'tglx-basic true\n', stderr: '' });
  });

  test.each([
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ])('has types, as %s resolves them', (resolution, module) => {
    writeFileSync(
      join(folder, 'use.ts'),
      `import { loadScenario, runScenario, type ScenarioResult } from 'irqscope';
const { scenarios } = loadScenario('a.yaml', '', () => null);
const result: ScenarioResult = runScenario(scenarios[0]);
// @ts-expect-error: the name of a rule is no number
export const rule: number = result.violations[0].rule;
`,
    );
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const flags = ['--noEmit', '--strict', '--target', 'es2023', '--lib', 'es2023,dom'];
    const how = ['--module', module, '--moduleResolution', resolution, '--types', ''];
    const { status, stdout } = node(tsc, ...flags, ...how, 'use.ts');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('has the command line, which finds the schema beside it', () => {
    const cli = join('node_modules', 'irqscope', 'dist', 'cli', 'irqscope.js');
    const made = node(cli, 'new', 'basic', 'mine');
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const [modeline] = readFileSync(join(folder, 'mine.yaml'), 'utf8').split('\n');
    const schema = /\$schema=(\S+)$/.exec(modeline)?.[1] ?? '';
    expect(existsSync(join(folder, schema)), modeline).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, schema), 'utf8')).title).toBe('irqscope scenario');
    expect(node(cli, 'run', 'mine.yaml').stdout).toMatch(/1 passed, 0 failed\n$/);
  });
});
