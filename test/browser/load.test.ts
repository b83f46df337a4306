import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { loadScenario } from '../../src/scenario/load.ts';
import { describeBrowser } from './chromium.ts';
import { open, openText, settled } from './page.ts';
import { SITE, serve, useSite } from './site.ts';

const KIB = 1024;

/** Gzipped size of a built script, in KiB. */
const gzipped = (name: string): number =>
  gzipSync(readFileSync(join(SITE, 'assets', name)), { level: 9 }).length / KIB;

/** The built script whose name begins so. */
function builtScript(prefix: string): string {
  const names = readdirSync(join(SITE, 'assets')).filter(
    name => name.startsWith(`${prefix}-`) && name.endsWith('.js'),
  );
  expect(names).toHaveLength(1);
  return names[0];
}

/** Scripts the page loads before anything is asked of it: its own, and what that imports at once. */
function firstLoad(): string[] {
  const page = readFileSync(join(SITE, 'index.html'), 'utf8');
  const found = new Set<string>();
  const open = [...page.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)].map(
    ([, name]) => name,
  );
  for (let name = open.pop(); name; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = readFileSync(join(SITE, 'assets', name), 'utf8');
    for (const [, other] of text.matchAll(/(?:from|import)\s*["`']\.\/([^"`']+\.js)["`']/g))
      open.push(other);
  }
  return [...found];
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
    const own = firstLoad();
    expect(own.length).toBeGreaterThan(0);
    expect(own.reduce((sum, name) => sum + gzipped(name), 0)).toBeLessThanOrEqual(110);
    expect(gzipped(builtScript('worker'))).toBeLessThanOrEqual(160);
    // With what it shares with nobody but is loaded for.
    expect(gzipped(builtScript('code'))).toBeLessThanOrEqual(165);
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

  test('mistakes in the YAML are those the command line finds, though the page writes no YAML', async () => {
    const { page, troubles, close } = await open(browser(), site());
    for (const text of [
      'irqscope: 1\n? [a]\n: b\nname: x\n',
      'irqscope: 1\nname: &a x\ntitle: *a\n<<: { a: 1 }\n? { k: 1 }\n: 2\n',
      '%YAML 1.1\n---\nirqscope: 1\nname: yes\ntitle: !!set {a, b}\n',
      'irqscope: 1\nname: !own x\ntitle: "a\\qb"\nsteps: []\n---\nb: 1\n',
    ]) {
      const { problems } = loadScenario('own.yaml', text, () => null);
      expect(problems.length).toBeGreaterThan(1);
      const found = await page.evaluate(async own => {
        window.irqscope?.open('own', own);
        for (let i = 0; i < 200 && window.irqscope?.state().load.kind !== 'problems'; i++)
          await new Promise(requestAnimationFrame);
        const load = window.irqscope?.state().load;
        window.irqscope?.actions.openScenario('teaching/tglx-basic');
        return load?.kind === 'problems' ? load.problems : load;
      }, text);
      expect(found).toEqual(problems);
      await settled(page);
    }
    expect(troubles).toEqual([]);
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

  test('the menu shows what has all the words one looks for', async () => {
    const { page, close } = await open(browser(), site());
    const all = await page.locator('.cards button').count();
    await page.getByLabel('Find').fill('hypercall QUEUE');
    const found = await page.locator('.cards button').allTextContents();
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(all);
    expect(found.join(' ')).toContain('tglx-guest-hcall');
    await page.getByLabel('Find').fill('no such words');
    expect(await page.locator('.cards').count()).toBe(0);
    expect(await page.locator('.menu [role="status"]').isVisible()).toBe(true);
    await close();
  });

  test('without JavaScript there are the drawings, and what is missing is said', async () => {
    const context = await browser().newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(site());
    expect(await page.locator('noscript').textContent()).toContain('needs JavaScript');
    expect(await page.locator('noscript pre').count()).toBe(4);
    await context.close();
  });
});
