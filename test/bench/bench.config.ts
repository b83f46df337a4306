import { defineConfig } from 'vite';

/** Builds the benchmark for node: plain files, nothing between them and the engine. */
// biome-ignore lint/style/noDefaultExport: vite reads it
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist/bench',
    target: 'node20',
    rolldownOptions: {
      input: ['test/bench/main.ts', 'test/bench/contender.ts'],
      // V8 folds `const` constants into machine code, but not the `var` vite makes of them: 4 %.
      output: { topLevelVar: false },
    },
  },
});
