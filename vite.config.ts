import { defineConfig } from 'vite';

/** `--mode cli` bundles the command line; the rest is the viewer. */
export default defineConfig(({ mode }) =>
  mode === 'cli'
    ? {
        build: {
          ssr: 'src/cli/main.ts',
          outDir: 'dist/cli',
          target: 'node20',
          minify: false,
          rollupOptions: {
            output: { entryFileNames: 'irqscope.js', banner: '#!/usr/bin/env node' },
          },
        },
        ssr: { noExternal: true },
      }
    : {},
);
