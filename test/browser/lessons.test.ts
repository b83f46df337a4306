import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describe as sentence } from '../../src/index.ts';
import { judge, libraryOf, shownPart } from '../../src/lesson/lesson-part.ts';
import { runIn } from '../../src/lesson/value.ts';
import { LESSON_FILES, opened as lessonOf, textOf } from '../lesson/lessons.ts';
import { describeBrowser } from './chromium.ts';
import { everything, goToPart, hurry, inPhase, openPart } from './lesson-page.ts';
import { open, settled } from './page.ts';
import { useSite } from './site.ts';

const idOf = (name: string): string => name.replace(/\.yaml$/, '');
const LESSONS = LESSON_FILES.map(name => ({ id: idOf(name), file: lessonOf(name, textOf(name)) }));

/** What is said of an answer, without the notes on terms. */
const resultText = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const copy = document.querySelector('.result')?.cloneNode(true);
    if (!(copy instanceof Element)) return '';
    for (const note of copy.querySelectorAll('.term-note')) note.remove();
    return copy.textContent ?? '';
  });

describeBrowser('lessons', browser => {
  const site = useSite();

  test('nothing of an answer is on the page before it is given, in any part of any lesson', async () => {
    const { page, troubles, close } = await open(browser(), site());
    for (const { id, file } of LESSONS) {
      await page.evaluate(hash => {
        location.hash = hash;
      }, `#1;s=lessons/${id};lesson=1`);
      await page.waitForFunction(
        name => window.irqscope?.state().place.scenario === name,
        `lessons/${id}`,
      );
      await inPhase(page, 'asking');
      await page.evaluate(() => window.irqscope?.actions.setView('text'));
      for (const [part, { ask }] of file.lesson.parts.entries()) {
        if (!ask || ask.repair) continue;
        await goToPart(page, part + 1);
        const html = await everything(page);
        const where = `${id}, part ${part + 1}`;
        const { stop } = shownPart(file, part, 0);
        expect(await page.locator('.records li').count(), where).toBe(stop + 1);
        const { explain } = judge(file, { part, roll: 0 }, null);
        expect(html, where).not.toContain(explain.slice(0, 40));
        const { scenario, view } = runIn(libraryOf(file, part, 0));
        const said = (seq: number): string =>
          sentence(scenario.machine, view.trace[seq].actor, view.trace[seq]);
        const before = new Set(view.trace.slice(0, stop + 1).map(({ seq }) => said(seq)));
        for (const { seq, act } of view.trace.slice(stop + 1))
          if (act !== 'step' && act !== 'result' && !before.has(said(seq)))
            expect(html, `${where}, record ${seq}`).not.toContain(`>${said(seq)}<`);
      }
    }
    expect(troubles).toEqual([]);
    await close();
  }, 120_000);

  test('a wrong answer, by keyboard alone: the run plays to what shows it, then the misconception is told', async () => {
    const { page, troubles, close } = await openPart(browser(), site(), {
      lesson: '01-a-write',
      part: 1,
    });
    await hurry(page);
    const file = LESSONS[0].file;
    const { seq, explain } = judge(file, { part: 0, roll: 0 }, null);
    const { stop } = shownPart(file, 0, 0);
    await page.locator('.choices input').first().focus();
    const wanted = 'A pulse on a wire that leads to the CPU';
    for (let i = 0; i < 4; i++) {
      if (
        (await page.locator('.choices label:has(:checked)').allTextContents())
          .join()
          .includes(wanted)
      )
        break;
      await page.keyboard.press('ArrowDown');
    }
    expect(await page.evaluate(() => window.irqscope?.state().place.seq)).toBe(stop);
    await page.keyboard.press('Enter');
    await inPhase(page, 'answered');
    expect(await page.evaluate(() => window.irqscope?.state().place.seq)).toBe(seq);
    const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
    const said = plain(await resultText(page));
    expect(said).toContain(plain(file.lesson.misconceptions.wire));
    expect(said).toContain('A write: some data to an address');
    expect(said).toContain(plain(explain));
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('result');
    expect(await page.locator('#tab-why').getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('.chain .first').textContent()).toContain('nic0 sends');
    expect(troubles).toEqual([]);
    await close();
  });

  test('a right answer is kept in this browser, also when the page is loaded again', async () => {
    const { page, close } = await openPart(browser(), site(), { lesson: '01-a-write', part: 3 });
    await hurry(page);
    const field = page.locator('.fill input');
    await field.fill('0x41');
    await field.press('Enter');
    await inPhase(page, 'answered');
    expect(await page.locator('.judgement').textContent()).toContain('Right.');
    await page.reload();
    await settled(page);
    await inPhase(page, 'asking');
    const third = page.locator('.part-list button').nth(2);
    expect(await third.getAttribute('aria-label')).toContain('answered');
    await page.goto(`${site()}?test=1#1;page=lessons`);
    await page.locator('.lesson-list').waitFor();
    expect(await page.locator('.lesson-list li').first().textContent()).toContain(
      '1 of 5 answered',
    );
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save my answers' }).click(),
    ]);
    const stream = await file.createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    expect(JSON.parse(text)).toMatchObject({
      format: 'irqscope-answers/1',
      lessons: {
        '01-a-write': { 3: { given: ['0x41'], right: true, tries: 1, done: true } },
      },
    });
    await page.getByRole('button', { name: 'Forget my answers' }).click();
    expect(await page.locator('.lesson-list li').first().textContent()).toContain('5 parts');
    await close();
  });

  test('questions of every kind can be answered by keyboard, and what the run says is right', async () => {
    const { page, close } = await openPart(browser(), site(), { lesson: '06-remapping', part: 1 });
    await hurry(page);
    /** One part of each kind, with keys from where the question begins. */
    const parts = [
      ['04-the-boundary', 1, 'component'],
      ['06-remapping', 3, 'field'],
      ['05-layers', 3, 'roles'],
      ['05-layers', 2, 'order'],
      ['07-source-id', 2, 'verdict'],
      ['10-queue-memory', 2, 'fill'],
    ] as const;
    for (const [id, part, kind] of parts) {
      const found = LESSONS.find(lesson => lesson.id === id);
      if (!found) throw new Error(id);
      await page.goto(`${site()}?test=1#1;s=lessons/${id};lesson=${part}`);
      await page.reload();
      await settled(page);
      await inPhase(page, 'asking');
      await hurry(page);
      const { question } = shownPart(found.file, part - 1, 0);
      expect(question?.kind).toBe(kind);
      const { answer } = judge(found.file, { part: part - 1, roll: 0 }, null);
      await answerByKeys(kind, answer);
      await inPhase(page, 'answered');
      expect(await page.locator('.judgement').textContent(), `${id} ${part}`).toContain('Right.');
    }
    await close();

    async function radio(name: string, value: string): Promise<void> {
      const inputs = page.locator(`input[name=${name}]`);
      await inputs.first().focus();
      await page.keyboard.press('Space');
      for (let i = 0; i < (await inputs.count()); i++) {
        if ((await page.locator(`input[name=${name}]:checked`).getAttribute('value')) === value)
          return;
        await page.keyboard.press('ArrowDown');
      }
    }

    async function answerByKeys(kind: string, answer: readonly string[]): Promise<void> {
      switch (kind) {
        case 'component':
          await radio('choice', answer[0]);
          return page.keyboard.press('Enter');
        case 'field':
          await radio('field', answer[0]);
          return page.keyboard.press('Enter');
        case 'verdict':
          await radio('fate', answer[0]);
          await radio('reason', answer[1]);
          return page.keyboard.press('Enter');
        case 'fill':
          await page.locator('.fill input').focus();
          await page.keyboard.type(answer[0]);
          return page.keyboard.press('Enter');
        case 'roles': {
          for (const [i, key] of answer.entries())
            await page.locator('.role-list select').nth(i).selectOption(key);
          await page.locator('.commit .main').focus();
          return page.keyboard.press('Enter');
        }
        default: {
          for (let to = 0; to < answer.length; to++) {
            const given = await page.evaluate(() => window.irqscope?.state().lesson.given ?? []);
            for (let at = given.indexOf(answer[to]); at > to; at--) {
              await page.locator('.order li').nth(at).getByRole('button').first().focus();
              await page.keyboard.press('Enter');
            }
          }
          await page.locator('.commit .main').focus();
          return page.keyboard.press('Enter');
        }
      }
    }
  }, 60_000);

  test('a part of the picture is an answer where one is asked for, and shown as chosen', async () => {
    const { page, close } = await openPart(browser(), site(), { lesson: '01-a-write', part: 2 });
    await page.locator('.piece.cpu').nth(1).click();
    expect(await page.locator('.choices input:checked').getAttribute('value')).toBe('cpu/p1');
    expect(await page.locator('[data-picked]').getAttribute('data-key')).toContain('cpu/p1');
    expect(await page.evaluate(() => window.irqscope?.state().place.tab)).toBe('why');
    await close();
  });

  test('showing is always possible, and says nothing of wrong', async () => {
    const { page, close } = await openPart(browser(), site(), { lesson: '01-a-write', part: 1 });
    await hurry(page);
    await page.getByRole('button', { name: 'Show me' }).click();
    await inPhase(page, 'answered');
    const said = (await page.locator('.result').textContent()) ?? '';
    expect(said).toContain('A write: some data to an address');
    expect(said).not.toMatch(/Not so|Right/);
    expect(await page.locator('.part-list .done').count()).toBe(0);
    await close();
  });

  test('a task: mistakes at their place, what the goal misses, and the goal', async () => {
    const { page, close } = await openPart(browser(), site(), { lesson: '01-a-write', part: 5 });
    const text = page.locator('.task textarea');
    const start = await text.inputValue();
    const run = async (now: string): Promise<string> => {
      await text.fill(now);
      await page.getByRole('button', { name: 'Run it' }).click();
      await page.waitForFunction(() => {
        const tried = window.irqscope?.state().lesson.tried;
        return tried && tried.kind !== 'running';
      });
      await page.evaluate(() => new Promise(requestAnimationFrame));
      return (await page.locator('.task-result').textContent()) ?? '';
    };
    expect(await run(start.replace('allocate', 'alocate'))).toMatch(
      /3:5.*did you mean 'allocate'/s,
    );
    expect(await run(start)).toMatch(/not reached yet.*vector 0xb4/s);
    expect(await run(`${start}platform: { cpus: 4 }\n`)).toContain("does not change 'platform'");
    expect(await run(start.replace('0x41', '0xb4'))).toContain('the goal is reached');
    expect(await page.locator('.caption .now').textContent()).toContain('0xb4');
    expect(await page.locator('.part-list .done').count()).toBe(1);
    await text.fill('');
    await page.getByRole('button', { name: 'Show a solution' }).click();
    await page.waitForFunction(() => window.irqscope?.state().lesson.given[0]?.includes('0xb4'));
    await page.waitForFunction(() => window.irqscope?.state().lesson.tried?.kind === 'done');
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await text.inputValue()).toContain('0xb4');
    await close();
  });

  test('presenting: nothing is shown until a key says so, and nothing is kept', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;page=lessons', wait: false });
    await page.getByLabel('Presenting to a class').check();
    await page.locator('.lesson-list a').first().click();
    await inPhase(page, 'asking');
    await hurry(page);
    expect(await page.getByRole('button', { name: 'Check', exact: true }).count()).toBe(0);
    await page.keyboard.press('PageDown');
    await inPhase(page, 'answered');
    expect(await page.locator('.result').textContent()).toContain('some data to an address');
    await page.keyboard.press('PageDown');
    await inPhase(page, 'asking');
    expect(await page.evaluate(() => window.irqscope?.state().place.part)).toBe(2);
    expect(await page.locator('.result').textContent()).toBe('');
    await page.locator('.piece[tabindex="0"]').focus();
    await page.keyboard.press('r');
    await inPhase(page, 'answered');
    await page.keyboard.press('PageUp');
    await inPhase(page, 'asking');
    expect(await page.evaluate(() => window.irqscope?.state().place.part)).toBe(1);
    expect(await page.evaluate(() => localStorage.getItem('irqscope.answers'))).toBeNull();
    await close();
  });

  test('again with other numbers: another vector, and another answer', async () => {
    const { page, close } = await openPart(browser(), site(), { lesson: '01-a-write', part: 3 });
    await hurry(page);
    await page.getByRole('button', { name: 'Show me' }).click();
    await inPhase(page, 'answered');
    expect(await page.locator('.answer').textContent()).toContain('0x41');
    await page.getByRole('button', { name: 'Again with other numbers' }).click();
    await inPhase(page, 'asking');
    const field = page.locator('.fill input');
    await field.fill('0x52');
    await field.press('Enter');
    await inPhase(page, 'answered');
    expect(await page.locator('.judgement').textContent()).toContain('Right.');
    await close();
  });
});
