import { configDefaults, defineConfig } from 'vitest/config';
import { leftOutReporter } from './test/left-out.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/bench/**'],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/setup.ts'],
    reporters: ['default', leftOutReporter],
    maxWorkers: '100%',
    // Pages and machines are slow where many tests run at once.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
