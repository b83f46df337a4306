import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Phase } from '../../web/lessons/state.ts';
import { type Opened, open } from './page.ts';

/** Opens a part of a shipped lesson, and waits until it stands. */
export async function openPart(
  browser: Browser,
  url: string,
  at: { readonly lesson: string; readonly part: number; readonly context?: BrowserContextOptions },
): Promise<Opened> {
  const hash = `#1;s=lessons/${at.lesson};lesson=${at.part}`;
  const opened = await open(browser, url, { hash, ...(at.context && { context: at.context }) });
  await inPhase(opened.page, 'asking');
  return opened;
}

/** Waits until the lesson is in a phase. */
export async function inPhase(page: Page, phase: Phase): Promise<void> {
  await page.waitForFunction(
    wanted => {
      const state = window.irqscope?.state();
      return state?.lesson.phase === wanted && state.load.kind === 'ready';
    },
    phase,
    { timeout: 15_000 },
  );
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

/** Goes to a part, and waits until it stands there. */
export async function goToPart(page: Page, part: number): Promise<void> {
  await page.evaluate(n => window.irqscope?.actions.goToPart(n), part);
  await inPhase(page, 'asking');
}

/** Everything a screen reader or a curious eye could find on the page. */
export const everything = (page: Page): Promise<string> =>
  page.evaluate(() => document.documentElement.outerHTML);

/** Films are for people: tests take them at the highest speed. */
export const hurry = (page: Page): Promise<void> =>
  page.evaluate(() => window.irqscope?.actions.setSpeed(8));
