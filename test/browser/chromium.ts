import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { describeWith } from '../tools.ts';

/** A Chromium with the settings all browser tests share. */
export const launch = (path: string): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  });

/** Tests in a real browser. Where there is none they are left out, and said to be. */
export const describeBrowser = (name: string, tests: (browser: () => Browser) => void): void =>
  describeWith('chromium', name, path => {
    let browser: Browser | null = null;
    beforeAll(async () => {
      browser = await launch(path);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
    });
    tests(() => {
      if (!browser) throw new Error('the browser is not there yet');
      return browser;
    });
  });
