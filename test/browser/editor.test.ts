import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeBrowser } from './chromium.ts';
import { type Opened, open, settled } from './page.ts';
import { useSite } from './site.ts';

const HASH = '#1;s=teaching/tglx-basic;e=9';

/** Opens the editor and waits until it is there. */
async function edit(opened: Promise<Opened>): Promise<Opened> {
  const page = await opened;
  await page.page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.page.locator('.cm-content').waitFor();
  return page;
}

const BASIC = join(import.meta.dirname, '..', '..', 'scenarios', 'teaching', 'tglx-basic.yaml');
const LINES = readFileSync(BASIC, 'utf8').split('\n');

/** Goes to the end of the first line with this text; only lines in view are in the page. */
async function endOfLine(page: Page, text: string): Promise<void> {
  const line = LINES.findIndex(one => one.includes(text)) + 1;
  await page.evaluate(n => window.irqscope?.actions.goToLine(n, 1), line);
  await page.keyboard.press('End');
}

/** Begins a step after the one that stores; the editor offers a key of that step, one deeper. */
async function newStep(page: Page): Promise<void> {
  await endOfLine(page, '- store: nic0.0');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('- ');
}

const textOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const lines = document.querySelector('.code')?.shadowRoot?.querySelectorAll('.cm-line') ?? [];
    return [...lines].map(line => line.textContent).join('\n');
  });

const options = (page: Page) => page.locator('.cm-tooltip-autocomplete [role="option"]');

/** Waits for what is offered; asks for it where a busy machine let it pass. */
async function offered(page: Page): Promise<void> {
  const first = options(page).first();
  await first.waitFor({ timeout: 3000 }).catch(() => page.keyboard.press('Control+Space'));
  await first.waitFor();
  // What has just appeared takes no key for a moment.
  await page.waitForTimeout(150);
}

/** Waits until what was typed has been run, or refused. */
const ran = (page: Page, kind: 'ready' | 'problems'): Promise<unknown> =>
  page.waitForFunction(
    wanted => {
      const load = window.irqscope?.state().load.kind;
      return load === wanted && !document.querySelector('.waiting');
    },
    kind,
    { polling: 50 },
  );

const lengthOf = (page: Page): Promise<number> =>
  page.evaluate(() => window.irqscope?.run()?.data.trace.length ?? 0);

