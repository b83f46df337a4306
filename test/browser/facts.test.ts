import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { HCALL } from '../report/scenes.ts';
import { describeBrowser } from './chromium.ts';
import { open, openText, pageText, seek, settled } from './page.ts';
import { useSite } from './site.ts';

/** Names of all scenarios in the page’s menu. */
const shipped = (page: Page): Promise<string[]> =>
  page
    .locator('.scenario option')
    .evaluateAll(all => all.map(one => one.getAttribute('value') ?? '').filter(Boolean));

async function openShipped(page: Page, id: string): Promise<void> {
  await page.evaluate(name => window.irqscope?.actions.openScenario(name), id);
  await page.waitForFunction(
    name =>
      window.irqscope?.state().place.scenario === name &&
      window.irqscope.state().load.kind === 'ready',
    id,
  );
  await settled(page);
}

/** Records around the middle of the run that look different when one comes back, or jumps there. */
const thereAndBack = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const hook = window.irqscope;
    const look = async (): Promise<string> => {
      await Promise.resolve();
      await Promise.resolve();
      const texts = [...document.querySelectorAll('#stage text')].map(one => one.textContent);
      return `${document.querySelector('#main')?.textContent} ${texts.join('|')}`;
    };
    const seqNow = (): number => hook?.state().place.seq ?? -2;
    hook?.seek(Math.floor((hook?.run()?.data.trace.length ?? 0) / 2));
    const seen: [number, string][] = [[seqNow(), await look()]];
    for (let i = 0; i < 2; i++) {
      hook?.actions.step(1);
      seen.push([seqNow(), await look()]);
    }
    const wrong: number[] = [];
    for (const [seq, text] of [...seen].reverse().slice(1)) {
      hook?.actions.step(-1);
      // The first of them may be one that steps skip; one then lands before it.
      if (seqNow() === seq && (await look()) !== text) wrong.push(seq);
    }
    for (const [seq, text] of seen) {
      hook?.seek(seq);
      if ((await look()) !== text) wrong.push(seq);
    }
    return wrong;
  });

/** Verdicts whose chain does not end in a step of the script, or in the beginning of all. */
const unexplained = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const hook = window.irqscope;
    const run = hook?.run();
    const trace = run?.data.trace ?? [];
    const found: string[] = [];
    for (const seq of run?.verdicts.slice(0, 3) ?? []) {
      hook?.seek(seq);
      await Promise.resolve();
      await Promise.resolve();
      const links = [...document.querySelectorAll<HTMLElement>('.chain > li > .link')];
      const seqs = links.map(link => Number(link.dataset.seq));
      const first = trace[seqs.at(-1) ?? -1];
      const dangling = [...document.querySelectorAll<HTMLElement>('.chain [data-seq]')].filter(
        link => !trace[Number(link.dataset.seq)],
      );
      if (first?.causes.length !== 0 || dangling.length > 0)
        found.push(`${seq}: ${seqs.join(' ')} ${first?.act}`);
    }
    return found;
  });

