import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { PAIRS } from '../../web/i18n/en-compare.ts';
import { axeFindings, sidewaysPx } from './axe.ts';
import { describeBrowser } from './chromium.ts';
import { type Opened, open, seek, settled } from './page.ts';
import { useSite } from './site.ts';

const TRAP_AND_HCALL = '#1;s=teaching/one-script;c=way:trap,unit:vtd;cmp=!way:hcall,unit:vtd';
const CHECK_ON_AND_OFF =
  '#1;s=teaching/tglx-guest-hcall;c=remap:sound;cmp=!remap:no-source-check;like=outcome';

/** Waits until both runs lie beside each other. */
async function laid(page: Page): Promise<void> {
  await page.locator('.parting').waitFor();
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

/** How many events are the same, differ, and have no twin. */
const counts = (page: Page): Promise<Record<'alike' | 'unlike' | 'alone', number>> =>
  page.evaluate(() => {
    const count = (kind: string): number =>
      document.querySelectorAll(`.both tbody tr.${kind}`).length;
    return { alike: count('alike'), unlike: count('unlike'), alone: count('alone') };
  });

describeBrowser('two runs side by side', browser => {
  const site = useSite();

  const openPair = async (hash: string, how: Parameters<typeof open>[2] = {}): Promise<Opened> => {
    const opened = await open(browser(), site(), { hash, ...how });
    await laid(opened.page);
    return opened;
  };

  test('a run beside itself: no diamond, and nothing that differs', async () => {
    const { page, troubles, close } = await open(browser(), site(), {
      hash: '#1;s=teaching/tglx-basic',
    });
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await laid(page);
    const { alike, unlike, alone } = await counts(page);
    expect(alike).toBe(await page.evaluate(() => window.irqscope?.run()?.data.trace.length));
    expect([unlike, alone]).toEqual([0, 0]);
    expect(await page.locator('.lanes .alone').count()).toBe(0);
    expect(await page.locator('.compared .differs').count()).toBe(0);
    expect(troubles).toEqual([]);
    await close();
  });

  test('trap and hypercall part where the guest allocates: only one asks the hypervisor then', async () => {
    const { page, close } = await openPair(TRAP_AND_HCALL);
    expect(await page.locator('.parting').textContent()).toContain('Step 3 (allocate acc.0)');
    await page.getByRole('button', { name: 'Go there' }).click();
    expect(await page.locator('.row-head').textContent()).toContain('in one only');
    expect(await page.locator('.side[data-face=b] .side-now').textContent()).toMatch(
      /remap gives entry/,
    );
    // Both end alike: what is raised in the end arrives.
    const last = page.locator('.compared').first().locator('tbody tr').last();
    expect(await last.textContent()).not.toContain('misdelivered');
    await close();
  });

  test('with the source check off the forged message arrives: the same up to the unit', async () => {
    const { page, troubles, close } = await openPair(CHECK_ON_AND_OFF);
    const row = page.locator('.compared tr', { hasText: 'misdelivered' }).first();
    expect(await row.locator('td').allTextContents()).toEqual([
      expect.stringContaining('blocked'),
      expect.stringContaining('misdelivered'),
    ]);
    await page.getByRole('button', { name: 'Go there' }).click();
    const at = await page.evaluate(() => window.irqscope?.state().place.compared?.row ?? -1);
    const before = await page
      .locator('.both tbody tr')
      .evaluateAll(
        (rows, end) => rows.slice(0, end).map(one => one.className.trim().split(' ')[0]),
        at,
      );
    expect(new Set(before)).toEqual(new Set(['alike']));
    for (const face of ['a', 'b'])
      expect(await page.locator(`#stage-${face} .piece`).count()).toBeGreaterThan(5);
    expect(troubles).toEqual([]);
    await close();
  });

  test('what if this check were off: another end, and the two beside each other where they part', async () => {
    const { page, close } = await open(browser(), site(), {
      hash: '#1;s=teaching/tglx-guest-hcall;c=remap:sound;tab=why',
    });
    const fault = await page.evaluate(
      () => window.irqscope?.run()?.data.trace.find(({ act }) => act === 'fault')?.seq ?? -1,
    );
    await seek(page, fault);
    await page.getByRole('button', { name: /^What if this check were off.*source-id/ }).click();
    const answer = page.locator('.what-if-answer').first();
    await answer.getByRole('button', { name: 'Compare the two' }).waitFor();
    expect(await answer.textContent()).toMatch(/misdelivered/);
    await answer.getByRole('button', { name: 'Compare the two' }).click();
    await laid(page);
    const { row, first } = await page.evaluate(() => ({
      row: window.irqscope?.state().place.compared?.row,
      first: [...document.querySelectorAll('.both tbody tr')].findIndex(
        one => !one.classList.contains('alike'),
      ),
    }));
    expect(first).toBeGreaterThan(0);
    expect(row).toBe(first);
    await close();
  });

  test('the link brings back both, and where they stand; one run is a step away', async () => {
    const { page, close } = await openPair(TRAP_AND_HCALL);
    for (const key of ['Next', 'Next'])
      await page.getByRole('button', { name: key }).first().click();
    await page.getByLabel('Alike means').selectOption({ index: 1 });
    const place = () => page.evaluate(() => window.irqscope?.state().place.compared);
    const wanted = await place();
    const { hash } = new URL(page.url());
    const other = await openPair(hash);
    expect(await other.page.evaluate(() => window.irqscope?.state().place.compared)).toEqual(
      wanted,
    );
    expect(new URL(other.page.url()).hash).toBe(hash);
    await other.close();
    await page.getByRole('button', { name: 'Back to one run' }).click();
    await settled(page);
    expect(await place()).toBeNull();
    expect(await page.locator('#stage .piece').count()).toBeGreaterThan(5);
    await close();
  });

  test('every pair that is offered differs somewhere, and opens there, one after another', async () => {
    const { page, troubles, close } = await open(browser(), site(), {
      hash: '#1;page=compare',
    });
    for (const [at, { text }] of PAIRS.entries()) {
      await page.locator('.sheet .cards a').nth(at).click();
      await laid(page);
      await page.waitForFunction(() => window.irqscope?.state().place.compared?.row !== null);
      const row = () => page.evaluate(() => window.irqscope?.state().place.compared?.row ?? -1);
      const stands = await row();
      await page.getByRole('button', { name: 'Go there' }).click();
      expect(stands, text).toBe(await row());
      expect(await page.locator('.row-head .tag').textContent(), text).toMatch(/[≠◆]/);
      expect(await page.locator('.parting').textContent(), text).toContain('Step');
      await page.getByRole('link', { name: 'Other pairs' }).click();
      await page.locator('.sheet .cards a').first().waitFor();
    }
    expect(troubles).toEqual([]);
    await close();
  }, 120_000);

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['forced colours', { forcedColors: 'active' }],
  ] as const)('axe has nothing to say, %s', async (_, look) => {
    const { page, close } = await openPair(CHECK_ON_AND_OFF, {
      context: { ...look, reducedMotion: 'reduce', viewport: { width: 1280, height: 2400 } },
    });
    await page.getByRole('button', { name: 'Go there' }).click();
    expect(await axeFindings(page)).toEqual([]);
    await page.goto(`${site()}?test=1#1;page=compare`);
    await page.locator('.sheet h2').waitFor();
    expect(await axeFindings(page), 'pairs').toEqual([]);
    await close();
  });

  test('on a phone there is one of the two at a time, and nothing is wider than the window', async () => {
    const { page, close } = await openPair(TRAP_AND_HCALL, {
      context: { viewport: { width: 320, height: 640 } },
    });
    expect(await sidewaysPx(page)).toBe(0);
    expect(await page.locator('.side:visible').count()).toBe(1);
    await page.locator('.faces button').nth(1).click();
    expect(await page.locator('.side[data-face=b]').isVisible()).toBe(true);
    await close();
  });
});