describeBrowser('the editor', browser => {
  const site = useSite();

  test('what is typed is run a moment later; nothing breaks the policy; undo takes it back', async () => {
    const { page, troubles, close } = await edit(open(browser(), site(), { hash: HASH }));
    const before = await lengthOf(page);
    await newStep(page);
    await page.keyboard.type('raise: nic0.0', { delay: 5 });
    await ran(page, 'ready');
    await page.waitForFunction(n => (window.irqscope?.run()?.data.trace.length ?? 0) > n, before);
    expect(await page.evaluate(() => window.irqscope?.state().place.packed)).not.toBe('');
    for (let i = 0; i < 9; i++) await page.keyboard.press('Control+z');
    await page.waitForFunction(n => window.irqscope?.run()?.data.trace.length === n, before);
    await page.waitForFunction(() => window.irqscope?.state().place.packed === '');
    expect(troubles).toEqual([]);
    await close();
  });

  test('completes keys, words and names in plain indented YAML, and says what a key means', async () => {
    const { page, close } = await edit(open(browser(), site(), { hash: HASH }));
    await newStep(page);
    await page.keyboard.type('allo', { delay: 20 });
    await offered(page);
    expect(await options(page).allTextContents()).toEqual(['allocate']);
    expect(await page.locator('.cm-completionInfo').textContent()).toContain('vector');
    await page.keyboard.press('Enter');
    await page.keyboard.type('{ i');
    await offered(page);
    expect(await options(page).first().textContent()).toBe('irq');
    await page.keyboard.press('Enter');
    await page.keyboard.type('ni');
    await offered(page);
    expect(await options(page).first().textContent()).toBe('nic0.0');
    await page.keyboard.press('Enter');
    expect(await textOf(page)).toContain('- allocate: { irq: nic0.0}');
    await page.keyboard.press('Control+Home');
    const key = page.locator('.cm-line', { hasText: 'name: tglx' });
    const told = page.locator('.explained');
    for (let x = 12; x < 32 && !(await told.isVisible()); x += 4) {
      await key.hover({ position: { x, y: 8 } });
      await told.waitFor({ timeout: 3000 }).catch(() => {});
    }
    expect(await page.locator('.explained').textContent()).toContain('identifies it in reports');
    await close();
  });

  test('a mistake is marked on its line and listed; the last good picture stays, greyed', async () => {
    const { page, close } = await edit(open(browser(), site(), { hash: HASH }));
    const picture = await page.locator('#stage').textContent();
    await endOfLine(page, 'preset:');
    await page.keyboard.press('Home');
    await page.keyboard.type('x');
    await ran(page, 'problems');
    await page.locator('.cm-lintRange-error').first().waitFor();
    const marked = await page.evaluate(() => {
      const root = document.querySelector('.code')?.shadowRoot;
      const line = root?.querySelector('.cm-lintRange-error')?.closest('.cm-line');
      return [...(root?.querySelectorAll('.cm-line') ?? [])].indexOf(line as Element) + 1;
    });
    const told = page.locator('.editor-problems li').first();
    expect(await told.textContent()).toContain(`line ${marked}, column`);
    expect(await page.locator('.trouble').count()).toBe(0);
    expect(await page.locator('#stage').textContent()).toBe(picture);
    expect(await page.locator('.page').getAttribute('class')).toContain('stale');
    expect(await page.locator('.editor-foot').textContent()).toContain(
      'last text that could be run',
    );
    await page.keyboard.press('Control+Home');
    await told.getByRole('button').click();
    const line = await page.evaluate(() => {
      const root = document.querySelector('.code')?.shadowRoot;
      const lines = [...(root?.querySelectorAll('.cm-line') ?? [])];
      return lines.findIndex(one => one.classList.contains('cm-activeLine')) + 1;
    });
    expect(line).toBe(marked);
    await page.getByRole('button', { name: 'Undo all changes' }).click();
    await ran(page, 'ready');
    expect(await page.locator('.page').getAttribute('class')).not.toContain('stale');
    expect(await page.locator('.cm-lintRange-error').count()).toBe(0);
    await close();
  });

  test('single keys are text where text is written', async () => {
    const { page, close } = await edit(open(browser(), site(), { hash: HASH }));
    await page.evaluate(() => window.irqscope?.actions.setKeys('always'));
    await page.locator('.cm-line').first().click();
    await page.keyboard.type('w m?');
    expect(await textOf(page)).toContain('w m?');
    const { dialog, bookmarks, place } = await page.evaluate(() => {
      const state = window.irqscope?.state();
      return { dialog: state?.dialog, bookmarks: state?.bookmarks, place: state?.place };
    });
    expect({ dialog, bookmarks, seq: place?.seq }).toEqual({
      dialog: 'none',
      bookmarks: [],
      seq: 9,
    });
    await close();
  });

  test('a file is saved, opened and dropped, and is the same', async () => {
    const { page, close } = await edit(open(browser(), site(), { hash: HASH }));
    await page.locator('.cm-line').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# mine\n');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save', exact: true }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe('tglx-basic.yaml');
    const text = readFileSync(await saved.path(), 'utf8');
    expect(text).toMatch(/^# mine\nirqscope: 1/);
    const file = { name: 'my-own.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) };
    await page.locator('input[type="file"]').setInputFiles(file);
    await page.waitForFunction(() => window.irqscope?.state().place.scenario === 'my-own');
    await settled(page);
    expect((await textOf(page)).split('\n')[0]).toBe('# mine');
    await page.evaluate(content => {
      const data = new DataTransfer();
      data.items.add(new File([content.replace('# mine', '# dropped')], 'other.yaml'));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
    }, text);
    await page.waitForFunction(() => window.irqscope?.state().place.scenario === 'other');
    await settled(page);
    expect((await textOf(page)).split('\n')[0]).toBe('# dropped');
    await page.reload();
    await settled(page);
    expect(await page.evaluate(() => window.irqscope?.state().place.scenario)).toBe('other');
    await close();
  });

  test('typing while a run is on its way loses no letter', async () => {
    const { page, close } = await edit(open(browser(), site(), { hash: HASH }));
    await endOfLine(page, 'name:');
    for (const letter of '0123456789') {
      await page.keyboard.type(letter);
      await page.waitForTimeout(130);
    }
    await ran(page, 'ready');
    expect(await textOf(page)).toContain('0123456789');
    await page.waitForFunction(() => window.irqscope?.run()?.data.name.endsWith('0123456789'));
    await close();
  });

  test('where the editor can’t be loaded a plain field takes its place', async () => {
    const opened = await open(browser(), site(), { hash: HASH });
    const { page, close } = opened;
    await page.route('**/assets/code-*.js', route => route.abort());
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const field = page.getByRole('textbox', { name: 'Text of the scenario' });
    await field.waitFor();
    const text = await field.inputValue();
    await field.fill(text.replace('preset:', 'presett:'));
    await ran(page, 'problems');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await page.locator('.editor-problems button').first().click();
    const at = await field.evaluate((one: HTMLTextAreaElement) =>
      one.value.slice(one.selectionStart, one.selectionStart + 7),
    );
    expect(at).toBe('presett');
    await field.fill(text);
    await ran(page, 'ready');
    await close();
  });

  test('when the simulator stops, the page says so and keeps its picture', async () => {
    const { page, close } = await open(browser(), site(), { hash: HASH });
    const picture = await page.locator('#stage').textContent();
    // A bit that can’t be turned over, in a link made by hand, is what makes it stop here.
    await page.evaluate(() => window.irqscope?.actions.setBranch('flip:0.3'));
    await page.locator('.trouble').waitFor();
    expect(await page.locator('.trouble').textContent()).toContain('can’t be turned over');
    expect(await page.locator('#stage').textContent()).toBe(picture);
    await page.evaluate(() => window.irqscope?.actions.setBranch('main'));
    await close();
  });
});
