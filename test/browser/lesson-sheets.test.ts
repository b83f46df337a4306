import { expect, test } from 'vitest';
import { LESSON_FILES, opened as lessonOf, textOf } from '../lesson/lessons.ts';
import { axeFindings, sidewaysPx } from './axe.ts';
import { describeBrowser } from './chromium.ts';
import { goToPart, hurry, inPhase, openPart } from './lesson-page.ts';
import { open } from './page.ts';
import { useSite } from './site.ts';

const idOf = (name: string): string => name.replace(/\.yaml$/, '');
const LESSONS = LESSON_FILES.map(name => ({ id: idOf(name), file: lessonOf(name, textOf(name)) }));

describeBrowser('lessons as pages', browser => {
  const site = useSite();

  test('a part is a place: its link, the way back, and the list', async () => {
    const { page, close } = await openPart(browser(), site(), {
      lesson: '02-who-does-what',
      part: 2,
    });
    expect(new URL(page.url()).hash).toBe('#1;s=lessons/02-who-does-what;lesson=2');
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await inPhase(page, 'asking');
    expect(new URL(page.url()).hash).toContain('lesson=3');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('part-title');
    await page.goBack();
    await inPhase(page, 'asking');
    expect(new URL(page.url()).hash).toContain('lesson=2');
    await page.getByRole('button', { name: 'Leave the lesson' }).click();
    await page.locator('.lesson-here').waitFor();
    expect(await page.locator('.script .steps li').count()).toBe(4);
    await page.locator('.lesson-here button').click();
    await inPhase(page, 'asking');
    await close();
  });

  test('with reduced motion the film is a row of pictures, and comes to its end', async () => {
    const { page, close } = await openPart(browser(), site(), {
      lesson: '01-a-write',
      part: 1,
      context: { reducedMotion: 'reduce' },
    });
    await hurry(page);
    await page.getByRole('button', { name: 'Show me' }).click();
    await inPhase(page, 'answered');
    await close();
  });

  test('a lesson file of one’s own is opened, and done', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;page=lessons', wait: false });
    await page
      .locator('.file-button input')
      .last()
      .setInputFiles({
        name: 'mine.yaml',
        mimeType: 'application/yaml',
        buffer: Buffer.from(textOf('01-a-write.yaml').replace('Attention, please', 'My own part')),
      });
    await page.locator('.lesson-here button').click();
    await inPhase(page, 'asking');
    expect(await page.locator('#part-title').textContent()).toBe('My own part');
    await close();
  });

  test('worksheets for paper have every question, and the answers only where they are wanted', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;page=lessons', wait: false });
    await page.evaluate(() => {
      window.print = () => {};
    });
    const sheets = async (name: string | RegExp): Promise<string> => {
      await page.getByRole('button', { name }).click();
      await page
        .locator('.print-sheet[data-state=ready]')
        .waitFor({ state: 'attached', timeout: 30_000 });
      const text = (await page.locator('.print-sheet').textContent()) ?? '';
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      return text.replaceAll(/\s+/g, ' ');
    };
    const plain = await sheets(/^Print worksheets$/);
    for (const { file } of LESSONS)
      for (const { ask } of file.lesson.parts)
        if (ask) expect(plain).toContain(ask.question.replaceAll(/\s+/g, ' '));
    expect(plain).not.toContain('Answers');
    const full = await sheets(/with answers/);
    const key = full.slice(full.indexOf('Answers'));
    expect(key).toContain('What shall the CPU do?: 0x41');
    await page.emulateMedia({ media: 'print' });
    await close();
  }, 60_000);

  test('terms are explained where they come up', async () => {
    const { page, close } = await openPart(browser(), site(), { lesson: '06-remapping', part: 1 });
    const term = page.locator('.term').first();
    await term.focus();
    await page.keyboard.press('Enter');
    const note = page.locator('.term-note:popover-open');
    await note.waitFor();
    expect((await note.textContent())?.length).toBeGreaterThan(20);
    await page.keyboard.press('Escape');
    expect(await note.count()).toBe(0);
    await close();
  });

  test.each([
    ['light', { colorScheme: 'light' }, [3, 7]],
    ['dark', { colorScheme: 'dark' }, []],
    ['forced colours', { forcedColors: 'active' }, []],
  ] as const)(
    'axe has nothing to say, %s',
    async (_, look, more) => {
      const { page, close } = await openPart(browser(), site(), {
        lesson: '07-source-id',
        part: 2,
        context: { ...look, reducedMotion: 'reduce' },
      });
      expect(await axeFindings(page), 'asking').toEqual([]);
      await page.getByRole('button', { name: 'Show me' }).click();
      await page.getByRole('button', { name: 'Skip the film' }).click();
      await inPhase(page, 'answered');
      expect(await axeFindings(page), 'answered').toEqual([]);
      for (const part of more) {
        await goToPart(page, part);
        expect(await axeFindings(page), `part ${part}`).toEqual([]);
      }
      for (const sheet of ['lessons', 'glossary']) {
        await page.goto(`${site()}?test=1#1;page=${sheet}`);
        await page.locator('.sheet h2').waitFor();
        expect(await axeFindings(page), sheet).toEqual([]);
      }
      await close();
    },
    60_000,
  );

  test('nothing is wider than the narrowest window', async () => {
    const { page, close } = await openPart(browser(), site(), {
      lesson: '07-source-id',
      part: 3,
      context: { viewport: { width: 320, height: 640 } },
    });
    for (const part of [1, 2, 3, 7]) {
      await goToPart(page, part);
      expect(await sidewaysPx(page), `part ${part}`).toBe(0);
    }
    for (const sheet of ['lessons', 'glossary']) {
      await page.goto(`${site()}?test=1#1;page=${sheet}`);
      await page.locator('.sheet h2').waitFor();
      expect(await sidewaysPx(page), sheet).toBe(0);
    }
    await close();
  });
});
