import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { HCALL, LEAK } from '../report/scenes.ts';
import { describeBrowser } from './chromium.ts';
import { open, openText, seek } from './page.ts';
import { useSite } from './site.ts';

const WIDTHS = [320, 390, 768, 1280, 1920];
/** Least side of what can be pressed, in pixels. [WCAG 2.2, 2.5.8], and what fingers want. */
const TARGET_MIN = 24;
const FINGER_MIN = 44;

/** How far the page can be scrolled sideways. */
const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Texts of buttons and boxes that do not fit into them. */
const clipped = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, select, label, h1, h2, p',
    )) {
      const { overflowX } = getComputedStyle(element);
      const hides = overflowX === 'hidden' || overflowX === 'clip';
      if (
        hides &&
        !element.closest('.visually-hidden') &&
        element.scrollWidth > element.clientWidth + 1
      )
        found.push(element.outerHTML.slice(0, 120));
      const box = element.getBoundingClientRect();
      if (box.width > 0 && box.right > innerWidth + 1 && !element.closest('.scroll, .mail'))
        found.push(`out of sight: ${element.outerHTML.slice(0, 120)}`);
    }
    return found;
  });

/** Controls that are too small to hit; bits have a number beside them that does the same. */
const small = (page: Page, least: number): Promise<string[]> =>
  page.evaluate(min => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, select, input, summary',
    )) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || element.matches('.bit, .link, .cell, .visually-hidden')) continue;
      if (element.matches('[type="range"], .steps button, .records button, summary')) continue;
      if (box.height < min - 0.5 || box.width < min - 0.5)
        found.push(
          `${Math.round(box.width)}x${Math.round(box.height)} ${element.outerHTML.slice(0, 100)}`,
        );
    }
    return found;
  }, least);

const VIEWS: [string, (page: Page) => Promise<unknown>][] = [
  ['picture', page => page.evaluate(() => window.irqscope?.actions.setTab('why'))],
  ['bits', page => page.evaluate(() => window.irqscope?.actions.setTab('bits'))],
  ['tables', page => page.evaluate(() => window.irqscope?.actions.setTable('entries'))],
  ['text', page => page.evaluate(() => window.irqscope?.actions.setView('text'))],
  ['tglx view', page => page.evaluate(() => window.irqscope?.actions.setView('mail'))],
  [
    'editor',
    page =>
      page.evaluate(() => {
        window.irqscope?.actions.setView('stage');
        window.irqscope?.actions.toggleEditor();
      }),
  ],
  ['share', page => page.evaluate(() => window.irqscope?.actions.setDialog('share'))],
  ['help', page => page.evaluate(() => window.irqscope?.actions.setDialog('help'))],
];

/** Makes every text longer by two fifths, as other languages do. */
const lengthen = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node as Text);
    for (const text of texts) {
      if (text.parentElement?.closest('svg, code, .mono, .bit, .code, script, style')) continue;
      const words = text.data.trim();
      if (words.length > 1)
        text.data = `⟦${text.data}${'ö'.repeat(Math.ceil(words.length * 0.4))}⟧`;
    }
  });

describeBrowser('at any width', browser => {
  const site = useSite();

  test.each(WIDTHS)(
    '%i pixels: nothing leads out of the page, nothing is cut off or too small',
    async width => {
      const narrow = width < 700;
      const { page, close } = await open(browser(), site(), {
        context: { viewport: { width, height: 800 }, hasTouch: narrow, isMobile: narrow },
      });
      expect(await sideways(page), 'menu').toBe(0);
      await openText(page, 'hcall', HCALL);
      await openText(page, 'leak', LEAK);
      await seek(page, 56);
      for (const [name, go] of VIEWS) {
        await go(page);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        if (name === 'share') await page.locator('#share-steer').waitFor();
        expect(await sideways(page), name).toBe(0);
        expect(await clipped(page), name).toEqual([]);
        expect(await small(page, narrow ? FINGER_MIN : TARGET_MIN), name).toEqual([]);
      }
      await close();
    },
    60_000,
  );

  test('longer words of other languages fit too', async () => {
    for (const width of [320, 1280]) {
      const { page, close } = await open(browser(), site(), {
        hash: '#1;s=teaching/tglx-guest-hcall;e=40;tab=bits',
        context: { viewport: { width, height: 800 } },
      });
      await lengthen(page);
      expect(await sideways(page)).toBe(0);
      expect(await clipped(page)).toEqual([]);
      await close();
    }
  });
});
