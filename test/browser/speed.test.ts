import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeBrowser } from './chromium.ts';
import { open, settled } from './page.ts';
import { useSite } from './site.ts';

/**
 * How quick the page is. The goals hold on a machine that does nothing else; tests run where others
 * run as well. So what the clock says is told, tried a few times, and fails only when it is beyond
 * all measure; what the page's own thread spends is what is judged.
 */
const TRIES = 3;
const CLOCK_SLACK = 20;
const CPU_SLACK = 2;

interface Measured {
  readonly name: string;
  readonly unit: string;
  /** Several tries; the best one counts. */
  readonly tries: readonly number[];
  readonly goal: number;
}

function judge({ name, unit, tries, goal }: Measured, slack: number): void {
  const best = Math.min(...tries);
  const list = tries.map(one => one.toFixed(1)).join(', ');
  console.info(`measured: ${name}: ${list} ${unit}; goal ${goal}${best <= goal ? '' : ' MISSED'}`);
  expect(best, name).toBeLessThanOrEqual(goal * slack);
}

const clock = (name: string, goal: number, tries: readonly number[]): void =>
  judge({ name, unit: 'ms', tries, goal }, CLOCK_SLACK);
const cpu = (name: string, goal: number, tries: readonly number[]): void =>
  judge({ name: `${name}, time of the thread`, unit: 'ms', tries, goal }, CPU_SLACK);

/** How much time the page's thread has had so far, in milliseconds, whatever else goes on. */
async function threadClock(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
}

const DEVICES = [0, 1, 2, 3];

/** Four devices whose interrupts are set up, and then raised. */
const scenario = (raises: readonly string[]): string => `irqscope: 1
name: many
title: many messages
platform: { preset: x86-vtd, cpus: 4 }
devices:
${DEVICES.map(i => `  nic${i}: { bdf: "00:0${i + 3}.0", store: msix }`).join('\n')}
steps:
${DEVICES.map(i => `  - allocate: { irq: nic${i}.0, cpu: p${i} }\n  - store: nic${i}.0`).join('\n')}
${raises.join('\n')}
`;

const THOUSAND = scenario(['  - raise: { irq: nic0.0, times: 1000 }']);
const LONG = scenario(
  DEVICES.map(i => `  - raise: { irq: nic${i}.0, times: 500 }\n    at: ${10 + i * 1000}us`),
);

