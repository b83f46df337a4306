import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { HCALL, TRAP } from '../report/scenes.ts';
import { sharedFile, testShared } from '../shared.ts';
import { describeBrowser } from './chromium.ts';
import { boundaryOf, type Drawing, drawingsIn, type Word, wordsOf } from './mail.ts';
import { open, openText, seek } from './page.ts';
import { useSite } from './site.ts';

const BASIC = `
irqscope: 1
name: basic
title: basic
platform: { preset: x86-bare }
devices:
  nic0: { bdf: "00:03.0", store: msi }
steps:
  - allocate: { irq: nic0.0, cpu: p0 }
  - store: nic0.0
  - raise: nic0.0
`;
const IOMMU = BASIC.replace('x86-bare', 'x86-vtd').replaceAll('basic', 'iommu');
const NO_HCALL = HCALL.replace('\nguests:', '\nhypervisor: { hypercalls: false }\nguests:');
const HIDDEN = NO_HCALL.replaceAll('{ vcpus:', '{ knowsItIsVm: false, vcpus:');

/** A text on the page and its place. */
interface Placed {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

const placedIn = (page: Page, selector: string): Promise<Placed[]> =>
  page.evaluate(
    css =>
      [...document.querySelectorAll(css)].map(node => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        const text = (node.textContent ?? '').trim();
        return { text, x: (left + right) / 2, y: (top + bottom) / 2, left, right };
      }),
    selector,
  );

const MAIL = 'seeds/001_tglx_irq_domains.txt';
const mailFile = sharedFile(MAIL);
const DRAWINGS = mailFile ? drawingsIn(readFileSync(mailFile, 'utf8')) : [];

/** The drawing of the mail that has these texts and no others. */
function drawingWith(texts: readonly string[]): Drawing | undefined {
  const wanted = [...texts].sort();
  return DRAWINGS.find(drawing => {
    const words = wordsOf(drawing)
      .map(({ text }) => text)
      .sort();
    return words.length === wanted.length && words.every((word, i) => word === wanted[i]);
  });
}

/** Places of texts agree: what stands left of, or above, something else does so in both. */
function expectSamePlaces(mail: readonly Word[], page: readonly Placed[]): void {
  const left = [...mail];
  const pairs = page.map(placed => {
    const at = left
      .map((word, i) => ({ word, i }))
      .filter(({ word }) => word.text === placed.text)
      .sort((a, b) => a.word.line - b.word.line)[0];
    left.splice(at.i, 1);
    return { placed, word: at.word };
  });
  for (const a of pairs)
    for (const b of pairs) {
      const said = `${a.word.text} and ${b.word.text}`;
      if (a.word.line < b.word.line) expect(a.placed.y, said).toBeLessThan(b.placed.y);
      if (a.word.line === b.word.line && a.word.middle < b.word.middle)
        expect(a.placed.x, said).toBeLessThan(b.placed.x);
    }
}

const SEEN: readonly [string, string, string][] = [
  ['basic', BASIC, 'basic'],
  ['with an IOMMU', IOMMU, 'iommu'],
  ['a trapped store', TRAP, 'trap'],
  ['a hypercall', HCALL, 'hcall'],
];

describeBrowser('the drawings of 2020', browser => {
  const site = useSite();

  for (const [name, text, id] of SEEN)
    testShared(MAIL)(`${name}, against ../shared/${MAIL}`, async () => {
      const { page, close } = await open(browser(), site());
      await openText(page, id, text);
      await page.evaluate(() => window.irqscope?.actions.setView('mail'));
      const placed = await placedIn(page, '.mail-text');
      const drawing = drawingWith(placed.map(one => one.text));
      expect(drawing, placed.map(one => one.text).join(', ')).toBeDefined();
      const words = wordsOf(drawing ?? []);
      expectSamePlaces(
        words,
        placed.sort((a, b) => a.y - b.y),
      );
      const split = words.find(
        ({ line, text: box, middle }) =>
          line === 0 && Math.abs(middle - boundaryOf(drawing ?? [])) < box.length / 2,
      );
      const [boundary] = await placedIn(page, '.mail-boundary');
      const box = placed.find(one => one.text === split?.text);
      expect(boundary.x).toBeGreaterThan(box?.left ?? Number.POSITIVE_INFINITY);
      expect(boundary.x).toBeLessThan(box?.right ?? 0);
      await close();
    });

  test.each([
    ['no layer to ask', NO_HCALL, 'error on domain creation'],
    ['a guest that cannot know', HIDDEN, 'looks like bare metal'],
  ])('%s is drawn from the words, and says so', async (name, text, words) => {
    const { page, close } = await open(browser(), site());
    await openText(page, name, text);
    await page.evaluate(() => window.irqscope?.actions.setView('mail'));
    const texts = (await placedIn(page, '.mail-text')).map(one => one.text);
    expect(texts).toContain(words);
    expect(await page.locator('.mail figcaption').textContent()).toContain('Not drawn in the mail');
    await close();
  });
});

