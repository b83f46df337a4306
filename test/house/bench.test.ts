import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { GOALS } from '../bench/goals.ts';
import { hold } from '../bench/hold.ts';
import { runMsi64Kernel } from '../bench/msi64-kernel.ts';
import { LEVELS, runMsi64Machine } from '../bench/msi64-machine.ts';
import { runMsi64Simjs } from '../bench/msi64-simjs.ts';
import { describeWith } from '../tools.ts';
import { ROOT, readSource } from './source.ts';

/*
 * What the benchmark compares is the same work: small runs of every contender, without a look at
 * the clock.
 */

const EVENTS = 20_000;
const MACHINE_EVENTS = 4000;
const folder = mkdtempSync(join(tmpdir(), 'irqscope-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const kernel = runMsi64Kernel(EVENTS);

test('the layered API and simjs agree on msi64', () => {
  expect(kernel.events).toBe(EVENTS);
  expect(kernel.check).not.toBe(0);
  expect(runMsi64Simjs(EVENTS).check).toBe(kernel.check);
});

describeWith('cc', 'the limit', cc => {
  test('agrees on msi64', () => {
    const program = join(folder, 'msi64');
    execFileSync(cc, ['-O1', '-o', program, join(ROOT, 'test/bench/c/msi64.c'), '-lm']);
    const [, events, check] = execFileSync(program, [`${EVENTS}`], { encoding: 'utf8' })
      .trim()
      .split(' ')
      .map(Number);
    expect({ events, check }).toEqual({ events: EVENTS, check: kernel.check });
  });
});

test('the whole machine does the same at every level of trace, and again', () => {
  const runs = LEVELS.map(level => runMsi64Machine(level, MACHINE_EVENTS));
  const [first, ...others] = [...runs, ...runs].map(run => run());
  expect(first.events).toBe(MACHINE_EVENTS);
  for (const { events, check } of others)
    expect({ events, check }).toEqual({ events: MACHINE_EVENTS, check: first.check });
});

test('the hold model keeps as many events pending', () => {
  const few = hold(10, 1000, EVENTS);
  expect(hold(10, 1000, EVENTS).check).toBe(few.check);
  expect(hold(1000, 1000, EVENTS).events).toBe(EVENTS);
});

test('where each goal stands is written down', () => {
  const { text } = readSource('test/bench/README.md');
  const named = [...text.matchAll(/^\| (P\d+) /gm)].map(([, id]) => id);
  expect([...new Set(named)]).toEqual(GOALS.map(({ id }) => id));
});
