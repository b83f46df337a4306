import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { CLI } from '../cli/cli.ts';
import { LEAK } from '../report/scenes.ts';
import { describeBrowser } from './chromium.ts';
import { SITE, serve, useSite } from './site.ts';

const KIB = 1024;
const folder = mkdtempSync(join(tmpdir(), 'irqscope-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command line in a folder of its own. */
const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise(resolve => {
    execFile(process.execPath, [CLI, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });

const FAILING = `${LEAK}\nexpect: { isolated: true }\n`;

describeBrowser('without a network', browser => {
  useSite();

  test('the page comes back once it was there, and runs what is new to it', async () => {
    const site = await serve(SITE);
    const context = await browser().newContext();
    const page = await context.newPage();
    await page.goto(`${site.url}#1;s=teaching/tglx-basic`);
    await page.locator('.piece').first().waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await site.close();
    await context.setOffline(true);
    const troubles: string[] = [];
    page.on('console', message => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    await page.goto(`${site.url}#1;s=guests/trap-01-wide-write`);
    await page.reload();
    await page.locator('.band.guest').first().waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.locator('.cm-content').waitFor();
    expect(troubles).toEqual([]);
    await context.close();
  });

  test('what is kept is everything the build made', () => {
    const worker = readFileSync(join(SITE, 'service-worker.js'), 'utf8');
    const kept = new Set([...worker.matchAll(/"\.\/([^"]+)"/g)].map(([, name]) => name));
    const built = readdirSync(SITE, { recursive: true, encoding: 'utf8' })
      .filter(name => statSync(join(SITE, name)).isFile())
      // The page in one file is for the command line.
      .filter(name => name !== 'service-worker.js' && name !== 'irqscope.html');
    expect([...kept].sort()).toEqual(built.sort());
  });

  test('a failure is a page in one file that opens at the violation, from the disk, with its worker', async () => {
    writeFileSync(join(folder, 'leaky.yaml'), FAILING);
    writeFileSync(
      join(folder, 'fine.yaml'),
      LEAK.replace('guest-hcall', 'fine').concat(
        'expect:\n  isolated: false\n  always:\n    - violation: isolation/foreign-entry\n',
      ),
    );
    const { code, stdout } = await run('run', 'leaky.yaml', 'fine.yaml', '--reporter', 'html');
    expect(code).toBe(1);
    expect(stdout).toContain('see .irqscope/fail/guest-hcall.html');
    expect(readdirSync(join(folder, '.irqscope', 'fail'))).toEqual(['guest-hcall.html']);
    const file = join(folder, '.irqscope', 'fail', 'guest-hcall.html');
    expect(statSync(file).size).toBeLessThanOrEqual(900 * KIB);
    const context = await browser().newContext();
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('console', message => {
      if (message.type() !== 'log') troubles.push(message.text());
    });
    page.on('pageerror', error => troubles.push(error.message));
    page.on('request', request => {
      if (!/^(file|data|blob):/.test(request.url())) troubles.push(request.url());
    });
    await page.goto(`${pathToFileURL(file)}?test=1`);
    await page.waitForFunction(() => window.irqscope?.run()?.complete);
    expect(page.workers()).toHaveLength(1);
    const at = await page.evaluate(() => ({
      seq: window.irqscope?.state().place.seq,
      first: window.irqscope?.run()?.data.film.violations[0],
    }));
    expect(at.seq).toBe(at.first);
    expect(await page.locator('.findings').textContent()).toContain('isolation/foreign-entry');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('textbox', { name: 'Text of the scenario' }).waitFor();
    expect(troubles).toEqual([]);
    const policy = await page.locator('meta[http-equiv]').getAttribute('content');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    await context.close();
  });

  test('where there is no worker the page runs the scenario itself', async () => {
    writeFileSync(join(folder, 'leaky.yaml'), FAILING);
    const { stdout } = await run('run', 'leaky.yaml', '--reporter', 'html=pages');
    expect(stdout).toContain('see pages/guest-hcall.html');
    const context = await browser().newContext();
    await context.addInitScript(() => {
      window.Worker = class {
        constructor() {
          throw new Error('no workers here');
        }
      } as never;
    });
    const page = await context.newPage();
    await page.goto(`${pathToFileURL(join(folder, 'pages', 'guest-hcall.html'))}?test=1`);
    await page.waitForFunction(() => window.irqscope?.run()?.complete);
    expect(page.workers()).toHaveLength(0);
    expect(await page.locator('.findings').textContent()).toContain('isolation/foreign-entry');
    await context.close();
  });
});
