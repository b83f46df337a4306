import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page of the viewer, and everything it complained about. */
export interface Opened {
  readonly page: Page;
  /** Console errors, uncaught errors, failed requests, requests elsewhere. */
  readonly troubles: string[];
  readonly close: () => Promise<void>;
}

const DESKTOP = { width: 1280, height: 800 };

/** Opens a place of the viewer (`#1;s=…`) and waits until its run, tables and verdict are there. */
export async function open(
  browser: Browser,
  url: string,
  how: {
    readonly hash?: string;
    /** More of the address, before the hash: `&embed=1`. */
    readonly query?: string;
    readonly context?: BrowserContextOptions;
    /** False where no run comes. */
    readonly wait?: false;
  } = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: DESKTOP, ...how.context });
  const page = await context.newPage();
  const troubles: string[] = [];
  const { origin } = new URL(url);
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', error => troubles.push(error.message));
  page.on('requestfailed', request => troubles.push(`failed: ${request.url()}`));
  page.on('request', request => {
    const address = request.url();
    if (!address.startsWith(origin) && !/^(data|blob):/.test(address))
      troubles.push(`elsewhere: ${address}`);
  });
  await page.goto(`${url}?test=1${how.query ?? ''}${how.hash ?? ''}`);
  if (how.hash?.includes('s=') && how.wait !== false) await settled(page);
  return { page, troubles, close: () => context.close() };
}

/** Waits until everything about the current run has come. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const run = window.irqscope?.run();
    return run?.complete && document.querySelector('.piece, .middle, .trouble') !== null;
  });
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

/** Looks at a scenario given as text. */
export async function openText(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(([n, t]) => window.irqscope?.open(n, t), [name, text]);
  await page.waitForFunction(
    n =>
      window.irqscope?.state().place.scenario === n &&
      window.irqscope.state().load.kind === 'ready',
    name,
  );
  await settled(page);
}

/** Goes to a record. */
export async function seek(page: Page, seq: number): Promise<void> {
  await page.evaluate(at => window.irqscope?.seek(at), seq);
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

/** The text of the page as a user sees it, without the clock of presentation. */
export const pageText = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector('#main')?.textContent ?? '');

/** What the picture shows: every text with its place, in the order drawn. */
export const pictureText = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('#stage text')].map(text => {
      const { x, y } = text.getBoundingClientRect();
      return `${Math.round(x)} ${Math.round(y)} ${text.textContent}`;
    }),
  );