/** Opens a text and says how long it took until the picture was there, in milliseconds. */
const openMs = (page: Page, name: string, text: string): Promise<number> =>
  page.evaluate(
    ([n, t]) =>
      new Promise<number>(resolve => {
        const start = performance.now();
        window.irqscope?.open(n, t);
        const look = (): void => {
          const hook = window.irqscope;
          const there = hook?.state().place.scenario === n && hook.state().load.kind === 'ready';
          if (there && document.querySelector('.piece')) resolve(performance.now() - start);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    [name, text],
  );

describeBrowser('speed', browser => {
  const site = useSite();

  test('1,000 messages on their way: the median frame and the 95th percentile', async () => {
    const { page, close } = await open(browser(), site());
    await openMs(page, 'thousand', THOUSAND);
    await settled(page);
    const medians: number[] = [];
    const ends: number[] = [];
    const spent: number[] = [];
    const thread = await threadClock(page);
    for (let i = 0; i < TRIES; i++) {
      const before = await thread();
      const { frames, most } = await page.evaluate(async () => {
        const hook = window.irqscope;
        const trace = hook?.run()?.data.trace ?? [];
        const last = trace.findLast(({ act }) => act === 'emit')?.seq ?? 0;
        hook?.seek(last);
        hook?.actions.togglePlay();
        const frames: number[] = [];
        let most = 0;
        let before = await new Promise(requestAnimationFrame);
        while (frames.length < 100 && hook?.state().playing) {
          const now = await new Promise(requestAnimationFrame);
          frames.push(now - before);
          before = now;
          const crowd = document.querySelector<SVGElement>('.crowd')?.dataset.count ?? 0;
          most = Math.max(most, document.querySelectorAll('.dot').length + Number(crowd));
        }
        if (hook?.state().playing) hook.actions.togglePlay();
        return { frames: frames.sort((a, b) => a - b), most };
      });
      expect(most).toBe(1000);
      spent.push(((await thread()) - before) / frames.length);
      medians.push(frames[frames.length >> 1]);
      ends.push(frames[Math.floor(frames.length * 0.95)]);
      if (medians[i] <= 16.8 && ends[i] <= 21) break;
    }
    clock('1,000 messages, median frame', 16.8, medians);
    clock('1,000 messages, 95th percentile', 21, ends);
    cpu('1,000 messages, a frame', 16.8, spent);
    await close();
  }, 60_000);

  test('a run of 10,000 records: opening, jumping about, memory', async () => {
    const { page, close } = await open(browser(), site());
    const opened: number[] = [];
    for (let i = 0; i < TRIES; i++) {
      opened.push(await openMs(page, `long${i}`, LONG));
      await settled(page);
      if (opened[i] <= 1000) break;
    }
    const length = await page.evaluate(() => window.irqscope?.run()?.data.trace.length ?? 0);
    expect(length).toBeGreaterThanOrEqual(10_000);
    clock(`opening ${length} records`, 1000, opened);
    const thread = await threadClock(page);
    const before = await thread();
    const jumps = await page.evaluate(async n => {
      const times: number[] = [];
      for (let i = 0; i < 60; i++) {
        const start = performance.now();
        window.irqscope?.seek((i * 7919) % n);
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b);
    }, length);
    clock('jumping to a record, 95th percentile', 50, [jumps[Math.floor(jumps.length * 0.95)]]);
    cpu('jumping to a record', 50, [((await thread()) - before) / jumps.length]);
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const used = [usedSize / 1024 / 1024];
    judge({ name: 'memory of the page', unit: 'MiB', tries: used, goal: 200 }, 1);
    await close();
  }, 60_000);

  test('the first view on a slow machine, and a step from key to picture', async () => {
    const context = await browser().newContext({ viewport: { width: 1280, height: 800 } });
    const largest: number[] = [];
    const keys: number[] = [];
    for (let i = 0; i < TRIES; i++) {
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await page.goto(`${site()}?test=1`);
      largest.push(
        await page.evaluate(
          () =>
            new Promise<number>(resolve => {
              new PerformanceObserver(list => {
                resolve(list.getEntries().at(-1)?.startTime ?? 0);
              }).observe({ type: 'largest-contentful-paint', buffered: true });
            }),
        ),
      );
      await page.goto(`${site()}?test=1#1;s=teaching/tglx-guest-hcall`);
      await settled(page);
      await page.locator('.piece[tabindex="0"]').focus();
      const times: number[] = [];
      for (let n = 0; n < 20; n++) {
        await page.evaluate(() => {
          addEventListener(
            'keydown',
            ({ timeStamp }) =>
              requestAnimationFrame(() =>
                requestAnimationFrame(() => {
                  document.body.dataset.paint = String(performance.now() - timeStamp);
                }),
              ),
            { once: true },
          );
        });
        await page.keyboard.press('ArrowRight');
        await page.waitForFunction(() => document.body.dataset.paint);
        times.push(Number(await page.evaluate(() => document.body.dataset.paint)));
        await page.evaluate(() => delete document.body.dataset.paint);
      }
      keys.push(times.sort((a, b) => a - b)[18]);
      await page.close();
      if (largest[i] <= 1500 && keys[i] <= 100) break;
    }
    clock('largest paint, 4 × slower', 1500, largest);
    clock('a step from key to picture, 4 × slower, 95th percentile', 100, keys);
    await context.close();
  }, 90_000);
});
