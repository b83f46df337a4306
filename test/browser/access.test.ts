import { createRequire } from 'node:module';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { HCALL, LEAK } from '../report/scenes.ts';
import { describeBrowser } from './chromium.ts';
import { open, openText, seek } from './page.ts';
import { useSite } from './site.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong with what is shown, as short lines. */
async function complaints(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: AXE });
  return page.evaluate(async tags => {
    const { axe } = window as never as {
      axe: {
        run(how: unknown): Promise<{
          violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
  }, TAGS);
}

const THEMES: [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['forced colours', { forcedColors: 'active' }],
];

/** Every view of the page, by what is done to get there. */
const VIEWS: [string, (page: Page) => Promise<unknown>][] = [
  ['picture, why', page => openText(page, 'leak', LEAK).then(() => seek(page, 56))],
  ['bits', page => page.evaluate(() => window.irqscope?.actions.setTab('bits'))],
  ['tables', page => page.evaluate(() => window.irqscope?.actions.setTable('entries'))],
  ['drawing of 2020', page => page.evaluate(() => window.irqscope?.actions.setView('mail'))],
  ['text', page => page.evaluate(() => window.irqscope?.actions.setView('text'))],
  ['help', page => page.evaluate(() => window.irqscope?.actions.setDialog('help'))],
  [
    'share',
    async page => {
      await page.keyboard.press('Escape');
      await page.evaluate(() => window.irqscope?.actions.setDialog('share'));
      await page.locator('#share-steer').waitFor();
    },
  ],
  [
    'editor',
    async page => {
      await page.keyboard.press('Escape');
      await page.evaluate(() => {
        window.irqscope?.actions.setView('stage');
        window.irqscope?.actions.toggleEditor();
      });
      await page.locator('.cm-content').waitFor();
    },
  ],
  [
    'a mistake',
    async page => {
      await page.evaluate(() => window.irqscope?.actions.editText('irqscope: 1\nnaem: x\n'));
      await page.locator('.editor-problems').waitFor();
    },
  ],
];

describeBrowser('for everyone', browser => {
  const site = useSite();

  test.each(THEMES)(
    'axe finds nothing wrong with any view: %s',
    async (_name, context) => {
      const { page, close } = await open(browser(), site(), {
        // The policy lets no script in but the page’s own; axe is a guest.
        context: { ...context, bypassCSP: true, reducedMotion: 'reduce' },
      });
      expect(await complaints(page), 'menu').toEqual([]);
      for (const [name, go] of VIEWS) {
        await go(page);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        expect(await complaints(page), name).toEqual([]);
      }
      await close();
    },
    120_000,
  );

  test('axe finds nothing wrong where it is embedded, on a phone, and where a link is damaged', async () => {
    // High enough that nothing lies half under the time bar, which is another matter.
    const phone = { viewport: { width: 390, height: 2400 }, hasTouch: true, isMobile: true };
    for (const [query, hash] of [
      ['&embed=1', '#1;s=teaching/tglx-iommu;e=30'],
      ['', '#1;s=teaching/tglx-iommu;e=30'],
      ['', '#2;x'],
    ]) {
      const { page, close } = await open(browser(), site(), {
        hash,
        query,
        context: { ...phone, bypassCSP: true, reducedMotion: 'reduce' },
      });
      expect(await complaints(page), query + hash).toEqual([]);
      await close();
    }
  }, 60_000);

  test('the arrow keys walk over the parts from the CPU to the device; Enter opens one', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'hcall', HCALL);
    const parts = await page
      .locator('.piece, .slab')
      .evaluateAll(all => all.map(one => one.getAttribute('data-key')));
    await page.locator('.piece[tabindex="0"]').focus();
    const walked: (string | null)[] = [];
    for (const _ of parts) {
      walked.push(
        await page.evaluate(() => document.activeElement?.getAttribute('data-key') ?? null),
      );
      await page.keyboard.press('ArrowDown');
    }
    expect(new Set(walked)).toEqual(new Set(parts));
    const order = (key: string): number => walked.indexOf(`host:${key}`);
    expect(order('cpu/p0')).toBeLessThan(order('unit/'));
    expect(order('unit/')).toBeLessThan(order('bridge/'));
    expect(order('bridge/')).toBeLessThan(order('device/q1'));
    await page.locator('[data-key="host:device/q1"]').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => window.irqscope?.state().place)).toMatchObject({
      tab: 'tables',
      table: 'stores',
    });
    await close();
  });

  test('the focus is seen wherever the Tab key leads, and never under the time bar', async () => {
    const { page, close } = await open(browser(), site(), {
      hash: '#1;s=teaching/tglx-iommu;e=30',
      context: { viewport: { width: 900, height: 700 } },
    });
    const seen = new Set<string>();
    for (let i = 0; i < 120; i++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const style = getComputedStyle(element);
        const inner = element.querySelector('rect');
        const ring =
          style.outlineStyle !== 'none' ||
          (inner !== null && Number.parseFloat(getComputedStyle(inner).strokeWidth) >= 4) ||
          element.matches('[type="file"], [type="range"]');
        const box = element.getBoundingClientRect();
        const bar = document.querySelector('.time')?.getBoundingClientRect();
        const inBar = element.closest('.time') !== null;
        const hidden = bar !== undefined && !inBar && box.top > bar.top - 2;
        return {
          name: `${element.tagName}.${element.className} ${element.textContent?.trim().slice(0, 20)}`,
          ring,
          hidden,
        };
      });
      if (!at) break;
      seen.add(at.name);
      expect(at, at.name).toMatchObject({ ring: true, hidden: false });
    }
    expect(seen.size).toBeGreaterThan(30);
    await close();
  });

  test('one sentence a step is said, with the place in the run and the verdict', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;s=teaching/tglx-iommu' });
    const said = (): Promise<string | null> => page.locator('#status').textContent();
    const { length, verdicts } = await page.evaluate(() => ({
      length: window.irqscope?.run()?.data.trace.length ?? 0,
      verdicts: window.irqscope?.run()?.verdicts ?? [],
    }));
    await seek(page, verdicts[1]);
    expect(await said()).toMatch(
      new RegExp(`^${verdicts[1] + 1} of ${length}\\. .*vtd/0x26.*blocked\\.$`),
    );
    await seek(page, verdicts[0]);
    expect(await said()).toMatch(/p1 gets vector 0x21.*delivered\.$/);
    await close();
  });

  test('while it plays, sentences come no closer than two seconds, and tell verdicts', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;s=teaching/tglx-iommu' });
    const told = await page.evaluate(async () => {
      const list: { at: number; text: string }[] = [];
      const status = document.querySelector('#status');
      new MutationObserver(() =>
        list.push({ at: performance.now(), text: status?.textContent ?? '' }),
      ).observe(status as Node, { childList: true, characterData: true, subtree: true });
      window.irqscope?.actions.setSpeed(8);
      window.irqscope?.actions.togglePlay();
      while (window.irqscope?.state().playing) await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return list;
    });
    expect(told.length).toBeGreaterThan(0);
    for (const [i, one] of told.entries())
      if (i > 0) expect(one.at - told[i - 1].at).toBeGreaterThan(1900);
    for (const { text } of told.slice(0, -1)) expect(text).toMatch(/delivered|blocked|of \d+/);
    await close();
  }, 40_000);

  test('the text of the run says what the picture shows: every record, every verdict', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'leak', LEAK);
    await page.evaluate(() => window.irqscope?.actions.setView('text'));
    const rows = await page.locator('.records li').allTextContents();
    const run = await page.evaluate(() => {
      const data = window.irqscope?.run()?.data;
      return {
        length: data?.trace.length,
        fates: data?.film.journeys.map(({ fate, fateSeq }) => ({ fate, fateSeq })) ?? [],
      };
    });
    expect(rows).toHaveLength(run.length ?? -1);
    for (const { fate, fateSeq } of run.fates) expect(rows[fateSeq]).toContain(fate);
    for (const { fateSeq } of run.fates) {
      await seek(page, fateSeq);
      const caption = (await page.locator('.caption .now').textContent()) ?? '';
      expect(rows[fateSeq].replace(/\s+/g, ' ')).toContain(caption.trim().split(/\s{2,}/)[0]);
    }
    await close();
  });

  test('a dialog gives the focus back to where it was', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;s=teaching/tglx-basic;e=5' });
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    for (const leave of ['key', 'button']) {
      await page.getByRole('button', { name: 'Share' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('#share-steer').waitFor();
      expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(
        true,
      );
      if (leave === 'key') await page.keyboard.press('Escape');
      else await page.locator('dialog header button').click();
      expect(await page.locator('dialog').count()).toBe(0);
      expect(await focused()).toBe('Share');
    }
    await close();
  });
});
