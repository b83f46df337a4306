import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { LEAK } from '../report/scenes.ts';
import { describeBrowser } from './chromium.ts';
import { open, openText, seek } from './page.ts';
import { useSite } from './site.ts';

interface Now {
  readonly seq: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly tab: string;
  readonly view: string;
  readonly dialog: string;
  readonly editor: boolean;
  readonly sheet: string;
  readonly compared: boolean;
  readonly bookmarks: readonly number[];
  readonly focus: string;
}

const now = (page: Page): Promise<Now> =>
  page.evaluate(() => {
    const state = window.irqscope?.state();
    if (!state) throw new Error('no page');
    const { playing, speed, dialog, editor, bookmarks, place } = state;
    const { seq, tab, view, sheet, compared } = place;
    const focus = document.activeElement?.className ?? '';
    return {
      seq,
      playing,
      speed,
      tab,
      view,
      dialog,
      editor,
      sheet,
      compared: compared !== null,
      bookmarks,
      focus: String(focus),
    };
  });

/** What each key of the list does, seen from record 30. Names as the list has them. */
const EFFECTS: Readonly<
  Record<
    string,
    (after: Now, run: { verdicts: number[]; length: number; violations: number[] }) => boolean
  >
> = {
  Space: ({ playing }) => playing,
  Right: ({ seq }) => seq > 30,
  '.': ({ seq }) => seq > 30,
  Left: ({ seq }) => seq < 30,
  ',': ({ seq }) => seq < 30,
  'Shift+Right': ({ seq }) => seq > 30,
  'Shift+Left': ({ seq }) => seq < 30,
  'Alt+Right': ({ seq }, { verdicts }) => seq === verdicts.find(one => one > 30),
  n: ({ seq }, { verdicts }) => seq === verdicts.find(one => one > 30),
  'Alt+Left': ({ seq }, { verdicts }) => seq === (verdicts.findLast(one => one < 30) ?? 30),
  p: ({ seq }, { verdicts }) => seq === (verdicts.findLast(one => one < 30) ?? 30),
  ']': ({ seq }, { violations }) => seq === violations[0],
  '[': ({ seq }) => seq === 30,
  Home: ({ seq }) => seq === -1,
  End: ({ seq }, { length }) => seq === length - 1,
  h: ({ seq }) => seq <= 30,
  g: ({ focus }) => focus === 'goto',
  w: ({ tab }) => tab === 'why',
  b: ({ tab }) => tab === 'bits',
  t: ({ tab }) => tab === 'tables',
  v: ({ view }) => view === 'mail',
  e: ({ editor }) => editor,
  s: ({ dialog }) => dialog === 'share',
  m: ({ bookmarks }) => bookmarks.includes(30),
  "'": ({ seq }) => seq === 30,
  '-': ({ speed }) => speed === 0.5,
  '+': ({ speed }) => speed === 2,
  '?': ({ dialog }) => dialog === 'help',
  Esc: ({ dialog }) => dialog === 'none',
  // Where there is no lesson it does nothing.
  r: ({ seq, playing }) => seq === 30 && !playing,
  // Where there is one design only it is laid beside itself, until something else is chosen.
  c: ({ compared }) => compared,
  l: ({ sheet }) => sheet === 'lessons',
};

/** A key of the list as the browser calls it. */
const pressed = (key: string): string =>
  key.replace(/(Right|Left)$/, 'Arrow$1').replace('Esc', 'Escape');

describeBrowser('keys', browser => {
  const site = useSite();

  test('every key of the list does what it says, unless it is switched off or text is written', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'leak', LEAK);
    await page.evaluate(() => window.irqscope?.actions.setDialog('help'));
    const listed = await page.locator('.keys kbd').allTextContents();
    expect(listed).toEqual(expect.arrayContaining(Object.keys(EFFECTS)));
    await page.keyboard.press('Escape');
    const run = await page.evaluate(() => ({
      verdicts: [...(window.irqscope?.run()?.verdicts ?? [])],
      violations: [...(window.irqscope?.run()?.data.film.violations ?? [])],
      length: window.irqscope?.run()?.data.trace.length ?? 0,
    }));
    for (const key of listed) {
      const effect = EFFECTS[key];
      expect(effect, `${key} is in the list and not in this test`).toBeDefined();
      await page.evaluate(() => {
        const { actions, state } = window.irqscope ?? {};
        actions?.setTab('bits');
        actions?.setSpeed(1);
        for (const seq of state?.().bookmarks ?? []) {
          actions?.goTo(seq);
          actions?.bookmark();
        }
      });
      if (key === 'b') await page.evaluate(() => window.irqscope?.actions.setTab('why'));
      await seek(page, 30);
      await page.locator('.piece[tabindex="0"]').focus();
      for (const use of ['never', 'always'] as const) {
        await page.evaluate(one => window.irqscope?.actions.setKeys(one), use);
        const before = await now(page);
        await page.keyboard.press(pressed(key));
        const after = await now(page);
        if (use === 'always')
          expect(effect(after, run), `${key}: ${JSON.stringify(after)}`).toBe(true);
        else if (key !== 'Esc') expect(after, `${key}, switched off`).toEqual(before);
      }
      await page.evaluate(() => {
        const { editor, playing, place } = window.irqscope?.state() ?? {};
        if (editor) window.irqscope?.actions.toggleEditor();
        if (playing) window.irqscope?.actions.togglePlay();
        if (place?.compared) window.irqscope?.actions.toggleCompare();
        if (place?.view !== 'stage') window.irqscope?.actions.setView('stage');
      });
      await page.keyboard.press('Escape');
    }
    await seek(page, 30);
    const field = page.locator('.goto');
    await field.focus();
    const before = await now(page);
    for (const key of ['w', 'm', 't', ']', '?']) await page.keyboard.press(key);
    expect(await now(page)).toEqual(before);
    await close();
  }, 120_000);

  test('the choice is kept for the next visit', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;s=teaching/tglx-basic' });
    await page.locator('.help-button').click();
    await page.getByLabel('Single keys are commands').selectOption('never');
    await page.getByLabel('Colours').selectOption('dark');
    await page.reload();
    await page.waitForFunction(() => window.irqscope?.run());
    expect(await page.evaluate(() => window.irqscope?.state())).toMatchObject({
      keys: 'never',
      theme: 'dark',
    });
    await close();
  });
});
