import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where a name is found on the path; empty where it is not. */
function which(name: string): string {
  try {
    return execFileSync('which', [name], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}

/** A Chromium on this machine, by `CHROME_PATH` or on the path; null where there is none. */
export function chromiumPath(): string | null {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH && existsSync(CHROME_PATH)) return CHROME_PATH;
  return NAMES.map(which).find(path => path !== '') ?? null;
}

/** A Chromium with the settings all browser tests share. */
export const launch = (path: string): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  });

/** Tests in a real browser. Where there is none they are left out, and said to be. */
export function describeBrowser(name: string, tests: (browser: () => Browser) => void): void {
  const path = chromiumPath();
  if (path === null)
    console.warn(`LEFT OUT: ${name}: no Chromium here (apt-get install chromium, or CHROME_PATH)`);
  describe.skipIf(path === null)(name, () => {
    let browser: Browser | null = null;
    beforeAll(async () => {
      browser = await launch(path ?? '');
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
    });
    tests(() => {
      if (!browser) throw new Error('the browser is not there yet');
      return browser;
    });
  });
}
