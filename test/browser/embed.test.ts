import { createServer } from 'node:http';
import type { Frame, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeBrowser } from './chromium.ts';
import { open } from './page.ts';
import { useSite } from './site.ts';

const HASH = '#1;s=teaching/tglx-iommu;e=9';

/** A page of another origin that shows the viewer, and keeps all it is told. */
async function host(address: string): Promise<{ url: string; close: () => void }> {
  const html = `<!doctype html><title>slides</title>
    <iframe src="${address}" width="900" height="600" title="run"></iframe>
    <script>
      window.told = [];
      addEventListener('message', event => told.push(event.data));
      window.tell = what => document.querySelector('iframe').contentWindow.postMessage(what, '*');
    </script>`;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  const port = typeof at === 'object' && at ? at.port : 0;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

interface Told {
  readonly event: string;
  readonly seq: number;
  readonly length: number;
  readonly height: number;
  readonly playing: boolean;
}

const told = (page: Page): Promise<Told[]> =>
  page.evaluate(() => (window as never as { told: Told[] }).told);
const tell = (page: Page, what: unknown): Promise<void> =>
  page.evaluate(data => (window as never as { tell: (d: unknown) => void }).tell(data), what);

async function heard(page: Page, event: string): Promise<Told> {
  await page.waitForFunction(
    name => (window as never as { told: Told[] }).told.some(one => one.event === name),
    event,
  );
  return (await told(page)).findLast(one => one.event === event) as Told;
}

const seqIn = (frame: Frame): Promise<number> =>
  frame.evaluate(() => window.irqscope?.state().place.seq ?? -2);

describeBrowser('inside another page', browser => {
  const site = useSite();

  test('there is the picture, the caption and time, and a way out; nothing else', async () => {
    const { page, troubles, close } = await open(browser(), site(), {
      hash: HASH,
      query: '&embed=1&transparent=1',
    });
    for (const there of ['#stage .piece', '.caption .now', '.time .play'])
      expect(await page.locator(there).first().isVisible(), there).toBe(true);
    for (const gone of ['header.top', '.script', '.inspector', '.editor', '.to-main'])
      expect(await page.locator(gone).count(), gone).toBe(0);
    const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(back).toBe('rgba(0, 0, 0, 0)');
    const full = page.getByRole('link', { name: 'Open the full view' });
    expect(await full.getAttribute('href')).toContain('/#1;s=teaching/tglx-iommu');
    expect(await full.getAttribute('href')).not.toContain('embed');
    expect(troubles).toEqual([]);
    await close();
  });

  test('it answers a greeting, goes where it is told, and does nothing else', async () => {
    const outer = await host(`${site()}?test=1&embed=1${HASH}`);
    const context = await browser().newContext();
    const page = await context.newPage();
    await page.goto(outer.url);
    const ready = await heard(page, 'ready');
    expect(ready).toMatchObject({ seq: 9, playing: false });
    expect(ready.length).toBeGreaterThan(40);
    expect((await heard(page, 'size')).height).toBeGreaterThan(200);
    const frame = page.frames()[1];
    const [before] = [(await told(page)).length];
    await tell(page, { irqscope: 1, cmd: 'hello' });
    await page.waitForFunction(n => (window as never as { told: Told[] }).told.length > n, before);
    await tell(page, { irqscope: 1, cmd: 'goto', seq: 20 });
    await frame.waitForFunction(() => window.irqscope?.state().place.seq === 20);
    expect(await heard(page, 'state')).toMatchObject({ seq: 20 });
    await tell(page, { irqscope: 1, cmd: 'step', by: -1 });
    await frame.waitForFunction(() => (window.irqscope?.state().place.seq ?? 20) < 20);
    await tell(page, { irqscope: 1, cmd: 'play' });
    await frame.waitForFunction(() => window.irqscope?.state().playing);
    await tell(page, { irqscope: 1, cmd: 'pause' });
    await frame.waitForFunction(() => !window.irqscope?.state().playing);
    await tell(page, { irqscope: 1, cmd: 'erase', seq: 3 });
    expect(await heard(page, 'error')).toMatchObject({ cmd: 'erase' });
    const seq = await seqIn(frame);
    const place = await frame.evaluate(() => JSON.stringify(window.irqscope?.state().place));
    for (const foreign of ['goto', { cmd: 'goto', seq: 3 }, { irqscope: 2, cmd: 'goto', seq: 3 }])
      await tell(page, foreign);
    await tell(page, { irqscope: 1, cmd: 'goto', seq: 'x' });
    // A message that comes from anybody but the page around it is not heard.
    await frame.evaluate(() => window.postMessage({ irqscope: 1, cmd: 'goto', seq: 3 }, '*'));
    await page.waitForTimeout(200);
    expect(await seqIn(frame)).toBe(seq);
    expect(await frame.evaluate(() => JSON.stringify(window.irqscope?.state().place))).toBe(place);
    await context.close();
    outer.close();
  });

  test('a part of the run can be shown alone, and steps by itself until somebody touches it', async () => {
    const { page, close } = await open(browser(), site(), {
      hash: '#1;s=teaching/tglx-iommu',
      query: '&embed=1&from=12&to=18&autostep=0.5',
    });
    const seq = () => page.evaluate(() => window.irqscope?.state().place.seq);
    expect(await seq()).toBeGreaterThanOrEqual(11);
    const range = page.locator('.track input');
    expect([await range.getAttribute('min'), await range.getAttribute('max')]).toEqual([
      '11',
      '17',
    ]);
    await page.waitForFunction(() => (window.irqscope?.state().place.seq ?? 0) > 12, null, {
      timeout: 5000,
    });
    await page.locator('.caption').click();
    const stopped = await seq();
    await page.waitForTimeout(1300);
    expect(await seq()).toBe(stopped);
    for (let i = 0; i < 9; i++) await page.evaluate(() => window.irqscope?.actions.step(1));
    expect(await seq()).toBe(17);
    await page.evaluate(() => window.irqscope?.actions.goTo(2));
    expect(await seq()).toBe(11);
    await page.evaluate(() => {
      window.irqscope?.actions.setSpeed(8);
      window.irqscope?.actions.togglePlay();
    });
    await page.waitForFunction(() => !window.irqscope?.state().playing);
    expect(await seq()).toBe(17);
    await close();
  });

  test('the share dialog has it ready to copy', async () => {
    const { page, close } = await open(browser(), site(), { hash: HASH });
    await page.getByRole('button', { name: 'Share' }).click();
    await page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('#share-frame')?.value,
    );
    const frame = await page.locator('#share-frame').inputValue();
    expect(frame).toMatch(/^<iframe src="http:[^"]*\?embed=1#1;s=teaching\/tglx-iommu;e=9;d=/);
    expect(await page.locator('#share-slide').inputValue()).toContain('data-src="http');
    expect(await page.locator('#share-steer').inputValue()).toContain("cmd: 'goto'");
    await close();
  });
});
