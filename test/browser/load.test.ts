import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { describeBrowser } from './chromium.ts';
import { open, openText, settled } from './page.ts';
import { SITE, serve, useSite } from './site.ts';

const KIB = 1024;

/** Gzipped size of the built file whose name begins so, in KiB. */
function sizeOf(prefix: string): number {
  const assets = join(SITE, 'assets');
  const names = readdirSync(assets).filter(name => name.startsWith(prefix) && name.endsWith('.js'));
  expect(names).toHaveLength(1);
  return gzipSync(readFileSync(join(assets, names[0])), { level: 9 }).length / KIB;
}

describeBrowser('the page', browser => {
  const site = useSite();

  test('loads without a complaint, from here alone, under a strict policy', async () => {
    const { page, troubles, close } = await open(browser(), site());
    expect(await page.locator('.cards button').count()).toBeGreaterThan(1);
    const policy = await page
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute('content');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    await page.locator('.cards button').first().click();
    await settled(page);
    expect(troubles).toEqual([]);
    await close();
  });

  test('works under any path', async () => {
    const deep = await serve(SITE, { under: '/some/place/' });
    const { page, troubles, close } = await open(browser(), deep.url, {
      hash: '#1;s=teaching/tglx-basic',
    });
    expect(await page.locator('.piece').count()).toBeGreaterThan(3);
    expect(troubles).toEqual([]);
    await close();
    await deep.close();
  });

  test('is small: the page’s own script and the simulator keep to their budgets', () => {
    expect(sizeOf('index')).toBeLessThanOrEqual(110);
    expect(sizeOf('worker')).toBeLessThanOrEqual(160);
  });

  test('every shipped scenario opens, runs and comes out as its file expects', async () => {
    const { page, troubles, close } = await open(browser(), site());
    const ids = await page
      .locator('.scenario option')
      .evaluateAll(options => options.map(o => o.getAttribute('value') ?? '').filter(Boolean));
    expect(ids.length).toBeGreaterThan(1);
    for (const id of ids) {
      await page.evaluate(name => window.irqscope?.actions.openScenario(name), id);
      await page.waitForFunction(
        name =>
          window.irqscope?.state().place.scenario === name &&
          window.irqscope.state().load.kind !== 'loading' &&
          window.irqscope.run()?.verdict,
        id,
      );
      const run = await page.evaluate(() => {
        const loaded = window.irqscope?.run();
        return { pass: loaded?.verdict?.pass, title: loaded?.data.title };
      });
      expect(run.pass, id).toBe(true);
      expect(await page.locator('.piece').count(), id).toBeGreaterThan(2);
    }
    expect(troubles).toEqual([]);
    await close();
  }, 120_000);

  test('a link is a place: reload and another window show the same', async () => {
    const hash = '#1;s=teaching/tglx-iommu;e=28;tab=tables;t=entries';
    const first = await open(browser(), site(), { hash });
    const text = await first.page.locator('#main').textContent();
    await first.page.reload();
    await settled(first.page);
    expect(await first.page.locator('#main').textContent()).toBe(text);
    expect(new URL(first.page.url()).hash).toContain(`${hash};d=`);
    await first.close();
    const second = await open(browser(), site(), { hash });
    expect(await second.page.locator('#main').textContent()).toBe(text);
    await second.close();
  });

  test('what cannot be read is said, with its place; the last picture stays', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;s=teaching/tglx-basic' });
    await page.evaluate(() =>
      window.irqscope?.open(
        'broken',
        'irqscope: 1\nname: x\ntitle: t\nsteps:\n  - alocate: nic0.0\n',
      ),
    );
    const trouble = page.locator('.trouble');
    await trouble.waitFor();
    expect(await trouble.textContent()).toContain('broken.yaml:');
    expect(await page.locator('.piece').count()).toBeGreaterThan(2);
    await openText(
      page,
      'whole',
      'irqscope: 1\nname: x\ntitle: t\nplatform: { preset: x86-bare }\ndevices:\n  nic0: { bdf: "00:03.0", store: msi }\nsteps:\n  - allocate: { irq: nic0.0, cpu: p0 }\n',
    );
    expect(await trouble.count()).toBe(0);
    await close();
  });

  test('a link to nothing says so and stays usable', async () => {
    const { page, close } = await open(browser(), site());
    await page.goto(`${site()}?test=1#1;s=teaching/no-such-thing`);
    await page.locator('.trouble').waitFor();
    expect(await page.locator('.trouble').textContent()).toContain('no-such-thing');
    await page.locator('.scenario select').selectOption('teaching/tglx-basic');
    await settled(page);
    expect(await page.locator('.trouble').count()).toBe(0);
    await close();
  });
});