/** Titles of the host’s boxes, as the mail names them. */
const ORDER = ['CPU', 'IO | MMU', 'Bri', 'Bus', 'nic0'];

describeBrowser('the picture', browser => {
  const site = useSite();

  test('the row has the order of the mail; each role stands under its part; so does the boundary', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'iommu', IOMMU);
    const titles = await placedIn(page, '.piece .title, .bus text');
    const at = (name: string): Placed => titles.find(one => one.text.startsWith(name)) ?? titles[0];
    const xs = ORDER.map(name => at(name).x);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    const roles = await placedIn(page, '.role');
    const role = (name: string): number => roles.find(one => one.text === name)?.x ?? 0;
    expect(Math.abs(role('Alloc') - at('CPU').x)).toBeLessThan(20);
    expect(Math.abs(role('Alloc + Compose') - at('IO').x)).toBeLessThan(20);
    expect(role('Store')).toBeGreaterThan(at('Bri').x);
    expect(role('Store')).toBeLessThan(role('Use'));
    expect(Math.abs(role('Use') - at('nic0').x)).toBeLessThan(60);
    const [boundary] = await placedIn(page, '.boundary');
    const [box] = await placedIn(page, '.piece.unit rect');
    expect(boundary.x).toBeGreaterThan(box.left);
    expect(boundary.x).toBeLessThan(box.right);
    await openText(page, 'basic', BASIC);
    const [edge] = await placedIn(page, '.boundary');
    const [bridge] = await placedIn(page, '.piece.bridge rect');
    expect(edge.x).toBeGreaterThan(bridge.left);
    expect(edge.x).toBeLessThan(bridge.right);
    await close();
  });

  test('guests stand above the hypervisor, the host below; their arrows reach it', async () => {
    const { page, close } = await open(browser(), site());
    for (const [text, arrow] of [
      [TRAP, 'Trap'],
      [HCALL, 'hypercall'],
    ]) {
      await openText(page, arrow, text);
      const [guest] = await placedIn(page, '.band.guest');
      const [middle] = await placedIn(page, '.hypervisor');
      const [host] = await placedIn(page, '.band.host');
      expect(guest.y).toBeLessThan(middle.y);
      expect(middle.y).toBeLessThan(host.y);
      expect((await placedIn(page, '.arrow text')).map(one => one.text)).toContain(arrow);
    }
    await close();
  });

  test('every verdict has a sign of its own shape, and a word', async () => {
    const { page, close } = await open(browser(), site(), {
      hash: '#1;s=teaching/tglx-iommu;e=50',
    });
    const signs = await page.evaluate(() =>
      [...document.querySelectorAll('.steps .fate-word')].map(word => ({
        word: word.textContent?.trim(),
        shape: word.querySelector('.mark')?.getAttribute('d'),
      })),
    );
    expect(signs.map(({ word }) => word)).toEqual(['delivered', 'blocked', 'blocked', 'delivered']);
    expect(signs[0].shape).not.toBe(signs[1].shape);
    await close();
  });

  test('a message fills, travels and becomes what it caused', async () => {
    const { page, close } = await open(browser(), site(), { hash: '#1;s=teaching/tglx-basic' });
    const cards = async (seq: number): Promise<string[]> => {
      await seek(page, seq);
      return page.locator('.card text').allTextContents();
    };
    const acts: string[] = await page.evaluate(
      () => window.irqscope?.run()?.data.trace.map(({ act }) => act) ?? [],
    );
    const first = (act: string): number => acts.indexOf(act);
    expect(await cards(first('alloc'))).toEqual(['p0 │ 0x21']);
    expect(await cards(first('compose'))).toEqual(['fee00000:00000021']);
    expect(await cards(first('emit'))).toEqual(['fee00000:00000021']);
    expect(await cards(first('deliver'))).toEqual(['delivered']);
    await close();
  });

  test('a card that stands for many is as wide as what it says', async () => {
    const hash = '#1;s=guests/ath11k-untrapped-store';
    const { page, close } = await open(browser(), site(), { hash });
    const last = await page.evaluate(() => window.irqscope?.run()?.data.trace.length ?? 0);
    await seek(page, last - 5);
    const many = page.locator('.card').filter({ hasText: ' × ' }).first();
    const [text, shape] = await Promise.all([
      many.locator('text').boundingBox(),
      many.locator('.shape').boundingBox(),
    ]);
    if (!text || !shape) throw new Error('no card stands for many');
    expect(text.x).toBeGreaterThanOrEqual(shape.x);
    expect(text.x + text.width).toBeLessThanOrEqual(shape.x + shape.width);
    await close();
  });

  test('a refusal is drawn as an outcome, at the layer that refused', async () => {
    const { page, close } = await open(browser(), site());
    await openText(page, 'no-hcall', NO_HCALL);
    const refusals = await page.evaluate(() => window.irqscope?.run()?.data.film.refusals ?? []);
    expect(refusals.length).toBeGreaterThan(0);
    await seek(page, refusals[0].seq);
    const card = page.locator('.card.refused');
    expect(await card.textContent()).toBe(`refused: ${refusals[0].error}`);
    expect(await page.locator('.markers .mark.refused').count()).toBe(refusals.length);
    const [box, layer] = await Promise.all([
      card.boundingBox(),
      page.locator('.slab.active').first().boundingBox(),
    ]);
    expect(Math.abs((box?.x ?? 0) - (layer?.x ?? 999))).toBeLessThan(80);
    await close();
  });

  test.each([320, 620, 1280])(
    'every text of the drawings is within them: %i pixels',
    async width => {
      const { page, close } = await open(browser(), site(), {
        context: { viewport: { width, height: 800 } },
      });
      for (const text of [BASIC, IOMMU, TRAP, HCALL, NO_HCALL, HIDDEN]) {
        await openText(page, `drawing ${text.length}`, text);
        await page.evaluate(() => window.irqscope?.actions.setView('mail'));
        const outside = await page.evaluate(() => {
          const frame = document.querySelector('.mail svg')?.getBoundingClientRect();
          return [...document.querySelectorAll('.mail-text')].flatMap(one => {
            const { left, right } = one.getBoundingClientRect();
            const isIn = frame && left >= frame.left - 1 && right <= frame.right + 1;
            return isIn ? [] : [one.textContent];
          });
        });
        expect(outside).toEqual([]);
        await page.evaluate(() => window.irqscope?.actions.setView('stage'));
      }
      await close();
    },
  );

  test.each([320, 480, 1280])('what a part holds is within its box: %i pixels', async width => {
    const { page, close } = await open(browser(), site(), {
      context: { viewport: { width, height: 800 }, reducedMotion: 'reduce' },
    });
    // Four CPUs, long names, three lines in a row, long states, more devices than have room.
    for (const id of [
      'guests/trap-03-read-back',
      'regressions/amd-01-pass-bits',
      'teaching/one-script',
      'guests/post-02-unpost',
    ]) {
      await page.evaluate(one => window.irqscope?.actions.openScenario(one), id);
      await page.waitForFunction(
        one => window.irqscope?.state().place.scenario === one && window.irqscope.run()?.complete,
        id,
      );
      await page.evaluate(() => window.irqscope?.actions.last());
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('.piece, .slab')].flatMap(part => {
          const box = part.querySelector('rect')?.getBoundingClientRect();
          return [...part.querySelectorAll('text')].flatMap(one => {
            const { left, right, width } = one.getBoundingClientRect();
            const isIn = box && left >= box.left - 1 && right <= box.right + 1;
            return isIn || width === 0 ? [] : [one.textContent];
          });
        }),
      );
      expect(outside, id).toEqual([]);
    }
    await close();
  });
});
