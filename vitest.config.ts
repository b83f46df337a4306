import { configDefaults, defineConfig } from 'vitest/config';
import { leftOutReporter } from './test/left-out.ts';

/** What `TEST_QUICK=1` leaves out: pages, other programs, and whatever takes long. */
const LONG = ['test/{browser,cli,spin}/**', 'test/explore/matrix.test.ts'];

if (process.env.TEST_QUICK === '1') console.log(`TEST_QUICK=1 leaves out ${LONG.join(' and ')}`);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      'test/bench/**',
      ...(process.env.TEST_QUICK === '1' ? LONG : []),
    ],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/setup.ts'],
    reporters: ['default', leftOutReporter],
    maxWorkers: '100%',
    // Pages and machines are slow where many tests run at once.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
