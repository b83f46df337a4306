import fc from 'fast-check';

/**
 * Property tests draw the same cases every time, so that a change alone turns a test red.
 * `TEST_SEED=random` or another number draws others. `TEST_QUICK=1` ends each of them after a few
 * seconds, with as many cases as it got to.
 */
const asked = process.env.TEST_SEED ?? '20201107';
const QUICK_MS = 4000;
fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  ...(asked !== 'random' && { seed: Number(asked) }),
  ...(process.env.TEST_QUICK === '1' && { interruptAfterTimeLimit: QUICK_MS }),
});
