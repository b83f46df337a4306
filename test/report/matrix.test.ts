import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MatrixReport } from '../../src/report/matrix.ts';
import { matrixHtml, matrixSvg } from '../../src/report/matrix-page.ts';
import { matrixMarkdown, matrixTable } from '../../src/report/matrix-text.ts';

const KEPT = join(import.meta.dirname, '..', '..', 'scenarios', 'matrix', 'open-question.json');
const report: MatrixReport = JSON.parse(readFileSync(KEPT, 'utf8'));
const broken = report.cells.filter(({ isolated }) => isolated === false);

const count = (text: string, part: string): number => text.split(part).length - 1;

describe('a matrix on paper', () => {
  test('as text: a row for each combination of the other axes, reasons below', () => {
    const lines = matrixTable(report).split('\n');
    expect(lines[2]).toMatch(
      /^storage +compose +rid +reach +none +vtd +vtd-nosid +vtd-compat +amdvi +amdvi-shared$/,
    );
    expect(lines.slice(3, 27).every(line => /^(trapped|direct|queue) /.test(line))).toBe(true);
    expect(lines[28]).toMatch(/^\[1\] /);
  });

  test('as Markdown: every broken cell links to its counterexample', () => {
    const text = matrixMarkdown(report);
    for (const { counterexample } of broken) expect(text).toContain(`](${counterexample})`);
    expect(count(text, '](')).toBe(broken.length);
  });

  test('as a page: every cell links to its counterexample or its reason, which is there', () => {
    const page = matrixHtml(report);
    for (const [, target] of page.matchAll(/href="#(reason-\d+)"/g))
      expect(page).toContain(`id="${target}"`);
    expect(count(page, 'href="')).toBe(report.cells.length);
    expect(page).not.toMatch(/<script|https?:/);
  });

  test('as a picture: a box for each cell, told apart by sign as well as colour', () => {
    const picture = matrixSvg(report);
    expect(count(picture, '◆')).toBe(broken.length);
    expect(count(picture, '<rect')).toBe(report.cells.length + 1);
  });

  test('never says one half of a verdict without the other', () => {
    for (const text of [
      matrixTable(report),
      matrixMarkdown(report),
      matrixHtml(report),
      matrixSvg(report),
    ]) {
      const verdicts = text.match(/(isolated|broken in \d+), (works|lost)/g) ?? [];
      expect(verdicts).toHaveLength(report.cells.length);
    }
  });
});