describeBrowser('what the page tells is what happened', browser => {
  const site = useSite();

  test('every shipped scenario comes out as its file expects, shows the same there and back, and is explained', async () => {
    const { page, troubles, close } = await open(browser(), site(), {
      context: { reducedMotion: 'reduce' },
    });
    for (const id of await shipped(page)) {
      await openShipped(page, id);
      expect(await page.evaluate(() => window.irqscope?.run()?.verdict?.pass), id).toBe(true);
      expect(await page.locator('.piece').count(), id).toBeGreaterThan(2);
      expect(await thereAndBack(page), id).toEqual([]);
      expect(await unexplained(page), id).toEqual([]);
    }
    expect(troubles).toEqual([]);
    await close();
  }, 180_000);

  test('the bits of a message are its words; a bit turned over leaves the run as it was', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'hcall', HCALL);
    await page.evaluate(() => window.irqscope?.actions.setTab('bits'));
    const emits = await page.evaluate(
      () =>
        window.irqscope
          ?.run()
          ?.data.trace.flatMap(record =>
            record.act === 'emit' ? [{ seq: record.seq, message: record.message }] : [],
          ) ?? [],
    );
    expect(emits.length).toBeGreaterThan(1);
    for (const { seq, message } of emits) {
      await seek(page, seq);
      const rows = await page.locator('.bit-row').evaluateAll(all =>
        all.map(row => ({
          bits: [...row.querySelectorAll('.bit')].map(bit => bit.textContent?.trim()).join(''),
          digits: [...row.querySelectorAll('.digit')].map(digit => digit.textContent).join(''),
        })),
      );
      const words = [message.data, message.addressHigh, message.addressLow];
      expect(rows.map(({ bits }) => Number.parseInt(bits, 2))).toEqual(words);
      expect(rows.map(({ digits }) => Number.parseInt(digits, 16))).toEqual(words);
      const fields = await page.locator('.fields tbody tr').evaluateAll(all =>
        all.map(row => ({
          name: row.getAttribute('data-field') ?? '',
          value: row.querySelector('td .mono')?.textContent ?? '',
        })),
      );
      for (const { name, value } of fields) {
        const own = await page
          .locator(`.bit[data-field="${name}"]`)
          .evaluateAll(all => all.map(bit => Number(bit.textContent)));
        const ones = Number(value).toString(2).replaceAll('0', '').length;
        expect(own.filter(Boolean).length, name).toBe(ones);
      }
    }
    const [{ seq }] = emits;
    await seek(page, seq);
    const before = await page.evaluate(() => JSON.stringify(window.irqscope?.run()?.data.trace));
    const text = await pageText(page);
    await page.locator('button.bit[data-bit="5"]').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-bit'))).toBe('6');
    await page.keyboard.press('Enter');
    const answer = page.locator('.turned li');
    await answer.locator('strong').waitFor();
    expect(await answer.textContent()).toMatch(
      /With bit 6 turned over:\s*q1\.0 of step 5 is lost, not delivered/,
    );
    expect(await page.evaluate(() => JSON.stringify(window.irqscope?.run()?.data.trace))).toBe(
      before,
    );
    await answer.getByRole('button').first().click();
    await page.waitForFunction(() => window.irqscope?.state().place.branch !== 'main');
    const changed = await page.evaluate(() =>
      window.irqscope?.run()?.data.trace.find(({ actor }) => actor === 'patch'),
    );
    expect(changed?.where).toContain('q1');
    await page.locator('.branches button').first().click();
    await page.waitForFunction(() => window.irqscope?.state().place.branch === 'main');
    expect(await page.evaluate(() => JSON.stringify(window.irqscope?.run()?.data.trace))).toBe(
      before,
    );
    await seek(page, seq);
    expect(text.startsWith((await pageText(page)).slice(0, 80))).toBe(true);
    await close();
  });

  test('whoever is said to have given a field its value did give it', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'hcall', HCALL);
    const wrong = await page.evaluate(async () => {
      const hook = window.irqscope;
      const trace = hook?.run()?.data.trace ?? [];
      hook?.actions.setTab('bits');
      const found: string[] = [];
      for (const record of trace) {
        if (record.act !== 'emit' && !(record.act === 'write' && record.unit === 'table')) continue;
        hook?.seek(record.seq);
        await Promise.resolve();
        await Promise.resolve();
        const links = [...document.querySelectorAll<HTMLElement>('.fields .origin [data-seq]')];
        if (links.length === 0) found.push(`${record.seq}: nobody`);
        for (const link of links) {
          const origin = trace[Number(link.dataset.seq)];
          const gives = ['alloc', 'compose', 'forge', 'write', 'step'].includes(origin?.act);
          if (!gives || origin.seq > record.seq) found.push(`${record.seq}: ${origin?.act}`);
          if (record.act !== 'emit' || !('irq' in origin)) continue;
          // What made a message made this one, and no other device’s.
          if (origin.irq !== record.irq) found.push(`${record.seq}: ${origin.irq}`);
        }
      }
      return found;
    });
    expect(wrong).toEqual([]);
    await close();
  });
});
