import { readFileSync } from 'node:fs';
import type { Download, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeBrowser } from './chromium.ts';
import { open } from './page.ts';
import { useSite } from './site.ts';

const HASH = '#1;s=teaching/tglx-basic;e=17';

async function save(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    page.waitForEvent('download', { timeout: 60_000 }) as Promise<Download>,
    page.getByRole('button', { name }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** Frames of a GIF, by its blocks. */
function framesIn(gif: Buffer): number {
  const flags = gif[10];
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let frames = 0;
  const skipBlocks = (): void => {
    while (gif[at] !== 0) at += gif[at] + 1;
    at++;
  };
  for (;;) {
    const kind = gif[at++];
    if (kind === 0x3b) return frames;
    if (kind === 0x21) {
      at++;
      skipBlocks();
    } else {
      expect(kind).toBe(0x2c);
      frames++;
      const own = gif[at + 8];
      at += 9 + (own & 0x80 ? 3 * 2 ** ((own & 7) + 1) : 0) + 1;
      skipBlocks();
    }
  }
}

describeBrowser('export', browser => {
  const site = useSite();

  test('as a picture: SVG that needs nothing else, PNG of twice its size', async () => {
    const { page, troubles, close } = await open(browser(), site(), { hash: HASH });
    const words = await page.locator('#stage text').allTextContents();
    await page.getByRole('button', { name: 'Share' }).click();
    const svg = await save(page, 'Picture (SVG)');
    expect(svg.name).toBe('tglx-basic-18.svg');
    const text = svg.bytes.toString('utf8');
    expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|url\(|href|@import/,
    );
    expect(text).not.toMatch(/class=|style=|var\(/);
    const shown = await page.evaluate(source => {
      const root = new DOMParser().parseFromString(source, 'image/svg+xml');
      const size = (name: string) => root.documentElement.getAttribute(name) ?? '';
      const texts = [...root.querySelectorAll('text')].map(one => one.textContent);
      return {
        error: root.querySelector('parsererror') !== null,
        texts,
        width: size('width'),
        height: size('height'),
      };
    }, text);
    expect(shown.error).toBe(false);
    expect(shown.texts).toEqual(words);
    const png = await save(page, 'Picture (PNG)');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(png.bytes.readUInt32BE(16)).toBe(Math.round(Number(shown.width) * 2));
    expect(png.bytes.readUInt32BE(20)).toBe(Math.round(Number(shown.height) * 2));
    expect(troubles).toEqual([]);
    await close();
  });

  test('as a film: a GIF of many pictures, the same to the byte each time', async () => {
    const { page, troubles, close } = await open(browser(), site(), { hash: HASH });
    await page.getByRole('button', { name: 'Share' }).click();
    const first = await save(page, 'Film (GIF)');
    expect(first.bytes.subarray(0, 6).toString()).toBe('GIF89a');
    expect(framesIn(first.bytes)).toBeGreaterThan(20);
    const again = await save(page, 'Film (GIF)');
    expect(again.bytes.equals(first.bytes)).toBe(true);
    expect(troubles).toEqual([]);
    await close();
  }, 120_000);

  test('as text: Mermaid, timeline and transcript', async () => {
    const { page, close } = await open(browser(), site(), { hash: HASH });
    await page.getByRole('button', { name: 'Share' }).click();
    const sequence = await save(page, 'Sequence (Mermaid)');
    expect(sequence.bytes.toString('utf8')).toContain('sequenceDiagram');
    const timeline = await save(page, 'Timeline (JSON)');
    const { traceEvents } = JSON.parse(timeline.bytes.toString('utf8'));
    const length = await page.evaluate(() => window.irqscope?.run()?.data.trace.length);
    expect(traceEvents.filter((event: { ph: string }) => event.ph === 'X')).toHaveLength(
      length ?? 0,
    );
    const transcript = await save(page, 'Transcript (Markdown)');
    expect(transcript.bytes.toString('utf8')).toContain('**delivered**');
    await close();
  });

  test('as paper: script, a picture of every verdict, and the transcript', async () => {
    const { page, close } = await open(browser(), site(), { hash: HASH });
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', '');
    });
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('button', { name: 'Print', exact: true }).click();
    await page.locator('[data-printed]').waitFor({ state: 'attached' });
    await page.emulateMedia({ media: 'print' });
    const sheet = page.locator('.print-sheet');
    expect(await sheet.isVisible()).toBe(true);
    expect(await page.locator('#app').isVisible()).toBe(false);
    const verdicts = await page.evaluate(() => window.irqscope?.run()?.verdicts.length);
    expect(await sheet.locator('svg:not(.fate-sign)').count()).toBe(verdicts);
    expect(await sheet.textContent()).toContain('puts fee00000:00000021');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await sheet.count()).toBe(0);
    await close();
  });
});
