import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findScenarios, readRelative, readText } from '../../src/cli/files.ts';
import { runScenario } from '../../src/runner/run-scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { describeBrowser } from './chromium.ts';
import { type Site, serve } from './site.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What a variant came to, by its id. */
type Hashes = Readonly<Record<string, string>>;

/** What the library offers to a page, as far as the test needs it. */
type Library = Pick<typeof import('../../src/index.ts'), 'loadScenario' | 'runScenario'>;

declare global {
  interface Window {
    library?: Library;
  }
}

const PAGE = `<!doctype html><title>hashes</title>
<script type="module">import * as library from './irqscope.js'; window.library = library;</script>`;

const files = findScenarios(['scenarios']);

function hashesHere(): Hashes {
  return Object.fromEntries(
    files.flatMap(file =>
      loadScenario(file, readText(file), readRelative).scenarios.map(scenario => {
        const { id, traceHash } = runScenario(scenario);
        return [`${file} ${id}`, traceHash];
      }),
    ),
  );
}

describeBrowser('the same code in a browser', browser => {
  const folder = mkdtempSync(join(tmpdir(), 'irqscope-hashes-'));
  let site: Site | null = null;
  beforeAll(async () => {
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'silent',
      publicDir: false,
      define: { 'process.env.NODE_ENV': '"production"' },
      build: {
        outDir: folder,
        emptyOutDir: false,
        lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'irqscope' },
      },
      resolve: { alias: [{ find: /^seedrandom$/, replacement: 'seedrandom/seedrandom.js' }] },
    });
    writeFileSync(join(folder, 'index.html'), PAGE);
    site = await serve(folder);
  }, 60_000);
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true });
  });

  test('gives the same trace hashes for every variant of every scenario', async () => {
    const page = await browser().newPage();
    await page.goto(site?.url ?? '');
    await page.waitForFunction(() => window.library);
    const texts = files.map(file => [file, readText(file)] as const);
    // Paths of the files that others extend, worked out where there is a library for it.
    const bases = files.flatMap(file => {
      const path = /^extends: (\S+)$/m.exec(readText(file))?.[1];
      return path ? [[`${file} ${path}`, posix.join(posix.dirname(file), path)] as const] : [];
    });
    const there = await page.evaluate(
      ([scripts, extended]) => {
        const { library } = window;
        if (!library) throw new Error('the library is not there');
        const known = new Map(scripts);
        const paths = new Map(extended);
        const found: Record<string, string> = {};
        for (const [file, text] of scripts) {
          const { scenarios } = library.loadScenario(file, text, (path, from) => {
            const base = paths.get(`${from} ${path}`) ?? '';
            return { file: base, text: known.get(base) ?? '' };
          });
          for (const scenario of scenarios) {
            const { id, traceHash } = library.runScenario(scenario);
            found[`${file} ${id}`] = traceHash;
          }
        }
        return found;
      },
      [texts, bases] as const,
    );
    const here = hashesHere();
    expect(Object.keys(here).length).toBeGreaterThan(80);
    expect(there).toEqual(here);
    await page.close();
  }, 120_000);
});
