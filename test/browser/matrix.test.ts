import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { MatrixReport } from '../../src/index.ts';
import { axeFindings, sidewaysPx } from './axe.ts';
import { describeBrowser } from './chromium.ts';
import { type Opened, open, settled } from './page.ts';
import { useSite } from './site.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const reportOf = (name: string): MatrixReport =>
  JSON.parse(readFileSync(join(ROOT, 'scenarios', 'matrix', `${name}.json`), 'utf8'));

const QUESTION = reportOf('open-question');
const REPORTS = [QUESTION, reportOf('hypervisor-mistakes')];

/** A cell of the page: where it leads, and what it says. */
interface Shown {
  readonly href: string;
  readonly text: string;
}

const shownCells = (page: Page): Promise<Shown[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.matrix td a')].map(link => ({
      href: link.getAttribute('href') ?? '',
      text: (link.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
    })),
  );

const cellLink = (cell: Readonly<Record<string, string>>): string =>
  `#1;page=matrix;c=${Object.entries(cell)
    .map(([axis, value]) => `${axis}:${value}`)
    .join(',')}`;

describeBrowser('the matrix', browser => {
  const site = useSite();

  const openMatrix = async (how: Parameters<typeof open>[2] = {}): Promise<Opened> => {
    const opened = await open(browser(), site(), { hash: '#1;page=matrix', ...how });
    await opened.page.locator('.matrix table').first().waitFor();
    return opened;
  };

  test('every combination says both things, and leads to a counterexample or a reason', async () => {
    const { page, troubles, close } = await openMatrix();
    const shown = new Map((await shownCells(page)).map(one => [one.href, one.text]));
    const cells = REPORTS.flatMap(report => report.cells);
    expect(shown.size).toBe(cells.length);
    for (const { cell, isolated, works, steps, counterexample } of cells) {
      expect(isolated).not.toBeNull();
      const second = works ? 'works' : 'lost';
      if (isolated) {
        expect(counterexample).toBeNull();
        expect(shown.get(cellLink(cell))).toBe(`${works ? '●' : '○'} isolated, ${second}`);
      } else {
        const path = counterexample ?? '';
        expect(existsSync(join(ROOT, path)), path).toBe(true);
        const id = path.replace('scenarios/', '').replace('.yaml', '');
        expect(shown.get(`#1;s=${id};e=v`)).toBe(`◆ broken in ${steps}, ${second}`);
      }
    }
    expect(troubles).toEqual([]);
    await close();
  });

  test('a broken cell opens the run, at the step that breaks it; Back leads to the matrix', async () => {
    const { page, troubles, close } = await openMatrix();
    const found = QUESTION.cells.find(({ steps }) => steps === 3);
    const id = (found?.counterexample ?? '').replace('scenarios/', '').replace('.yaml', '');
    await page.locator(`.matrix a[href*="${id};"]`).click();
    await page.waitForFunction(name => window.irqscope?.state().place.scenario === name, id);
    await settled(page);
    const at = await page.evaluate(() => {
      const run = window.irqscope?.run();
      const seq = window.irqscope?.state().place.seq ?? -1;
      const [violation] = run?.data.film.violations ?? [];
      return { seq, act: run?.data.trace[seq]?.act, violation };
    });
    expect(at.act).toBe('step');
    expect(at.violation).toBeGreaterThan(at.seq);
    expect(new URL(page.url()).hash).toContain(`e=${at.seq}`);
    expect(await page.locator('h2.title').textContent()).toContain(found?.rule);
    await page.evaluate(() => window.irqscope?.actions.violation(1));
    expect(await page.locator('.caption').textContent()).toContain('misdelivered');
    await page.goBack();
    await page.locator('.matrix table').first().waitFor();
    expect(new URL(page.url()).hash).toBe('#1;page=matrix');
    expect(troubles).toEqual([]);
    await close();
  });

  test('a cell that holds opens its reason, by keyboard too, and the link leads back to it', async () => {
    const { page, close } = await openMatrix();
    const cell = QUESTION.cells.find(
      ({ isolated, works, reasons }) => isolated && !works && reasons.length > 2,
    );
    if (!cell) throw new Error('no such cell');
    await page.locator(`.matrix a[href="${cellLink(cell.cell)}"]`).focus();
    await page.keyboard.press('Enter');
    const panel = page.locator('#cell-reason');
    await panel.waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'cell-reason');
    const text = (await panel.textContent()) ?? '';
    expect(text).toContain('Isolated, but permitted interrupts are lost.');
    for (const { end } of cell.reasons) if (end.includes('/')) expect(text).toContain(end);
    expect(text).toContain(`${cell.states} states`);
    const other = await open(browser(), site(), { hash: new URL(page.url()).hash });
    await other.page.locator('#cell-reason').waitFor();
    expect(await other.page.locator('[data-chosen]').count()).toBe(1);
    await other.close();
    await close();
  });

  test('the list of scenarios has none of them', async () => {
    const { page, close } = await open(browser(), site());
    const values = await page
      .locator('.scenario option')
      .evaluateAll(options => options.map(option => (option as HTMLOptionElement).value));
    expect(values.length).toBeGreaterThan(20);
    expect(values.filter(value => value.startsWith('matrix'))).toEqual([]);
    expect(await page.locator('.menu').textContent()).not.toContain('open-question-');
    await close();
  });

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['forced colours', { forcedColors: 'active' }],
  ] as const)('axe has nothing to say, %s', async (_, look) => {
    const held = QUESTION.cells.find(({ isolated }) => isolated);
    const { page, close } = await openMatrix({
      hash: cellLink(held?.cell ?? {}),
      context: { ...look, reducedMotion: 'reduce' },
    });
    await page.locator('.matrix-words summary').first().click();
    expect(await axeFindings(page)).toEqual([]);
    await close();
  });

  test('nothing is wider than the narrowest window but the tables, which scroll', async () => {
    const { page, close } = await openMatrix({
      context: { viewport: { width: 320, height: 640 } },
    });
    expect(await sidewaysPx(page)).toBe(0);
    await close();
  });
});
