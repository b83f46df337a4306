import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';
import { contentPolicy } from './web/build/content-policy.ts';
import { hollow } from './web/build/hollow.ts';
import { offline, SERVICE_WORKER } from './web/build/offline.ts';
import { readySchema } from './web/build/ready-schema.ts';
import { scenarioList } from './web/build/scenario-list.ts';
import { scenarioSchemaModule } from './web/build/scenario-schema.ts';
import { singleFile } from './web/build/single-file.ts';

const ROOT = import.meta.dirname;

/** The command line: one file that Node runs. */
const CLI: UserConfig = {
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'dist/cli',
    // A build beside a running program must not take its file away for a moment.
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rollupOptions: {
      output: {
        entryFileNames: 'irqscope.js',
        banner: '#!/usr/bin/env node',
        // V8 folds `const` constants into machine code, but not the `var` vite makes of them.
        topLevelVar: false,
      },
    },
  },
  ssr: { noExternal: true },
};

/** The page uses a few functions of the simulator; its modules do nothing when loaded. */
const TREESHAKE = { moduleSideEffects: (id: string) => !id.startsWith(join(ROOT, 'src')) };

/** Of the generators the library brings only the one that is used. */
const SLIM = [{ find: /^seedrandom$/, replacement: 'seedrandom/seedrandom.js' }];

/** The viewer: static files that work under any path. */
const WEB: UserConfig = {
  root: join(ROOT, 'web'),
  base: './',
  resolve: { alias: SLIM },
  plugins: [
    readySchema(),
    hollow(),
    scenarioList(join(ROOT, 'scenarios')),
    scenarioSchemaModule(),
    contentPolicy(),
    offline(),
  ],
  build: {
    outDir: join(ROOT, 'dist', 'web'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The simulator and the editor are loaded after the page.
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      treeshake: TREESHAKE,
      input: {
        index: join(ROOT, 'web', 'index.html'),
        offline: join(ROOT, 'web', 'offline', 'service-worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) =>
          name === 'offline' ? SERVICE_WORKER : 'assets/[name]-[hash].js',
      },
    },
  },
  worker: {
    format: 'es',
    plugins: () => [readySchema(), hollow()],
    rollupOptions: { treeshake: TREESHAKE },
  },
};

/** The viewer as one file, into which the command line puts a scenario. */
const SINGLE: UserConfig = {
  ...WEB,
  publicDir: false,
  plugins: [readySchema(), hollow(), singleFile()],
  build: {
    ...WEB.build,
    // Beside the pages of the other build, which comes first.
    emptyOutDir: false,
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      treeshake: TREESHAKE,
      // The helper that loads further files asks where it is; here there are none to load.
      checks: { emptyImportMeta: false },
      input: join(ROOT, 'web', 'single', 'main.ts'),
      output: { format: 'iife', codeSplitting: false },
    },
  },
};

const CONFIGS: Readonly<Record<string, UserConfig>> = { cli: CLI, single: SINGLE };

/** `--mode cli` bundles the command line, `--mode single` the page in one file; else the viewer. */
export default defineConfig(({ mode }) => CONFIGS[mode] ?? WEB);
