import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { CLI, runCli } from './cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'irqscope-view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = `irqscope: 1
name: shown
title: "</script><b>a title that could end an element</b>"
platform: { preset: x86-bare }
devices:
  nic0: { bdf: "00:03.0", store: msi }
steps:
  - allocate: { irq: nic0.0, cpu: p0 }
vary:
  a: { one: {}, two: {} }
`;
writeFileSync(join(folder, 'shown.yaml'), TEXT);

let running: ChildProcess | null = null;
afterEach(() => {
  running?.kill('SIGKILL');
  running = null;
});

/** Starts `irqscope view` and waits for the address it prints. */
async function view(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [CLI, 'view', '--no-open', ...args], { cwd: folder });
  running = child;
  return new Promise((resolve, reject) => {
    child.stdout.once('data', data => resolve(String(data).trim()));
    child.once('exit', code => reject(new Error(`it ended with ${code}`)));
  });
}

describe('irqscope view', () => {
  test('serves the page with the file in it, on this machine alone', async () => {
    const url = await view('shown.yaml');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await (await fetch(url)).text();
    const [, json] =
      /<script type="application\/json" id="opened">(.*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      file: 'shown.yaml',
      text: TEXT,
      at: 'start',
      live: true,
    });
    const opened = await (await fetch(`${url}opened.json`)).json();
    expect(opened).toEqual(JSON.parse(json));
    expect((await fetch(`${url}icon.svg`)).headers.get('content-type')).toBe('image/svg+xml');
    for (const path of ['no-such-file.js', '..%2f..%2fpackage.json', 'assets'])
      expect((await fetch(url + path)).status, path).toBe(404);
  });

  test('answers nobody who calls it by another name', async () => {
    const url = new URL(await view('shown.yaml'));
    const status = await new Promise(resolve => {
      request(
        {
          host: '127.0.0.1',
          port: url.port,
          path: '/opened.json',
          headers: { host: 'evil.example' },
        },
        answer => resolve(answer.statusCode),
      ).end();
    });
    expect(status).toBe(403);
  });

  test('tells the page when the file has changed', async () => {
    const url = await view('shown.yaml');
    const events = await fetch(`${url}opened/events`);
    const reader = events.body?.getReader();
    const decoder = new TextDecoder();
    let heard = '';
    const wait = async (): Promise<void> => {
      while (!heard.includes('data: changed')) {
        const part = await reader?.read();
        if (!part || part.done) return;
        heard += decoder.decode(part.value);
      }
    };
    setTimeout(() => writeFileSync(join(folder, 'shown.yaml'), TEXT.replace('a title', 'one')), 50);
    await wait();
    const opened = (await (await fetch(`${url}opened.json`)).json()) as { text: string };
    expect(opened.text).toContain('one that could end');
    writeFileSync(join(folder, 'shown.yaml'), TEXT);
    await reader?.cancel();
  });

  test('begins with the variant that is asked for', async () => {
    const url = await view('shown.yaml', '--cell', 'a=two');
    expect(await (await fetch(`${url}opened.json`)).json()).toMatchObject({ cell: { a: 'two' } });
  });

  test('without a file it serves those that come with the program, and ends when it is told', async () => {
    const url = await view();
    expect(await (await fetch(url)).text()).not.toContain('id="opened"');
    expect((await fetch(`${url}opened.json`)).status).toBe(404);
    const child = running;
    const code = new Promise(resolve => child?.once('exit', resolve));
    child?.kill('SIGINT');
    expect(await code).toBe(0);
  });
});

test.each([
  [['view', 'no-such.yaml', '--no-open'], 'there is no file no-such.yaml'],
  [['view', '--port', 'x'], '--port takes a number'],
  [
    ['view', 'scenarios/teaching/tglx-basic.yaml', '--cell', 'x=y', '--no-open'],
    'has no variant x=y',
  ],
  [['run', '--reporter', 'htm'], 'there is no reporter'],
])('%s is the caller’s mistake', (args, words) => {
  const { code, stderr } = runCli(args);
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});
