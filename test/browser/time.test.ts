import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { HCALL, LEAK } from '../report/scenes.ts';
import { describeBrowser } from './chromium.ts';
import { open, openText, pageText, pictureText, seek } from './page.ts';
import { useSite } from './site.ts';

/** All a user sees of a moment. */
const seen = async (page: Page): Promise<unknown> => [
  await pageText(page),
  await pictureText(page),
];

const lengthOf = (page: Page): Promise<number> =>
  page.evaluate(() => window.irqscope?.run()?.data.trace.length ?? 0);
const seqOf = (page: Page): Promise<number> =>
  page.evaluate(() => window.irqscope?.state().place.seq ?? -2);

/** Steps by the key, and waits until the movement has come to rest. */
async function step(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await page.waitForFunction(() => {
    const hook = window.irqscope;
    const run = hook?.run();
    if (!hook || !run) return false;
    const { seq } = hook.state().place;
    return Math.abs(hook.timeMs() - (seq < 0 ? 0 : run.clock.end[seq])) < 1;
  });
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

const focusPicture = (page: Page): Promise<void> => page.locator('.piece[tabindex="0"]').focus();

describeBrowser('time', browser => {
  const site = useSite();
  const hash = '#1;s=teaching/tglx-iommu';

  test('stepping there and back shows the same; seeking shows what stepping shows', async () => {
    const { page, close } = await open(browser(), site(), { hash });
    await page.evaluate(() => window.irqscope?.actions.setKeys('always'));
    await page.locator('body').click({ position: { x: 5, y: 300 } });
    const moments: [number, unknown][] = [];
    for (let i = 0; i < 8; i++) {
      await step(page, 'ArrowRight');
      moments.push([await seqOf(page), await seen(page)]);
    }
    for (const [seq, moment] of [...moments].reverse().slice(1)) {
      await step(page, 'ArrowLeft');
      expect(await seqOf(page)).toBe(seq);
      expect(await seen(page)).toEqual(moment);
    }
    await seek(page, (await lengthOf(page)) - 1);
    for (const [seq, moment] of moments) {
      await seek(page, seq);
      expect(await seen(page)).toEqual(moment);
    }
    await close();
  }, 60_000);

  test('playing ends where seeking to the end ends, and stops there', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;s=teaching/tglx-basic' });
    await page.evaluate(() => window.irqscope?.actions.setSpeed(8));
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForFunction(() => !window.irqscope?.state().playing, null, { timeout: 20_000 });
    expect(await seqOf(page)).toBe((await lengthOf(page)) - 1);
    const played = await pictureText(page);
    await seek(page, 3);
    await seek(page, (await lengthOf(page)) - 1);
    expect(await pictureText(page)).toEqual(played);
    await close();
  }, 40_000);

  test('nothing moves before it is asked to, and a pause is a pause', async () => {
    const { page, close } = await open(browser(), site(), { hash });
    expect(await seqOf(page)).toBe(-1);
    await page.waitForTimeout(300);
    expect(await seqOf(page)).toBe(-1);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForFunction(() => (window.irqscope?.state().place.seq ?? -1) > 0);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    const paused = await page.evaluate(() => window.irqscope?.timeMs());
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => window.irqscope?.timeMs())).toBe(paused);
    await close();
  });

  test('a message moves on one way along its wire, never back', async () => {
    const { page, close } = await open(browser(), site(), { hash });
    const legs = await page.evaluate(() => {
      const run = window.irqscope?.run();
      return run?.data.film.journeys.map(({ marks }) => marks.map(({ seq }) => seq)) ?? [];
    });
    await page.evaluate(() => window.irqscope?.actions.setSpeed(4));
    for (const marks of legs.slice(0, 2)) {
      await seek(page, marks[0]);
      await page.evaluate(() => {
        const spots: number[] = [];
        const watch = (): void => {
          const dot = document.querySelector('.dot');
          if (dot) spots.push(dot.getBoundingClientRect().x);
          if (window.irqscope?.state().playing) requestAnimationFrame(watch);
          else document.body.dataset.spots = JSON.stringify(spots);
        };
        window.irqscope?.actions.togglePlay();
        requestAnimationFrame(watch);
      });
      await page.waitForFunction(
        last => (window.irqscope?.state().place.seq ?? 0) >= last,
        marks.at(-1) ?? 0,
        { timeout: 20_000 },
      );
      await page.evaluate(() => window.irqscope?.actions.togglePlay());
      await page.waitForFunction(() => document.body.dataset.spots);
      const spots: number[] = JSON.parse(
        (await page.evaluate(() => document.body.dataset.spots)) ?? '[]',
      );
      expect(spots.length).toBeGreaterThan(10);
      for (let i = 1; i < spots.length; i++)
        expect(spots[i]).toBeLessThanOrEqual(spots[i - 1] + 0.5);
      expect(spots[spots.length - 1]).toBeLessThan(spots[0] - 50);
      await page.evaluate(() => delete document.body.dataset.spots);
    }
    await close();
  }, 60_000);

  test('every violation has a mark, and the keys visit each', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'leak', LEAK);
    const violations = await page.evaluate(
      () => window.irqscope?.run()?.data.film.violations ?? [],
    );
    expect(violations.length).toBeGreaterThan(0);
    expect(await page.locator('.markers .mark.misdelivered').count()).toBe(1);
    await focusPicture(page);
    await page.keyboard.press('Home');
    for (const seq of violations) {
      await page.keyboard.press(']');
      expect(await seqOf(page)).toBe(seq);
    }
    await page.keyboard.press(']');
    expect(await seqOf(page)).toBe(violations.at(-1));
    await page.keyboard.press('End');
    for (const seq of [...violations].reverse()) {
      await page.keyboard.press('[');
      expect(await seqOf(page)).toBe(seq);
    }
    await close();
  });

  test('verdicts, hops, bookmarks, the last write, numbers and ends are a key away', async () => {
    const { page, close } = await open(browser(), site(), { hash });
    const verdicts = await page.evaluate(() => window.irqscope?.run()?.verdicts ?? []);
    const press = async (key: string): Promise<number> => {
      await page.keyboard.press(key);
      return seqOf(page);
    };
    await focusPicture(page);
    const last = (await lengthOf(page)) - 1;
    expect(await press('End')).toBe(last);
    expect(await press('Home')).toBe(-1);
    for (const seq of verdicts) expect(await press('Alt+ArrowRight')).toBe(seq);
    expect(await press('Alt+ArrowLeft')).toBe(verdicts.at(-2));
    await press('m');
    await press('Home');
    expect(await press("'")).toBe(verdicts.at(-2));
    const hop = await press('Shift+ArrowRight');
    expect(hop).toBeGreaterThan(verdicts.at(-2) ?? 0);
    expect(await press('Shift+ArrowLeft')).toBeLessThan(hop);
    const act = (seq: number) =>
      page.evaluate(at => window.irqscope?.run()?.data.trace[at].act, seq);
    await seek(page, verdicts[0]);
    await focusPicture(page);
    await seek(
      page,
      await page.evaluate(
        () => window.irqscope?.run()?.data.trace.find(r => r.act === 'raise')?.seq ?? 0,
      ),
    );
    const write = await press('h');
    expect(await act(write)).toBe('write');
    await press('g');
    await page.keyboard.type('');
    await page.locator('.goto').fill('5');
    await page.keyboard.press('Enter');
    expect(await seqOf(page)).toBe(4);
    await close();
  });

  test('with reduced motion nothing moves between two frames while it plays, and it goes on', async () => {
    const { page, close } = await open(browser(), site(), {
      hash,
      context: { reducedMotion: 'reduce' },
    });
    await page.evaluate(() => {
      window.irqscope?.actions.setSpeed(4);
      window.irqscope?.actions.togglePlay();
    });
    const frames = await page.evaluate(async () => {
      const list: { seq: number; spots: string }[] = [];
      for (let i = 0; i < 90; i++) {
        await new Promise(requestAnimationFrame);
        const nodes = document.querySelectorAll('.card, .dot, .pulse-head');
        const spots = [...nodes].map(n => n.getAttribute('transform') ?? n.getAttribute('cx'));
        list.push({ seq: window.irqscope?.state().place.seq ?? -1, spots: spots.join(';') });
      }
      return list;
    });
    for (let i = 1; i < frames.length; i++)
      if (frames[i].seq === frames[i - 1].seq) expect(frames[i].spots).toBe(frames[i - 1].spots);
    expect(new Set(frames.map(({ seq }) => seq)).size).toBeGreaterThan(3);
    await close();
  });

  test('looking back changes nothing; a fork is asked for, and kept beside the run as written', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'hcall', HCALL);
    const trace = (): Promise<string> =>
      page.evaluate(() => JSON.stringify(window.irqscope?.run()?.data.trace));
    const written = await trace();
    await seek(page, 10);
    await seek(page, (await lengthOf(page)) - 1);
    expect(await trace()).toBe(written);
    await page.locator('.check.failed .what-if').click();
    await page.locator('.what-if-answer').waitFor();
    expect(await page.locator('.what-if-answer').textContent()).toContain(
      'Not blocked but misdelivered',
    );
    expect(await trace()).toBe(written);
    await page.locator('.what-if-answer button').first().click();
    await page.waitForFunction(() => window.irqscope?.state().place.branch !== 'main');
    expect(await trace()).not.toBe(written);
    const branches = page.locator('.branches button[aria-pressed]');
    expect(await branches.count()).toBe(2);
    await branches.first().click();
    expect(await trace()).toBe(written);
    await close();
  });
});
