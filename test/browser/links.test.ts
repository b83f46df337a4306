import { deflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { HCALL } from '../report/scenes.ts';
import { describeBrowser } from './chromium.ts';
import { open, openText, seek, settled } from './page.ts';
import { useSite } from './site.ts';

const packed = (text: string): string => deflateRawSync(Buffer.from(text)).toString('base64url');

/** What a link is to bring back. */
const placeOf = (page: Page) =>
  page.evaluate(() => {
    const hook = window.irqscope;
    return { place: hook?.state().place, digest: hook?.run()?.digest };
  });

/** The link the share dialog offers. */
async function sharedLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click();
  const field = page.getByLabel('Link to what you see', { exact: true });
  await page.waitForFunction(() => {
    const link = document.querySelector<HTMLInputElement>('#share-link');
    return link !== null && link.value !== '';
  });
  const link = await field.inputValue();
  await page.keyboard.press('Escape');
  return link;
}

describeBrowser('a link', browser => {
  const site = useSite();

  test('brings back scenario, position, selection and view, in another window and after a reload', async () => {
    const { page, troubles, close } = await open(browser(), site(), {
      hash: '#1;s=teaching/tglx-guest-hcall;c=remap:no-source-check;e=40;tab=tables;t=entries',
    });
    await seek(page, 44);
    await page.locator('.card').first().click();
    await page.evaluate(() => window.irqscope?.actions.setTable('entries'));
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    const wanted = await placeOf(page);
    expect(wanted.place).toMatchObject({ seq: 44, pin: 44, view: 'text', table: 'entries' });
    const link = await sharedLink(page);
    const { hash } = new URL(link);
    await page.reload();
    await settled(page);
    expect(await placeOf(page)).toEqual(wanted);
    expect(new URL(page.url()).hash).toBe(hash);
    const other = await open(browser(), site(), { hash });
    expect(await placeOf(other.page)).toEqual(wanted);
    expect(new URL(other.page.url()).hash).toBe(hash);
    expect([...troubles, ...other.troubles]).toEqual([]);
    await other.close();
    await close();
  });

  test('holds edited text, and what was switched off or turned over', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'mine', HCALL);
    const emits = await page.evaluate(
      () =>
        window.irqscope
          ?.run()
          ?.data.trace.filter(({ act }) => act === 'emit')
          .map(({ seq }) => seq) ?? [],
    );
    const last = emits.at(-1) ?? 0;
    await seek(page, last);
    await page.evaluate(() => window.irqscope?.actions.setTab('bits'));
    await page.locator('button.bit[data-bit="5"]').click();
    await page.locator('.turned').getByRole('button', { name: 'Look at that run' }).click();
    await page.waitForFunction(() => window.irqscope?.state().place.branch !== 'main');
    await settled(page);
    const wanted = await placeOf(page);
    expect(wanted.place?.branch).toBe(`flip:${last}.5`);
    const link = await sharedLink(page);
    const other = await open(browser(), site(), { hash: new URL(link).hash });
    expect(await placeOf(other.page)).toEqual(wanted);
    expect(await other.page.locator('h2.title').textContent()).toBe('queue memory with hypercalls');
    await other.close();
    await close();
  });

  test.each([
    ['changed on the way', `#1;s=x;y=A${packed(HCALL).slice(1)}`, 'This link is damaged'],
    ['cut off', `#1;s=x;y=${packed(HCALL).slice(0, -20)}`, 'This link is damaged'],
    ['no packed text at all', '#1;s=x;y=AAAA', 'This link is damaged'],
    ['no number', '#1;s=teaching/tglx-basic;e=ten', 'This link is damaged'],
    ['too large', `#1;s=x;y=${packed('#'.repeat(300 * 1024))}`, 'This is too large'],
    ['a bomb', `#1;s=x;y=${packed('\n'.repeat(120 * 1024 * 1024))}`, 'This is too large'],
    ['of a later version', '#2;what=ever', 'made by a newer version'],
    ['another language', `#1;s=x;y=${packed('irqscope: 2\nname: x\n')}`, 'can’t be read'],
  ])('that is %s says so, and the page stays of use', async (_name, hash, words) => {
    const { page, troubles, close } = await open(browser(), site(), { hash, wait: false });
    await page.locator('.trouble').waitFor();
    expect(await page.locator('.trouble').textContent()).toContain(words);
    // What can’t be followed stays in the address.
    expect(new URL(page.url()).hash).toBe(hash);
    await page.locator('.scenario select').selectOption('teaching/tglx-basic');
    await settled(page);
    expect(await page.locator('.trouble').count()).toBe(0);
    expect(troubles).toEqual([]);
    await close();
  });

  test('made with another simulator says so, from which step on, and leads there', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;s=teaching/tglx-iommu' });
    const digest = (await placeOf(page)).digest ?? '';
    const [hash, marks] = digest.split('.');
    const changed = marks[2] === 'A' ? 'B' : 'A';
    const old = `${hash.replace(/^./, hash[0] === '0' ? '1' : '0')}.${marks.slice(0, 2)}${changed}${marks.slice(3)}`;
    const link = `#1;s=teaching/tglx-iommu;e=50;d=${old}`;
    const later = await open(browser(), site(), { hash: link });
    const banner = later.page.locator('.drift');
    expect(await banner.textContent()).toContain('differs from step 3 on');
    expect(new URL(later.page.url()).hash).toBe(link);
    await banner.getByRole('button', { name: 'Go to step 3' }).click();
    const step = await later.page.evaluate(() => {
      const record = window.irqscope?.run()?.data.trace[window.irqscope.state().place.seq];
      return record?.act === 'step' ? record.step : -1;
    });
    expect(step).toBe(2);
    await banner.getByRole('button', { name: 'Go on with this run' }).click();
    expect(await banner.count()).toBe(0);
    expect(new URL(later.page.url()).hash).toContain(`d=${digest}`);
    await later.close();
    await page.reload();
    await settled(page);
    expect(await page.locator('.drift').count()).toBe(0);
    await close();
  });

  test('Back leads to the scenario before, and the skip link leaves the address alone', async () => {
    const { page, close } = await open(browser(), site(), {
      hash: '#1;s=teaching/tglx-basic;e=5',
    });
    const first = page.url();
    await page.locator('.scenario select').selectOption('teaching/tglx-iommu');
    await settled(page);
    await page.locator('.to-main').focus();
    await page.keyboard.press('Enter');
    expect(page.url()).toContain('s=teaching/tglx-iommu');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.goBack();
    await page.waitForFunction(
      () => window.irqscope?.state().place.scenario === 'teaching/tglx-basic',
    );
    await settled(page);
    expect(page.url()).toBe(first);
    await close();
  });
});
