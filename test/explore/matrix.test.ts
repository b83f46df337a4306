import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MatrixReport } from '../../src/report/matrix.ts';
import { runCli } from '../cli/cli.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MATRICES = 'scenarios/matrix';
const UPDATE = process.env.UPDATE_DOCS === '1';
const HOW = 'UPDATE_DOCS=1 npx vitest run test/explore/matrix.test.ts writes it anew';

const inRoot = (path: string): string => join(ROOT, path);
const read = (path: string): string => readFileSync(inRoot(path), 'utf8');

/** Runs a matrix in full and returns its report; counterexamples are in `folder` afterwards. */
function answer(name: string, folder: string): MatrixReport {
  const run = runCli(['matrix', `${MATRICES}/${name}.yaml`, '--format', 'json', '--out', folder]);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout);
}

/** A report as it is kept: counterexamples beside their matrix. */
const kept = (report: MatrixReport, name: string): MatrixReport => ({
  ...report,
  cells: report.cells.map(cell => ({
    ...cell,
    counterexample:
      cell.counterexample && `${MATRICES}/${name}/${cell.counterexample.split('/').at(-1)}`,
  })),
});

const jsonText = (report: MatrixReport): string => `${JSON.stringify(report, null, 1)}\n`;

describe.each([
  ['open-question', 144],
  ['hypervisor-mistakes', 72],
])('the matrix %s', (name, count) => {
  const folder = join(ROOT, 'dist', 'test', name);
  let report: MatrixReport;
  beforeAll(() => {
    report = answer(name, UPDATE ? inRoot(`${MATRICES}/${name}`) : folder);
    if (UPDATE) writeFileSync(inRoot(`${MATRICES}/${name}.json`), jsonText(kept(report, name)));
  }, 900_000);

  test('is answered in full: every cell complete, and as the file says', () => {
    expect(report.format).toBe('irqscope-matrix/1');
    expect(report.cells).toHaveLength(count);
    for (const cell of report.cells) {
      expect([cell.complete, cell.pass, cell.refused], JSON.stringify(cell.cell)).toEqual([
        true,
        true,
        false,
      ]);
      expect(cell.isolated, JSON.stringify(cell.cell)).toBe(cell.counterexample === null);
      expect(cell.rule === null).toBe(cell.isolated);
    }
  });

  test('is kept beside its file, to the bit', () => {
    expect(read(`${MATRICES}/${name}.json`) === jsonText(kept(report, name)), HOW).toBe(true);
    for (const { counterexample } of report.cells) {
      const file = counterexample?.split('/').at(-1);
      if (!file) continue;
      const fresh = readFileSync(
        UPDATE ? inRoot(`${MATRICES}/${name}/${file}`) : join(folder, file),
        'utf8',
      );
      expect(read(`${MATRICES}/${name}/${file}`) === fresh, `${file}: ${HOW}`).toBe(true);
    }
    const files = readdirSync(inRoot(`${MATRICES}/${name}`));
    expect(files).toHaveLength(report.cells.filter(cell => cell.counterexample !== null).length);
  });

  test('has counterexamples that are scenarios: all run, and come out as they say', () => {
    const run = runCli(['run', `${MATRICES}/${name}`]);
    expect(run.stdout.split('\n').at(-2)).toMatch(/^\d+ passed, 0 failed$/);
    expect(run.code).toBe(0);
  });
});
