import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build, type Plugin } from 'vite';
import { afterAll, expect, test } from 'vitest';
import { filmOf } from '../../src/report/film.ts';
import { traceDigest } from '../../src/report/trace-digest.ts';
import { chooseRun } from '../../src/runner/choose-run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { readySchema } from '../../web/build/ready-schema.ts';
import { describeBrowser } from './chromium.ts';
import { open, openText, seek } from './page.ts';
import { serve, useSite } from './site.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TEXT = readFileSync(join(ROOT, 'scenarios', 'teaching', 'tglx-iommu.yaml'), 'utf8');

/** The run as the simulator has it here, to be compared with what the page shows. */
function known() {
  const [scenario] = loadScenario('iommu.yaml', TEXT, () => null).scenarios;
  const { machine } = scenario;
  const { view } = chooseRun(scenario);
  const film = filmOf(machine, view.trace, view.findings);
  const spoof = film.journeys[1];
  return { digest: traceDigest(view.trace, film.stepOf), spoof, length: view.trace.length };
}

const RUN = known();
const main = (page: Page, selector: string): Promise<string[]> =>
  page.locator(selector).allTextContents();
const tab = (page: Page, name: 'why' | 'bits') =>
  page.evaluate(one => window.irqscope?.actions.setTab(one), name);

/** What the page shows of a message that is refused for its requester id; each stands on its own. */
const CHECKS: readonly [string, (page: Page) => Promise<void>][] = [
  [
    'the script tells what became of each raise',
    async page => {
      const fates = (await main(page, '.steps .fate-word')).map(text => text.trim());
      expect(fates).toEqual(['delivered', 'blocked']);
    },
  ],
  [
    'the strip has two octagons',
    async page => expect(await page.locator('.markers .mark.blocked').count()).toBe(2),
  ],
  [
    'the file’s expectations came true',
    async page => expect(await page.locator('.expectations .fail').count()).toBe(0),
  ],
  [
    'the run is isolated',
    async page => expect((await main(page, '.verdict .tag'))[0].trim()).toBe('isolated'),
  ],
  [
    'there is no violation to go to',
    async page =>
      expect(await page.getByRole('button', { name: 'Next violation' }).count()).toBe(0),
  ],
  [
    'the card ends as blocked, at the unit',
    async page => {
      expect(await main(page, '.card.fate text')).toEqual(['blocked']);
      const [card, unit] = await Promise.all(
        ['.card.fate', '.piece.unit rect'].map(one => page.locator(one).boundingBox()),
      );
      expect(Math.abs((card?.x ?? 0) - (unit?.x ?? 900))).toBeLessThan(160);
    },
  ],
  [
    'the caption says which check refused it',
    async page => expect(await page.locator('.caption').textContent()).toContain('source-id'),
  ],
  [
    'screen readers hear the verdict',
    async page => expect(await page.locator('#status').textContent()).toMatch(/blocked\.$/),
  ],
  [
    'the explanation shows the check that failed',
    async page => {
      await tab(page, 'why');
      expect(await page.locator('.check.failed .check-name').textContent()).toContain(
        'vtd/source-id',
      );
    },
  ],
  [
    'without that check it would have been another story',
    async page => {
      await tab(page, 'why');
      await page.locator('.check.failed .what-if').first().click();
      await page.locator('.what-if-answer strong').first().waitFor({ timeout: 5000 });
      expect(await page.locator('.what-if-answer').first().textContent()).toContain('blocked');
    },
  ],
  [
    'the fault is in the table',
    async page => {
      await page.evaluate(() => window.irqscope?.actions.setTable('faults'));
      expect(await page.locator('.state').textContent()).toContain('0x26');
    },
  ],
  [
    'the text of the run tells of the fault',
    async page => {
      await page.evaluate(() => window.irqscope?.actions.setView('text'));
      const faults = (await main(page, '.records li')).filter(text => text.includes('vtd/0x26'));
      await page.evaluate(() => window.irqscope?.actions.setView('stage'));
      expect(faults).toHaveLength(1);
    },
  ],
  [
    'the run is as long as it should be',
    async page =>
      expect(await page.evaluate(() => window.irqscope?.run()?.data.trace.length)).toBe(RUN.length),
  ],
  [
    'its digest is that of the simulator outside the page',
    async page =>
      expect(await page.evaluate(() => window.irqscope?.run()?.digest)).toBe(RUN.digest),
  ],
];

/** Names of the checks that fail on a page of this site. */
async function failing(page: Page): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, check] of CHECKS) {
    await seek(page, RUN.spoof.fateSeq);
    page.setDefaultTimeout(1500);
    try {
      await check(page);
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

/** The same simulator with a unit that takes every requester id for the right one. */
const careless = (): Plugin => ({
  name: 'careless',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/units/vtd-rules.ts')) return null;
    const begin = 'export function sourceAllowed(';
    if (!code.includes(begin)) throw new Error('the source-id check is not where it was');
    return code.replace(/(export function sourceAllowed\([^{]*\{)/, '$1 return true;');
  },
});

const folder = mkdtempSync(join(tmpdir(), 'irqscope-careless-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeBrowser('the source-id check', browser => {
  const site = useSite();

  test('shows in the whole page', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'iommu', TEXT);
    expect(await failing(page)).toEqual([]);
    await close();
  }, 60_000);

  test('left out of the simulator, makes most of these checks fail: they do look', async () => {
    await build({
      configFile: join(ROOT, 'vite.config.ts'),
      mode: 'production',
      logLevel: 'silent',
      build: { outDir: folder, minify: false },
      worker: { plugins: () => [readySchema(), careless()] },
    });
    const broken = await serve(folder);
    const { page, close } = await open(browser(), broken.url);
    await openText(page, 'iommu', TEXT);
    const failed = await failing(page);
    console.info(`with a broken simulator ${failed.length} of ${CHECKS.length} checks fail`);
    expect(failed.length).toBeGreaterThanOrEqual(10);
    await close();
    await broken.close();
  }, 120_000);
});
